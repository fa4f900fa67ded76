"""Checking a stream of pairs: one result a line, in order, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import check_pairs

RULES = GroundingRules()
SOURCE = "Calder Rail lost $2.56 billion in spring. Mara Lindqvist runs it."


def _line(number: int, text: str, **more: object) -> str:
    return json.dumps({"id": number, "source": SOURCE, "text": text, "cleaned": True} | more)


def test_each_line_gives_its_findings() -> None:
    right, wrong = check_pairs(
        [_line(1, "Calder Rail lost $2.56 billion."), _line(2, "Calder Rail lost $2.65 billion.")],
        RULES,
    )
    assert right == {"id": 1, "findings": []}
    (finding,) = wrong["findings"]
    assert set(finding) == {"code", "severity", "message", "span", "evidence"}
    assert (finding["code"], finding["span"]) == ("G102", [17, 30])


@pytest.mark.slow
def test_many_lines_come_back_in_order_from_all_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No process imports a module of the working folder, which may be a stranger's."""
    (tmp_path / "signal.py").write_text("raise SystemExit('a stranger ran this')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    lines = (_line(n, f"Calder Rail lost ${n % 90 + 3} million.") for n in range(450))
    results = list(check_pairs(lines, RULES, workers=2))
    assert [result["id"] for result in results] == list(range(450))
    assert all(result["findings"] for result in results)


@pytest.mark.slow
def test_lines_are_read_only_as_fast_as_they_are_judged() -> None:
    read = 0

    def lines() -> Iterator[str]:
        nonlocal read
        for n in range(2_000):
            read += 1
            yield _line(n, "Mara Lindqvist runs it.")

    results = check_pairs(lines(), RULES, workers=1)
    next(results)
    assert read < 1_000
    results.close()  # type: ignore[attr-defined]


def test_a_line_that_is_no_pair_is_named_and_the_rest_goes_on() -> None:
    strange_id = '{"id": NaN, "source": "x", "text": "y"}'
    bad = ["{", "", json.dumps({"id": 3, "text": "x"}), strange_id]
    broken, missing, strange, good = check_pairs([*bad, _line(5, "Mara Lindqvist runs it.")], RULES)
    assert strange == {"id": None, "error": "line 4: id: text is wanted, not nan"}
    assert broken["error"].startswith("line 1: not a pair")
    assert missing["error"].startswith("line 3: source")
    assert good == {"id": 5, "findings": []}


@pytest.mark.parametrize(
    ("line", "known"),
    [
        ('{"id": "a7", "source": 5, "text": "x"}', "a7"),
        ('{"id": 7, "text": "x"}', 7),
        ('{"id": 7, "source": "x", "text": "y", "more": 1}', 7),
        ('{"id": "caf\udce9", "source": "x", "text": "y"}', "caf?"),
        ('{"id": [7], "source": "x", "text": "y"}', None),
        ("[" * 10_000, None),
        ('{"id": 7, "source', None),
    ],
)
def test_a_line_that_is_no_pair_keeps_its_id_where_one_can_be_read(
    line: str, known: str | int | None
) -> None:
    (result,) = check_pairs([line], RULES)
    assert result["id"] == known
    assert result["error"].startswith("line 1: ")


@pytest.mark.parametrize("part", ["source", "text"])
def test_what_is_longer_than_an_article_is_refused_and_says_so(part: str) -> None:
    whole = {"source": SOURCE, "text": "It ended."} | {part: "$1." * 200_000}
    (result,) = check_pairs([json.dumps({"id": 1, "cleaned": True} | whole)], RULES)
    assert result["error"].startswith(f"line 1: {part}: 600,000 characters in 1 lines are too many")


def test_codes_can_be_selected() -> None:
    line = _line(1, "Boris Karlov lost $2.65 billion.")
    (every,) = check_pairs([line], RULES)
    (names,) = check_pairs([line], RULES, select=("G2",))
    assert {f["code"] for f in every["findings"]} == {"G102", "G201"}
    assert {f["code"] for f in names["findings"]} == {"G201"}


def test_a_raw_source_goes_through_the_cleaner() -> None:
    raw = f"Calder Rail loses money\n\n{SOURCE}\n\nRelated Reads\n\nOther firm gains $9 million"
    (result,) = check_pairs([_line(1, "It gains $9 million.", source=raw, cleaned=False)], RULES)
    assert {f["severity"] for f in result["findings"]} == {"error"}


def test_an_empty_raw_source_is_an_error_of_its_line() -> None:
    (result,) = check_pairs([_line(7, "Nothing.", source="", cleaned=False)], RULES)
    assert result["id"] == 7
    assert "line 1" in result["error"]
