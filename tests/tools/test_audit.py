"""Licences and known vulnerabilities of what the image installs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import ClassVar

import pytest

from tools import audit


class _Database(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked[:] = [one["package"]["name"] for one in body["queries"]]
        results = [{"vulns": [{"id": "PYSEC-1"}]} if n == "b" else {} for n in self.asked]
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"results": results}).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def database() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Database)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_known_vulnerability_is_told(database: str) -> None:
    assert audit.vulnerabilities({"a": "1", "b": "2"}, database) == ["b 2: PYSEC-1"]
    assert _Database.asked == ["a", "b"]


def test_a_database_that_is_away_is_an_os_error() -> None:
    with pytest.raises(OSError, match="refused"):
        audit.vulnerabilities({"a": "1"}, "http://127.0.0.1:9/")


def test_all_that_the_image_installs_is_free() -> None:
    packages = dict(audit._PINNED.findall(audit.LOCK.read_text("utf-8")))
    assert len(packages) > 50
    assert list(audit.licences(packages)) == []


@pytest.mark.parametrize(
    ("stated", "free"),
    [("MIT", True), ("GPL-3.0-only", False), ("", False), ("MPL-1.1 OR LGPL-2.1", True)],
)
def test_a_licence_with_conditions_or_without_a_name_is_told(
    stated: str, free: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "_licence", lambda _: stated)
    assert (list(audit.licences({"pytest": "1"})) == []) == free
