from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.article import Finding, QuestionAnswer, Rewrite, Sentence, Source, count_words
from rewriter.checks import check_rewrite
from rewriter.checks.structure.repetition import similarity
from rewriter.completion.extractive import ExtractiveCompleter, extract
from rewriter.errors import ConfigurationError
from rewriter.text.sentences import split_sentences
from tests import articles

RULES = articles.rules()
TEXTS = Path(__file__).parent / "texts"
LANGUAGES = ("de", "en", "es", "fr", "pt", "ru", "zh")


def source_of(title: str, *paragraphs: str, lang: str = "en", **changes: object) -> Source:
    sentences = [
        (text, index)
        for index, paragraph in enumerate(paragraphs)
        for text in split_sentences(paragraph, lang)
    ]
    return Source(
        kind="text",
        title=title,
        paragraphs=paragraphs,
        sentences=tuple(
            Sentence(id=f"s{n}", text=text, place="text", index=index)
            for n, (text, index) in enumerate(sentences, 1)
        ),
        lang=lang,
    ).model_copy(update=changes)


def story(lang: str = "en") -> Source:
    """An article of about 400 words in one of the languages."""
    title, *paragraphs = (TEXTS / f"{lang}.txt").read_text(encoding="utf-8").strip().split("\n\n")
    return source_of(title, *paragraphs, lang=lang)


def said(rewrite: Rewrite, lang: str = "en") -> list[str]:
    """Every sentence of a rewrite outside headings and Q&A."""
    return [
        sentence
        for passage in rewrite.passages()
        if passage.place != "heading" and passage.section != "qa"
        for sentence in split_sentences(passage.text, lang)
    ]


