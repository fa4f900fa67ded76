"""A reader's report becomes findings where its words stand in the sentence that it names."""

from __future__ import annotations

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.article import Passage, Section, Sentence, Severity, Source
from rewriter.checks.catalogue import CATALOGUE
from rewriter.checks.reader import (
    CODES,
    Dropped,
    Fault,
    ReaderFinding,
    Reading,
    judge,
    sentences_of,
)
from rewriter.completion.answer import read_reading
from rewriter.errors import MalformedAnswerError
from rewriter.prompting import reader_prompt
from rewriter.rules import FaultKind, GroundingRules

RULES = reader_prompt.load().rules
TOLD = ("Der Hafen kaufte die Werft im Mai.", "Ines Vold prüft die Bücher.")
SOURCE = Source(
    kind="text",
    title="Werft",
    paragraphs=TOLD,
    sentences=tuple(
        Sentence(id=f"s{n}", text=text, place="text", index=n) for n, text in enumerate(TOLD)
    ),
)


def _judge(
    text: str,
    *faults: Fault,
    section: Section = "overview",
    grounding: GroundingRules | None = None,
) -> tuple[tuple[ReaderFinding, ...], Dropped]:
    sentences = sentences_of([Passage(section, "paragraph 1", text)], "de")
    reading = Reading(faults=faults)
    return judge(reading, sentences, SOURCE, RULES, grounding or GroundingRules())


def _fault(words: str, **fields: object) -> Fault:
    usual = {"r": 1, "kind": "direction", "s": [1], "verdict": "contradicted", "why": "it bought"}
    return Fault.model_validate({**usual, "words": words, "sure": 90, **fields})


def test_a_finding_has_its_place_and_quotes_the_source() -> None:
    text = "Es ist Mai. Der Hafen verkaufte die Werft."
    (found,), _ = _judge(text, _fault("verkaufte", r=2))
    finding = found.finding
    assert (finding.code, finding.severity, finding.evidence) == ("R110", "error", TOLD[0])
    assert finding.span is not None
    assert text[slice(*finding.span)] == "verkaufte"
    assert TOLD[0] in str(finding)
    assert "it bought" in finding.message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Er sagte: „Wir verkaufen“, und ging.", '"Wir verkaufen", und'),
        ("Elle dit « vendu » hier.", 'dit "vendu'.replace('"', "« ")),
        ("It’s sold\u00a0now.", "It's sold now"),
        ("They sold it.", '"sold it."'),
        ("A 10–12 week sale.", "10-12 week"),
        ("«Завод» продан.", '"Завод" продан'),
        ("他说“卖了”。", '"卖了"'),
    ],
)
def test_white_space_quotation_marks_and_dashes_may_differ(text: str, words: str) -> None:
    found, dropped = _judge(text, _fault(words))
    assert len(found) == 1
    assert dropped == Dropped()


@pytest.mark.parametrize(
    ("text", "words", "at"),
    [
        ("Es sind 15 Kisten und 5 Fässer.", "5", 22),
        ("Der Verkauf stockt, der Kauf ebenso.", "Kauf", 24),
        ("出口额为1500亿元。", "500", 5),
    ],
)
def test_words_are_whole_words_where_the_sentence_has_them(text: str, words: str, at: int) -> None:
    (found,), _ = _judge(text, _fault(words))
    assert found.finding.span == (at, at + len(words))


@pytest.mark.parametrize("fault", [_fault("kaufte nie"), _fault("sold", r=0), _fault("sold", r=2)])
def test_what_is_not_in_its_sentence_is_dropped_and_counted(fault: Fault) -> None:
    assert _judge("They sold it.", fault) == ((), Dropped(unanchored=1))


def test_what_is_not_sure_or_one_too_many_is_dropped_and_counted() -> None:
    text = " ".join(f"w{n:02}" for n in range(RULES.findings + 2)) + "."
    faults = [_fault(f"w{n:02}", sure=60 + n) for n in range(RULES.findings + 2)]
    found, dropped = _judge(text, *faults, _fault("w00", sure=RULES.sure - 1, kind="other"))
    assert len(found) == RULES.findings
    assert dropped == Dropped(unsure=1, surplus=2)
    assert all('"w00"' not in one.finding.message for one in found)


def test_the_same_fault_is_told_once() -> None:
    found, _ = _judge("They sold it.", _fault("sold"), _fault("sold", sure=80))
    assert len(found) == 1


