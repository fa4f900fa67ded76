"""Cases: phrases are whole words and figures; a case that is wrong says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError
from rewriter.regression import cases
from rewriter.regression.suite import read_suite
from tests.gate.planted import SUITE


def _case(must: str) -> cases.Case:
    expectations = cases.Expectations.model_validate({"must": [must], "must_not": [must]})
    return cases.Case(name="x", article=Path("x.txt"), data=b"", expectations=expectations)


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("3.1 million", "about 3.1 million people", True),
        ("3.1 million", "about 13.1 million people", False),
        ("1 million", "about 3.1 million people", False),
        ("18%", "fell by 18%.", True),
        ("18%", "fell by 118%.", False),
        ("3", "a rise of 3.5 points", False),
        ("3", "it came 3rd", False),
        ("3", "there were 3.", True),
        ("Turku", "in TURKU, Finland", True),
        ("Turku", "the Turkues", False),
        ("$420 million", "cost $420\u00a0million", True),
        ('"We are the other one."', "“We are the other one.”", True),
        ("86亿元", "总投资86亿元人民币", True),
        ("86亿元", "总投资186亿元", False),
        ("白樺線", "地方鉄道の白樺線について", True),
        (".png", "chart.png", True),
    ],
)
def test_a_phrase_is_whole_words_and_whole_figures(phrase: str, text: str, found: bool) -> None:
    case = _case(phrase)
    assert (case.missing(text) == ()) is found
    assert (case.forbidden(text) != ()) is found


def test_one_of_several_wordings_is_enough() -> None:
    value = {"must": [["€310 million", "310 million euros"]], "must_not": []}
    expectations = cases.Expectations.model_validate(value)
    case = cases.Case(name="x", article=Path("x.txt"), data=b"", expectations=expectations)
    assert case.missing("worth 310 million euros") == ()
    assert case.missing("worth 310 million dollars") == ("€310 million",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("must = []", "x.toml: must_not: is missing"),
        ("must = []\nmust_not = []\nmay = []", "x.toml: may: no such key"),
        ('must = [""]\nmust_not = []', "an empty text is in every rewrite"),
        ("must = [[]]\nmust_not = []", "holds at least one"),
        ("must = [", "cannot read the case"),
        ("must = []\nmust_not = []", "0 articles beside it"),
    ],
)
def test_a_wrong_case_says_where_and_what(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        cases.load(tmp_path)
    assert complaint in str(caught.value)


def test_the_shipped_cases_cover_the_shapes_the_traps_and_the_languages(tmp_path: Path) -> None:
    found = cases.load(SUITE.cases)
    tags = {tag for case in found for tag in case.expectations.tags}
    assert len(found) >= 24
    assert {case.article.suffix for case in found} == {".txt", ".md", ".html", ".json"}
    assert tags >= {
        "self-contradiction",
        "related-articles",
        "page-furniture",
        "orphan-dashes",
        "numbered-faqs",
        "qa-lines",
        "injection",
        "full-width-list",
        "disclaimer",
    }
    languages = {source.lang for source in read_suite(found, tmp_path).sources.values()}
    assert languages >= {"en", "de", "es", "fr", "pt", "ru", "zh", "ja"}


def test_every_shipped_fact_is_in_its_article(tmp_path: Path) -> None:
    shelf = read_suite(cases.load(SUITE.cases), tmp_path)
    for case in shelf.cases:
        source = shelf.sources[case.name]
        answers = "\n".join(pair.answer for pair in source.qa)
        assert case.missing(f"{source.title}\n{source.body}\n{answers}") == (), case.name
