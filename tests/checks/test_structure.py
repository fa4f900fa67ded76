"""S1xx: each fault of structure is found, at its place, and nothing else is."""

from __future__ import annotations

import pytest

from rewriter.article import Defect, QuestionAnswer, Rewrite
from rewriter.checks.structure.sections import check_headline, check_source, check_structure
from tests import articles


def _codes(rewrite: Rewrite) -> list[tuple[str, str, str]]:
    full_length = articles.source("word " * 400)
    found = check_structure(rewrite, full_length, articles.rules())
    return [(finding.code, finding.section, finding.place) for finding in found]


def _bullet(text: str) -> Rewrite:
    bullets = articles.rewrite().impact.bullets
    return articles.rewrite(impact={"field": "shipping", "bullets": (*bullets[:3], text)})


def test_a_good_rewrite_has_no_finding() -> None:
    assert _codes(articles.rewrite()) == []


@pytest.mark.parametrize(
    ("rewrite", "expected"),
    [
        (articles.rewrite(overview=""), ("S101", "overview", "paragraph 1")),
        (articles.rewrite(from_author=()), ("S102", "from_author", "")),
        (
            articles.rewrite(from_author=("One view holds that costs fall.",) * 4),
            ("S103", "from_author", ""),
        ),
        (_bullet("No."), ("S104", "impact", "bullet 4")),
        (_bullet("word " * 60), ("S105", "impact", "bullet 4")),
        (_bullet("Costs will fall soon. Prices follow later."), ("S106", "impact", "bullet 4")),
        (
            articles.rewrite(qa=(QuestionAnswer(question="When", answer="In March, says it."),)),
            ("S107", "qa", "question 1"),
        ),
        (_bullet("- Ports on the routes need chargers."), ("S108", "impact", "bullet 4")),
        (_bullet("Ports on the **routes** need chargers."), ("S108", "impact", "bullet 4")),
        (_bullet("Ports <b>need</b> chargers on routes."), ("S108", "impact", "bullet 4")),
        (_bullet("See [the plan](https://a.example) of ports."), ("S108", "impact", "bullet 4")),
        (_bullet("## Ports on the routes need it."), ("S108", "impact", "bullet 4")),
        *(
            (_bullet(f"Ports on the routes {code} need chargers."), ("S108", "impact", "bullet 4"))
            for code in (
                *("{{ key }}", "{% include x %}", "{# x #}", "{{< figure >}}", "{: .class}"),
                *("<%= key %>", "<?php echo 1 ?>", "${key}", "#{key}", "{$key}", "[[ x ]]"),
                *(
                    "[gallery ids=1]",
                    "[embed]",
                    "#set($x=1)",
                    "<https://a.example>",
                    "<a@b.example>",
                ),
                *("<img src=x onerror=alert(1)", "<svg/onload=x>", "<!-- x", "&#x3c;b", "![x](y)"),
                *("[x](javascript:y)", "[x][y]"),
            )
        ),
        (_bullet("import Key from 'keys' for ports."), ("S108", "impact", "bullet 4")),
        (_bullet("The company [insert name] needs chargers."), ("S109", "impact", "bullet 4")),
        (_bullet("The impact on ports is TBD as of now."), ("S109", "impact", "bullet 4")),
        # The word that a model leaves where a fact was to go.
        (_bullet("The impact on ports is TODO for now."), ("S109", "impact", "bullet 4")),
        (_bullet("The impact on ports is $XX million."), ("S109", "impact", "bullet 4")),
        (_bullet("The ports on the route lost XX% of it."), ("S109", "impact", "bullet 4")),
        (_bullet("As an AI model, I see no impact."), ("S110", "impact", "bullet 4")),
        (_bullet("I'm sorry, but nothing is known here."), ("S110", "impact", "bullet 4")),
    ],
)
def test_a_fault_is_found_at_its_place(rewrite: Rewrite, expected: tuple[str, str, str]) -> None:
    assert expected in _codes(rewrite)


