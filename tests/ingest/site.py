"""A site on the loopback: pages by path, with what was asked of it and when."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Serves `pages`; a page may be a status code, or a path to redirect to in front of `->`."""

    def __init__(self) -> None:
        self.pages: dict[str, str | bytes | int] = {}
        self.asked: list[tuple[str, str]] = []
        self.busiest = 0
        self.delay = 0.0
        self._busy = 0
        self._lock = threading.Lock()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self._busy += 1
            self.busiest = max(self.busiest, self._busy)
        if request.path != "/robots.txt":
            time.sleep(self.delay)
        condition = request.headers.get("If-None-Match", "")
        self.asked.append((request.path, condition))
        page = self.pages.get(request.path, 404)
        if isinstance(page, str):
            page = page.replace("{site}", self.url).encode()
        with self._lock:
            self._busy -= 1
        self._send(request, page, condition)

    def _send(self, request: BaseHTTPRequestHandler, page: bytes | int, condition: str) -> None:
        if isinstance(page, int):
            request.send_response(page)
            request.end_headers()
        elif page.startswith(b"->"):
            request.send_response(302)
            request.send_header("Location", page[2:].decode())
            request.end_headers()
        else:
            tag = hashlib.sha256(page).hexdigest()[:8]
            request.send_response(304 if condition == tag else 200)
            request.send_header("ETag", tag)
            request.end_headers()
            if condition != tag:
                request.wfile.write(page)


@contextmanager
def site() -> Iterator[Site]:
    served = Site()
    thread = threading.Thread(target=served.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        served.server.server_close()
        thread.join()
