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


def _fault(words: str = _WORDS, sentence: int = 2) -> dict[str, object]:
    """A fault in the overview, which is read behind the headline."""
    return {
        "faults": [
            {
                "r": sentence,
                "words": words,
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
        steps = [GOOD.model_dump(mode="json"), _fault(), kept, _fault(sentence=1)]
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
        (article.parent / "rewriter.toml").write_text('reader_model = "other"\n')
        done = run(
            "rewrite",
            article.name,
            "--out",
            "out",
            cwd=article.parent,
            settings={
                "OPENAI_API_KEY": "k1",
                "REWRITER_BASE_URL": writer.base_url,
                "REWRITER_READER_API_KEY": "k2",
                "REWRITER_READER_BASE_URL": reader.base_url,
                "REWRITER_READER": "on",
            },
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert {call.body["model"] for call in reader.calls} == {"other"}
        assert {call.headers["Authorization"] for call in reader.calls} == {"Bearer k2"}
        assert {call.headers["Authorization"] for call in writer.calls} == {"Bearer k1"}


RAW = "Calder Rail sued Otway Bus in spring. Otway Bus denied all blame."
WRONG = "In spring, Otway Bus sued Calder Rail."


def test_a_finished_text_is_read_where_that_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "raw.txt").write_text(RAW)
    (tmp_path / "text.md").write_text(WRONG)
    (tmp_path / "other.md").write_text("Otway Bus denied all blame.")
    check = ("check", "text.md", "other.md", "--source", "raw.txt", "--root", ".")
    assert run(*check, cwd=tmp_path).returncode == 0
    with Provider() as provider:
        provider.script(
            [_content(_fault("Otway Bus sued Calder Rail", 1)), _content({"faults": []})]
        )
        asking = (*check, "--reader", "on", "--base-url", provider.base_url)
        settings = {"REWRITER_CONCURRENCY": "1"}
        done = run(*asking, cwd=tmp_path, settings=settings)
        assert done.returncode == 1, done.stderr
        assert "text.md:1:12: R102 error: " in done.stdout
        assert 'source: "Calder Rail sued Otway Bus in spring."' in done.stdout
        assert "2 answers, 0 of them stored" in done.stderr
        assert "2 checked, 1 error" in done.stderr
        # A rule finds the exchange, too, as a warning.
        again = run(*asking, "--ignore", "R102,G204", cwd=tmp_path, settings=settings)
        assert (again.returncode, again.stdout) == (0, "")
        assert "2 answers, 2 of them stored; 0 tokens in, 0 out, $0.0000" in again.stderr
        assert len(provider.calls) == 2


def test_pairs_are_read_in_order(tmp_path: Path) -> None:
    pairs = [{"id": n, "source": RAW, "text": f"{WRONG} Chapter {n}."} for n in range(1, 7)]
    lines = [json.dumps(pair) for pair in pairs]
    (tmp_path / "pairs.jsonl").write_text("\n".join([*lines[:3], "", "no pair", *lines[3:]]))
    with Provider() as provider:
        provider.script([_content(_fault("Otway Bus", 1))] * len(pairs))
        done = run(
            *("check", "--jsonl", "pairs.jsonl", "--root", ".", "--select", "R1"),
            *("--reader", "on", "--base-url", provider.base_url),
            cwd=tmp_path,
        )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in found] == [1, 2, 3, None, 4, 5, 6]
    assert [[f["code"] for f in one["findings"]] for one in found if one["id"]] == [["R102"]] * 6
    assert found[0]["findings"][0]["evidence"] == "Calder Rail sued Otway Bus in spring."
    assert done.returncode == 4  # the line that is no pair


def test_a_reader_that_fails_is_told_and_costs_no_finding(tmp_path: Path) -> None:
    (tmp_path / "raw.txt").write_text(RAW)
    (tmp_path / "text.md").write_text(f"{WRONG} It cost 7 million.")
    check = ("check", "text.md", "--source", "raw.txt", "--root", ".", "--reader", "on")
    with Provider() as provider:
        provider.script(["unauthorized"])
        done = run(*check, "--base-url", provider.base_url, cwd=tmp_path)
    assert done.returncode == 3
    assert "G10" in done.stdout
    assert "text.md: not read a second time: " in done.stderr
    assert run(*check, cwd=tmp_path).returncode == 2  # no model