def _mistakes(draft: Rewrite, source: Source) -> list[Finding]:
    """What the checks find, copying aside: a draft's sentences are the source's by design."""
    return [f for f in check_rewrite(draft, source, RULES) if not f.code.startswith(("C1", "K108"))]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_breaks_no_rule_and_holds_only_the_sources_own_sentences(lang: str) -> None:
    source = story(lang)

    draft = extract(source, RULES)

    assert _mistakes(draft, source) == []
    own = {sentence.text for sentence in source.sentences}
    sentences = said(draft, lang)
    assert set(sentences) <= own
    assert len(sentences) == len(set(sentences))
    assert len(draft.impact.bullets) >= RULES.impact.bullets[0]
    assert len(draft.details.paragraphs) >= RULES.details.paragraphs[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_overview_opens_with_the_lead_and_sections_keep_the_sources_order(lang: str) -> None:
    source = story(lang)
    place = {sentence.text: n for n, sentence in enumerate(source.sentences)}

    draft = extract(source, RULES)

    overview = [place[text] for text in split_sentences(draft.overview, lang)]
    details = [place[t] for p in draft.details.paragraphs for t in split_sentences(p, lang)]
    assert overview[0] == 0
    assert overview == sorted(overview)
    assert details == sorted(details)


@pytest.mark.parametrize("lang", LANGUAGES[:-1])  # the Chinese one has its figures in words
def test_impact_takes_figures_and_from_author_what_has_none(lang: str) -> None:
    draft = extract(story(lang), RULES)
    figures = [any(map(str.isdigit, text)) for text in (*draft.impact.bullets, *draft.from_author)]
    bullets = len(draft.impact.bullets)
    assert sum(figures[:bullets]) / bullets > sum(figures[bullets:]) / len(draft.from_author)


@pytest.mark.parametrize(
    ("lang", "topic", "field"),
    [
        ("en", "Riverbank", "those concerned"),
        ("de", "Riverbank", "die Beteiligten"),
        ("es", "Riverbank", "los afectados"),
        ("fr", "Riverbank", "les personnes concernées"),
        ("pt", "Riverbank", "os envolvidos"),
        ("ru", "Ривербанк", "участников"),
        ("zh", "保险", "各方"),
    ],
)
def test_the_subject_is_what_title_and_body_both_name(lang: str, topic: str, field: str) -> None:
    draft = extract(story(lang), RULES)

    assert topic in draft.details.topic
    assert field in draft.impact.field
    assert len(draft.tags) <= RULES.tags[1]


def test_metadata_comes_before_what_can_be_guessed() -> None:
    known = story().model_copy(update={"metadata": {"category": "FLOODS", "tags": ["A", "B", "C"]}})

    draft = extract(known, RULES)

    assert draft.category == "FLOODS"
    assert draft.tags[:3] == ("A", "B", "C")


def test_near_duplicates_appear_once() -> None:
    source = story()
    twin = source.sentences[1].text.replace("On Tuesday", "On the Tuesday")
    twice = source_of(source.title, *source.paragraphs, source.paragraphs[0], twin)

    sentences = said(extract(twice, RULES))

    assert max(similarity(a, b) for a, b in combinations(sentences, 2)) < RULES.near_duplicate


def test_the_sources_own_questions_are_carried_over_within_bounds() -> None:
    long = " ".join(f"Part {n} of the answer has seven words." for n in range(40))
    pairs = [QuestionAnswer(question=f"Is it {n}?", answer=f"It is {n} by now.") for n in range(9)]
    asked = story().model_copy(
        update={"qa": (QuestionAnswer(question="How long?", answer=long), *pairs)}
    )

    qa = extract(asked, RULES).qa

    assert qa[0].question == "How long?"
    assert 0 < count_words(qa[0].answer) <= RULES.qa.words[1]
    assert qa[0].answer.endswith("words.")
    assert qa[1:] == tuple(pairs[: RULES.qa.pairs[1] - 1])


def test_questions_headings_links_and_tables_are_not_prose() -> None:
    source = story()
    noise = (
        "Is this the end of it?",
        "See https://example.org/report for the figures of the day.",
        "a | b | c are the columns of this table.",
        "A fragment without an end",
    )
    noisy = source_of(source.title, *noise, *source.paragraphs)

    text = extract(noisy, RULES).model_dump_json()

    assert not any(bad in text for bad in noise)


def test_a_list_item_and_emphasis_lose_their_marks() -> None:
    source = story()
    item = Sentence(id="i", text="- **Insurers** expect claims to fall.", place="item", index=0)
    listed = source.model_copy(update={"sentences": (item, *source.sentences)})

    assert "Insurers expect claims to fall." in said(extract(listed, RULES))


@pytest.mark.parametrize("count", range(5))
def test_a_source_with_few_sentences_is_not_padded(count: int) -> None:
    full = story()
    texts = [sentence.text for sentence in full.sentences[:count]]

    draft = extract(source_of(full.title, *texts), RULES)

    assert len(said(draft)) <= count
    if count >= 4:
        assert all((draft.overview, draft.details.paragraphs, draft.from_author))
        assert draft.impact.bullets
    assert draft.headline == full.title


def test_a_long_title_is_cut_at_a_word_and_a_missing_one_stays_missing() -> None:
    cut = extract(source_of("Riverbank " * 40, *story().paragraphs), RULES).headline

    assert len(cut) <= RULES.headline.max_characters
    assert cut.endswith("Riverbank…")
    assert extract(source_of("", *story().paragraphs), RULES).headline == ""


def test_a_language_without_tables_is_arranged_all_the_same() -> None:
    foreign = story().model_copy(update={"lang": "fi"})

    assert _mistakes(extract(foreign, RULES), foreign) == []


async def test_the_completion_is_the_json_of_the_schema_and_free() -> None:
    completer = ExtractiveCompleter(RULES)
    asked = articles.request()

    first, second = await completer.complete(asked), await completer.complete(asked)
    await completer.aclose()

    assert first == second
    assert first.model == "extractive"
    assert first.usage.cost == 0.0
    assert set(json.loads(first.text)) == set(RULES.answer_schema()["properties"])


async def test_a_request_without_a_source_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="choose another with --engine"):
        await ExtractiveCompleter(RULES).complete(
            articles.request().model_copy(update={"source": None})
        )


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60)


@given(title=words, paragraphs=st.lists(words, max_size=12), lang=st.sampled_from(LANGUAGES))
@settings(max_examples=60)
def test_any_text_makes_a_draft_within_the_maximums(
    title: str, paragraphs: list[str], lang: str
) -> None:
    draft = extract(source_of(title, *paragraphs, lang=lang), RULES)

    assert count_words(draft.overview) <= RULES.overview.words[1]
    assert len(draft.details.paragraphs) <= RULES.details.paragraphs[1]
    assert len(draft.impact.bullets) <= RULES.impact.bullets[1]


# --- the ranking -------------------------------------------------------------------------------