@pytest.mark.parametrize(
    "text",
    [
        "Costs fell 5% * in some ports, an official said there.",
        "R&D spending at AT&T rose, and a < b holds throughout.",
        "The U.S. and the U.K. agreed on shipping rules today.",
        "Nearly 1.5 million people (about 2.5%) were affected here.",
        "It is [sic] a quote, not a placeholder at all.",
        "Los puertos de todo el mundo cambiaron en el siglo XX.",
        "The harbour was last rebuilt for the XXX Olympiad then.",  # a Roman number
    ],
)
def test_ordinary_prose_is_left_alone(text: str) -> None:
    assert _codes(_bullet(text)) == []


@pytest.mark.parametrize(
    ("words", "severity"), [(45, None), (46, "warning"), (54, "warning"), (55, "error")]
)
def test_a_length_just_beyond_its_bound_is_only_a_warning(words: int, severity: str | None) -> None:
    found = check_structure(_bullet("word " * words), articles.source(), articles.rules())
    assert [finding.severity for finding in found] == ([severity] if severity else [])


def test_minimums_scale_with_a_short_source() -> None:
    short = articles.source("Harbour Freight Lines bought six ferries for $420 million in May.")
    brief = articles.rewrite(
        overview="Harbour Freight Lines bought ferries.",
        details={"topic": "Ferry", "paragraphs": ("Six ferries for $420 million.",)},
        from_author=("A large order for one line.",),
        impact={"field": "shipping", "bullets": ("One line grows.",)},
        qa=(),
    )
    assert list(check_structure(brief, short, articles.rules())) == []


def test_too_little_source_is_found_before_anything_is_asked() -> None:
    (finding,) = check_source(articles.source("Too short."), articles.rules(), "en")
    assert (finding.code, finding.severity) == ("S100", "error")
    assert "words: 2," in finding.message


def test_defects_of_the_source_are_found_before_anything_is_asked() -> None:
    defect = Defect(code="S120", message="characters could not be decoded")
    source = articles.source().model_copy(update={"defects": (defect,)})
    (finding,) = check_source(source, articles.rules(), "en")
    assert (finding.code, finding.severity, finding.message) == ("S120", "error", defect.message)


@pytest.mark.parametrize(
    ("lang", "codes"), [("en-GB", []), ("it", []), ("vi", ["S112"]), ("eo", ["S111"])]
)
def test_a_language_without_headings_or_checks_is_told_before_anything_is_asked(
    lang: str, codes: list[str]
) -> None:
    found = check_source(articles.source(), articles.rules(), lang)
    assert [finding.code for finding in found] == codes


@pytest.mark.parametrize(
    "text",
    [
        *("AT&T and R&D; S&P 500; Q&As; others", "costs fell <5% and 3 < 4", "C# and F#"),
        *("the board [sic] and [the] line", "import duties rose", "export controls from China"),
    ],
)
def test_signs_of_prose_are_no_markup(text: str) -> None:
    assert "S108" not in [code for code, _, _ in _codes(_bullet(text))]


def test_a_rewrite_without_impact_is_complete() -> None:
    bare = articles.rewrite(impact={"field": "", "bullets": ()})
    assert list(check_structure(bare, articles.source(), articles.rules())) == []


def test_a_headline_too_long_is_only_a_warning() -> None:
    (finding,) = check_headline("word " * 40, articles.rules(), articles.source())
    assert (finding.code, finding.severity) == ("S105", "warning")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "“I am sorry, but as an AI I cannot help with that,” the chatbot told the crew.",
            "“I am sorry, but as an AI I cannot help with that,” said the chatbot on board.",
        ),
        ("„Als KI kann ich das nicht“, stand im Fenster.", "„Als KI kann ich das nicht“, hieß es."),
    ],
)
def test_what_the_source_has_a_chatbot_say_is_no_refusal(said: str, told: str) -> None:
    rewritten, rules = articles.rewrite(overview=told), articles.rules()
    source = articles.source(*articles.PARAGRAPHS, said)
    assert "S110" not in {f.code for f in check_structure(rewritten, source, rules)}
    assert "S110" in {f.code for f in check_structure(rewritten, articles.source(), rules)}
