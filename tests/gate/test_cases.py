"""Cases: phrases are whole words and figures; a case that is wrong says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from rewriter.errors import ConfigurationError
from rewriter.regression import cases
from rewriter.regression.experiment import read_experiment
from rewriter.regression.suite import read_suite
from rewriter.regression.suite_folder import SuiteFolder
from tests.gate.planted import SUITE


def load(folder: Path) -> tuple[cases.Case, ...]:
    """All cases of a folder; the mistakes of wrong ones are raised."""
    found, mistakes = cases.read(folder)
    cases.refuse(mistakes)
    return found


def _case(must: str) -> cases.Case:
    expectations = cases.Expectations.model_validate({"must": [must], "must_not": [must]})
    return cases.Case(
        name="x", file=Path("x.toml"), article=Path("x.txt"), data=b"", expectations=expectations
    )


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
        ("Cafe\u0301", "in the café", True),
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
    case = cases.Case(
        name="x", file=Path("x.toml"), article=Path("x.txt"), data=b"", expectations=expectations
    )
    assert case.missing("worth 310 million euros") == ()
    assert case.missing("worth 310 million dollars") == ("€310 million",)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("must = []\nmay = []", "x.toml:2: may: no such key; the keys are cluster, must"),
        ('note = """\ntags = 3\n"""\ntags = 3', "x.toml:4: tags: a list is wanted, not 3"),
        ('must = [\n  "a, [",  # x, y\n  7,\n]', "x.toml:3: must.1: text is wanted, or a list of"),
        ('must = [["""a\n"""],\n  ["a",\n 7]]', "x.toml:4: must.1.1: text is wanted, not 7"),
        ('must = [""]', "x.toml:1: must.0: an empty text is in every rewrite"),
        ("must = [[]]", "x.toml:1: must.0: a list of alternatives holds at least one"),
        ("\nmust = [", "x.toml:2: not valid TOML: "),
        ("must = ]", "x.toml:1: not valid TOML: "),
        ("must = []", "x.toml: 0 articles of this case"),
    ],
)
def test_a_wrong_case_says_where_and_what(text: str, complaint: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(text)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)
    assert complaint in str(caught.value)


def test_a_case_needs_an_article_alone(tmp_path: Path) -> None:
    (tmp_path / "boats.txt").write_text("Six boats left the harbour of Turku on Monday.")
    (tmp_path / "boats.toml").write_text("")
    (case,) = load(tmp_path)
    assert (case.name, case.cluster) == ("boats", "boats")
    assert set(read_suite((case,), tmp_path).sources) == {"boats"}


def test_the_mistakes_of_all_cases_come_at_once(tmp_path: Path) -> None:
    for name in ("x", "y", "z"):
        (tmp_path / f"{name}.txt").write_text("An article.")
    (tmp_path / "v.toml").write_text("")
    (tmp_path / "x.toml").write_text('tag = ["a"]\nmust_nt = []\nnote = 4\n')
    (tmp_path / "y.toml").write_text("must = 3")
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path)
    said = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert [line.partition(": v with")[0].partition("; make")[0] for line in said] == [
        "v.toml: 0 articles of this case, one is wanted",
        "x.toml:1: tag: no such key; did you mean tags?",
        "x.toml:2: must_nt: no such key; did you mean must_not?",
        "x.toml:3: note: text is wanted, not 4",
        "y.toml:1: must: a list is wanted, not 3",
        "z.txt: no case has this article",
    ]


def test_what_no_case_names_and_no_rewrite_can_say_is_a_mistake(tmp_path: Path) -> None:
    folder = SuiteFolder(tmp_path)
    (folder.cases / "more").mkdir(parents=True)
    for path in ("boats.txt", "alone.md", "README.md", "more/ferries.txt", "more/inner.toml"):
        (folder.cases / path).write_text("Six boats left the harbour of Turku on a cold Monday.")
    case = folder.cases / "boats.toml"
    case.write_text('must = [\n  ["Turku", "Åbo"],\n  ["6", "six"],\n  "Oslo",\n]\n')
    with pytest.raises(ConfigurationError) as caught:
        read_experiment(folder, "rewrite")
    said = str(caught.value).replace(f"{folder.cases}/", "").splitlines()
    assert [line.partition(";")[0] for line in said] == [
        "alone.md: no case has this article",
        'boats.toml:4: must.2: boats.txt does not say "Oslo" after cleaning, so no rewrite can',
        f"more/ferries.txt: cases and their articles lie in {folder.cases} itself",
        f"more/inner.toml: cases and their articles lie in {folder.cases} itself",
    ]
    case.write_text('must = ["Turku"]\n')
    (folder.cases / "alone.md").unlink()
    shutil.rmtree(folder.cases / "more")
    assert len(read_experiment(folder, "rewrite").suite.cases) == 1


def test_binary_articles_keep_their_bytes() -> None:
    text = "Six boats.\r\nNobody knows why.\r\n"
    assert cases.with_plain_line_ends(text.encode()) == text.replace("\r", "").encode()
    for name in ("utf-16", "utf-16-be", "utf-32"):
        assert cases.with_plain_line_ends(text.encode(name)) == text.encode(name)


def test_the_shipped_cases_cover_the_shapes_the_traps_and_the_languages(tmp_path: Path) -> None:
    found = load(SUITE.cases)
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
    shelf = read_suite(load(SUITE.cases), tmp_path)
    for case in shelf.cases:
        source = shelf.sources[case.name]
        answers = "\n".join(pair.answer for pair in source.qa)
        assert case.missing(f"{source.title}\n{source.body}\n{answers}") == (), case.name