@pytest.mark.parametrize(
    ("section", "verdict", "severity"),
    [
        ("overview", "absent", "error"),
        ("impact", "absent", "warning"),
        ("from_author", "absent", "warning"),
        ("impact", "contradicted", "error"),
    ],
)
def test_section_and_verdict_decide_the_severity(
    section: Section, verdict: str, severity: Severity
) -> None:
    (found,), _ = _judge("They sold it.", _fault("sold", verdict=verdict), section=section)
    assert found.finding.severity == severity


def test_a_contradiction_by_no_sentence_is_only_not_borne_out() -> None:
    (found,), _ = _judge("They sold it.", _fault("sold", s=[7]), section="impact")
    assert (found.finding.severity, found.finding.evidence) == ("warning", None)


def test_the_articles_own_rules_change_a_severity_or_switch_a_code_off() -> None:
    softer = GroundingRules(severity={"R110": "info"})
    (found,), _ = _judge("They sold it.", _fault("sold"), grounding=softer)
    assert found.finding.severity == "info"
    assert (
        _judge("They sold it.", _fault("sold"), grounding=GroundingRules(ignore=("R110",)))[0] == ()
    )


@pytest.mark.parametrize("kind", get_args(FaultKind))
def test_each_kind_has_a_code_in_the_catalogue_and_is_asked_for(kind: FaultKind) -> None:
    assert CODES[kind] in CATALOGUE
    assert kind in RULES.kinds


def test_an_unknown_kind_is_another_fault() -> None:
    (found,), _ = _judge("They sold it.", _fault("sold", kind="tone"))
    assert found.finding.code == "R116"


@pytest.mark.parametrize(
    "answer",
    [{}, {"faults": [{"r": 1}]}, {"faults": "none"}, {"faults": [], "more": 1}],
)
def test_an_answer_of_another_shape_is_refused(answer: object) -> None:
    with pytest.raises(MalformedAnswerError):
        read_reading(json.dumps(answer))


_GOOD = _fault("sold").model_dump(mode="json")


def _nested(depth: int) -> object:
    value: object = 1
    for _ in range(depth):
        value = [value]
    return value


_LIES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats(allow_infinity=False, allow_nan=False),
    st.text(max_size=20),
    st.sampled_from(
        [10**39, -1, 101, "unclear", "1", "", "\x00", "\ud83d", "a\ufffdb", _nested(60)]
    ),
    st.lists(st.integers() | st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
_LYING = st.dictionaries(st.sampled_from([*_GOOD, "more", "\ud83d"]), _LIES, min_size=1, max_size=3)
_BAD = _LYING.map(lambda lies: {**_GOOD, **lies}) | _LIES
_FENCES = st.sampled_from(["{}", "```json\n{}\n```", "<think>faults?</think>\n{}\n", "Here: {}"])


@given(st.lists(_BAD, max_size=4), st.integers(0, 4), _FENCES)
def test_no_lie_in_a_report_loses_a_good_one(bad: list[object], at: int, fence: str) -> None:
    told = [*bad[:at], _GOOD, *bad[at:]]
    reading, left_out = read_reading(fence.replace("{}", json.dumps({"faults": told})))
    assert _fault("sold") in reading.faults
    assert len(reading.faults) + len(left_out) == len(told)
    "; ".join(left_out).encode()
    found, _ = _judge("They sold it.", *reading.faults)
    assert found


def test_a_report_with_a_value_of_600_lists_in_one_another_loses_no_good_one() -> None:
    reading, left_out = read_reading(json.dumps({"faults": [{"r": _nested(600)}, _GOOD]}))
    assert (reading.faults, len(left_out)) == ((_fault("sold"),), 1)


@pytest.mark.parametrize(
    "report",
    ['{"r": 1, "r": 2}', '{"r": NaN}', '{"r": 1' + "0" * 50 + "}", "[" * 3000 + "]" * 3000],
)
def test_what_is_no_plain_json_refuses_the_answer(report: str) -> None:
    with pytest.raises(MalformedAnswerError):
        read_reading(f'{{"faults": [{json.dumps(_GOOD)}, {report}]}}')


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_are_found_where_they_stand_or_dropped(text: str, words: str) -> None:
    found, dropped = _judge(text, _fault(words))
    assert len(found) + dropped.unanchored == 1
    for one in found:
        assert one.finding.span is not None
        assert one.finding.span[1] <= len(text)
