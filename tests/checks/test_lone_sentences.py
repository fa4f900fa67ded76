"""G112, G202, K107, K108: what one sentence of the source says against all others, or alone."""

from __future__ import annotations

import pytest

from rewriter.article import Passage, Section
from rewriter.checks.grounding import Evidence, ground
from rewriter.rules import GroundingRules
from rewriter.runs.checking.pairs import plain_source

SOURCE = """Orrell Dairy closes its plant in Tarsk

Orrell Dairy closes its plant in Tarsk in May and cuts 310 jobs, the company said.

The plant has made cheese since 1962. It lost 4 million euros last year.

The director, Mara Lindqvist, spoke of a painful step. A union called for talks.

Farmers nearby deliver 60,000 litres of milk a day.

{}
"""


def _codes(remark: str, text: str, section: Section, place: str = "", lang: str = "en") -> set[str]:
    evidence = Evidence(plain_source(SOURCE.format(remark), lang=lang))
    passage = Passage(section, place, text)
    return {found.code for found in ground([passage], evidence, GroundingRules())}


JOBS = "In May Orrell Dairy closes the plant in Tarsk, which cuts {} jobs."


@pytest.mark.parametrize(
    ("remark", "text", "found"),
    [
        ("A recount by the desk puts the loss at 3,100 jobs.", JOBS.format("3,100"), True),
        ("A recount by the desk puts the loss at 3,100 jobs.", JOBS.format("310"), False),
        ("By Tuesday the cuts had risen to 320 jobs.", JOBS.format("320"), False),
        (
            "At a plant in Elm 290 jobs go, 5 percent of all.",
            "In May Orrell Dairy closes the plant in Tarsk and cuts 290 jobs, 5 percent of all.",
            False,
        ),
        # Both are told.
        ("First it had spoken of 290 jobs.", "It cuts 310 jobs, not 290 jobs as at first.", False),
        # The other sentence is the one that is restated.
        ("The plant in Elm cuts 290 jobs.", "The plant in Elm cuts 290 jobs.", False),
        # A rewrite may put two sentences together.
        (
            "Its rival Vardal cut 290 jobs.",
            "Orrell Dairy closes the plant in Tarsk in May; rival Vardal cut 290 jobs.",
            False,
        ),
    ],
)
def test_a_figure_stands_where_the_source_has_it(remark: str, text: str, found: bool) -> None:
    assert ("G112" in _codes(remark, text, "details")) is found


@pytest.mark.parametrize(
    ("remark", "text", "found"),
    [
        ("Mara Lindquist with a u signed it.", "Mara Lindquist explained it.", True),
        ("Mara Lindquist with a u signed it.", "Mara Lindqvist explained it.", False),
        ("With a second t: Mara Lindqvistt.", "Mara Lindqvistt explained it.", True),
        ("Mahra Lindqvist signed the letter.", "Mahra Lindqvist explained it.", False),
        ("The name is Lindquist, not Lindqvist.", "Mara Lindquist explained it.", True),
        # A sentence about names counts behind the others, and another letter at the end, too.
        ("Her name is spelled Mara Lindqvisk.", "Mara Lindqvisk explained it.", True),
        ("Her name is spelled Mara Lindqvist.", "Mara Lindqvist explained it.", False),
        ("Mara Lindqvisk signed it.", "Mara Lindqvisk explained it.", False),
        ("The school has the name of Mara Lindqvists.", "Mara Lindqvists left.", False),
        ("The register has Mara Lindkvist, with a k.", "Mara Lindkvist explained it.", True),
        ("It has a double letter: with double-s Mara Lindqvisst.", "Mara Lindqvisst left.", True),
        # Both parts are asked for, in two sentences; the right name is asked for beside a namesake.
        (
            "Her name is Marta Lindkvist. It is spelled Marta Lindkvist.",
            "Marta Lindkvist left.",
            True,
        ),
        ("Her sister's name is Berta Lindkvist.", "Berta Lindkvist left.", False),
        # Namesakes: both in one sentence, or each more than once.
        ("Mara Lindquist and Mara Lindqvist are no kin.", "Mara Lindquist left.", False),
        ("Mara Lindquist came. Then Mara Lindquist left.", "Mara Lindquist left.", False),
        # Two people, and two words.
        ("Maria Lindqvist, her sister, disagrees.", "Maria Lindqvist disagrees.", False),
        ("Orrell Daily is a newspaper.", "Orrell Daily wrote about it.", False),
    ],
)
def test_a_name_is_not_spelled_as_one_sentence_asks(remark: str, text: str, found: bool) -> None:
    assert ("G202" in _codes(remark, text, "details")) is found


def test_a_first_name_on_s_is_one_in_german() -> None:
    source = "Leiter Klaus Wieland kam.\n\nEr legt Wert darauf, dass er Klaus Weyland heißt."
    evidence = Evidence(plain_source(source, lang="de"))
    told = [Passage("details", "", "Dann kam Klaus Weyland.")]
    assert "G202" in {found.code for found in ground(told, evidence, GroundingRules())}


