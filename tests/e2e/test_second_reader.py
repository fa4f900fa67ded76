"""The second reader over HTTP: read by default, by a provider of its own, stored, and told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rewriter.state import State, records
from tests import articles
from tests.provider import Provider
from tests.test_cli import run

GOOD = articles.rewrite()
_WORDS = " ".join(GOOD.overview.split()[:3])


def _content(answer: object) -> dict[str, str]:
    return {"content": json.dumps(answer)}


def _fault() -> dict[str, object]:
    return {
        "faults": [
            {
                "r": 1,
                "words": _WORDS,
                "kind": "subject",
                "s": [1],
                "verdict": "contradicted",
                "why": "somebody else",
                "sure": 96,
                "fix": "",
            }
        ]
    }


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "ferries.txt"
    path.write_text("\n\n".join([articles.source().title, *articles.PARAGRAPHS]))
    return path


def test_a_fault_is_caught_repaired_read_again_and_published(
    article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REWRITER_READER")
    repair = {"overview": f"Yesterday {GOOD.overview}"}
    with Provider() as provider:
        steps = [GOOD.model_dump(mode="json"), _fault(), repair, {"faults": []}]
        provider.script([_content(step) for step in steps])
        where = ("--out", str(article.parent / "out"), "--base-url", provider.base_url)
        done = run("rewrite", str(article), *where)
        assert done.returncode == 0, done.stdout + done.stderr
        assert len(provider.calls) == len(steps)
        assert "reads each rewrite a second time" in done.stderr
        again = run("rewrite", str(article), *where, "--force")
        assert again.returncode == 0, again.stdout + again.stderr
        assert len(provider.calls) == len(steps)  # all four answers were stored
    record = next(records.every(State(root=article.parent).records))
    assert record.reading is not None
    assert (record.reading.readings, record.reading.reported) == (2, 1)
    assert [finding.code for finding in record.repaired] == ["R102"]
    assert record.attempts == len(steps)


def test_what_stays_wrong_is_held(article: Path) -> None:
    kept = {"overview": GOOD.overview}
    with Provider() as provider:
        steps = [GOOD.model_dump(mode="json"), _fault(), kept, _fault()]
        provider.script([_content(step) for step in steps])
        where = ("--out", str(article.parent / "out"), "--base-url", provider.base_url)
        done = run("rewrite", str(article), *where, "--reader", "on")
        assert done.returncode == 1
        assert "R102" in done.stdout
        assert articles.source().sentences[0].text in done.stdout
        assert len(provider.calls) == len(steps)
    assert not (article.parent / "out" / "ferries.md").exists()


def test_a_reader_of_another_provider_is_asked_there(article: Path) -> None:
    with Provider() as writer, Provider() as reader:
        (article.parent / "rewriter.toml").write_text(
            f'base_url = "{writer.base_url}"\nreader_model = "other"\n'
            f'reader_base_url = "{reader.base_url}"\n'
        )
        done = run(
            "rewrite",
            article.name,
            "--out",
            "out",
            cwd=article.parent,
            settings={
                "OPENAI_API_KEY": "k1",
                "REWRITER_READER_API_KEY": "k2",
                "REWRITER_READER": "on",
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert {call.body["model"] for call in reader.calls} == {"other"}
        assert {call.headers["Authorization"] for call in reader.calls} == {"Bearer k2"}
        assert {call.headers["Authorization"] for call in writer.calls} == {"Bearer k1"}