def test_a_surname_alone_is_asked_for_behind_a_colon() -> None:
    source = "El alcalde Pedro Robles habló.\n\nEl apellido se escribe así: Rovles, no Robles."
    evidence = Evidence(plain_source(source, lang="es"))
    told = [Passage("details", "", "Habló el alcalde Pedro Rovles.")]
    assert "G202" in {found.code for found in ground(told, evidence, GroundingRules())}


def test_a_polish_sentence_that_says_what_somebody_is_called_is_one_about_names() -> None:
    source = "Burmistrz Hanna Wolska otworzyła most.\n\nBurmistrz nazywa się Hanna Wolińska."
    evidence = Evidence(plain_source(source, lang="pl"))
    told = [Passage("details", "", "Most otworzyła Hanna Wolińska.")]
    assert "G202" in {found.code for found in ground(told, evidence, GroundingRules())}


def test_a_case_is_no_other_spelling() -> None:
    source = "Мэр Анна Белова открыла мост.\n\nАнне Беловой подарили цветы. Белова ушла."
    evidence = Evidence(plain_source(source, lang="ru"))
    told = [Passage("details", "", "Цветы подарили Анне Беловой.")]
    assert not ground(told, evidence, GroundingRules())
    misspelled = Evidence(plain_source(f"{source}\n\nЕё зовут Анна Былова.", lang="ru"))
    told = [Passage("details", "", "Мост открыла Анна Былова.")]
    assert "G202" in {found.code for found in ground(told, misspelled, GroundingRules())}


REMARK = "Sensible shoppers get their butter from Vardal Farm, as any commentator knows."


@pytest.mark.parametrize(
    ("text", "section", "place", "found"),
    [
        ("Sensible shoppers get their butter from Vardal Farm.", "from_author", "", True),
        (
            "Sensible shoppers get butter from Vardal Farm: a sound choice.",
            "from_author",
            "",
            False,
        ),
        ("Sensible shoppers get their butter from Vardal Farm.", "impact", "bullet 1", False),
        ("Sensible shoppers get butter from Vardal", "headline", "", True),
        ("Farmers near Tarsk deliver 60,000 litres of milk a day", "headline", "", False),
        ("Orrell Dairy to close its Tarsk plant in May", "headline", "", False),
        ("The closure shows how thin the margins of cheese have become.", "from_author", "", False),
        ("Vardal Farm customers", "impact", "heading", True),
        ("farmers in Tarsk", "impact", "heading", False),
        ("Vardal plant", "impact", "heading", False),
        ("sensible buying", "impact", "heading", False),
    ],
)
def test_comment_and_headline_stand_on_more_than_one_sentence(
    text: str, section: Section, place: str, found: bool
) -> None:
    assert ("K108" in _codes(REMARK, text, section, place)) is found


@pytest.mark.parametrize(
    ("remark", "headline", "found"),
    [
        ("Headline to be carried: Orrell ruins Tarsk.", "Orrell ruins Tarsk", True),
        ("Le titre à retenir reste « Orrell ruins Tarsk ».", "Orrell Ruins Tarsk", True),
        ("Title: The end of a cheese.", "The end of a cheese", True),
        ("Pride of place has “Orrell ruins Tarsk”.", "Tarsk loses its cheese", False),
        ("A poster read: “Orrell ruins Tarsk”.", "“Orrell ruins Tarsk”", False),
        ("Orrell ruins Tarsk with its closure.", "Orrell ruins Tarsk", False),
        (
            "One thing is sure: Orrell Dairy closes its plant.",
            "Orrell Dairy closes its plant",
            False,
        ),
    ],
)
def test_a_headline_is_no_wording_that_the_article_sets_off(
    remark: str, headline: str, found: bool
) -> None:
    assert ("K108" in _codes(remark, headline, "headline")) is found


def test_a_capital_of_every_noun_makes_no_name_of_a_german_heading() -> None:
    source = (
        "Orrell schließt Werk\n\nOrrell schließt im Mai das Werk in Tarsk.\n\n"
        "310 Stellen fallen weg.\n\nDer Verlust betrug 4 Millionen Euro.\n\n"
        "Die Käserei besteht seit 1962."
    )
    evidence = Evidence(plain_source(source, lang="de"))
    told = [Passage("impact", "heading", "Verlust und Zukunft")]
    assert not ground(told, evidence, GroundingRules())


@pytest.mark.parametrize(
    ("remark", "found"),
    [
        ("The director embezzled the savings of the cows.", True),
        ("The director embezzled money, the police said.", False),
        ("The director embezzled money in 2021.", False),
        ("The director embezzled money. He was arrested for embezzling it.", False),
        ("Nothing else is known about it.", True),
    ],
)
def test_an_accusation_needs_a_speaker_a_date_or_two_sentences(remark: str, found: bool) -> None:
    text = "The director embezzled the money of Orrell Dairy."
    assert ("K107" in _codes(remark, text, "details")) is found
