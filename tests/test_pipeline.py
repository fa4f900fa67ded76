"""From a source to an outcome: repairs ask for failed sections only, and nothing is hidden."""

from __future__ import annotations

import json

import pytest

from rewriter import pipeline
from rewriter.completion import Completion
from rewriter.completion.asking import Asker, Backend
from rewriter.errors import MalformedAnswerError, ProviderUnavailableError
from rewriter.pipeline import Outcome
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.state.ledger import MemoryLedger
from tests import articles
from tests.completers import PlayedCompleter, Step

PROMPT = prompt_file.load()
GOOD = articles.rewrite()
TWICE = articles.rewrite(from_author=(GOOD.overview,))
MENDED = {"from_author": list(GOOD.from_author)}


async def _rewrite(
    *steps: Step, prompt: Prompt = PROMPT, **facts: object
) -> tuple[Outcome, PlayedCompleter]:
    completer = PlayedCompleter(steps)
    backend = Backend(completer.name, "m", MemoryLedger(), completer)
    outcome = await pipeline.rewrite(articles.source(**facts), prompt, Asker(backend))
    return outcome, completer


def _headline_from(origin: str) -> Prompt:
    text = prompt_file.path_of("rewrite").read_text(encoding="utf-8")
    return prompt_file.parse(text.replace("{from: model,", f"{{from: {origin},"))


async def test_a_good_answer_is_published() -> None:
    outcome, completer = await _rewrite(GOOD)
    assert outcome.status == "published"
    assert outcome.findings == ()
    assert outcome.rewrite == GOOD
    assert outcome.model == "played-1"
    assert outcome.coverage is not None
    assert outcome.coverage.figures > 0.5
    assert {support.section for support in outcome.support} >= {"overview", "details", "impact"}
    assert outcome.support[0].sources
    assert len(completer.requests) == 1


async def test_a_failed_section_is_asked_for_again_and_the_rest_stays() -> None:
    outcome, completer = await _rewrite(TWICE, MENDED)
    assert outcome.status == "published"
    assert outcome.rewrite == GOOD
    assert [finding.code for finding in outcome.repaired] == ["S201"]
    repair = completer.requests[1]
    assert list(repair.json_schema["properties"]) == ["from_author"]
    assert "S201" in repair.messages[-1].content
    assert (outcome.spent.attempts, outcome.spent.usage.output_tokens) == (2, 100)


async def test_after_two_repairs_it_is_held() -> None:
    wrong = {"from_author": [GOOD.overview]}
    outcome, completer = await _rewrite(TWICE, wrong, wrong)
    assert outcome.status == "held"
    assert [finding.code for finding in outcome.findings] == ["S201"]
    assert len(completer.requests) == 1 + pipeline.MAX_REPAIRS
    assert outcome.rewrite == TWICE


async def test_a_repair_that_fails_leaves_it_held_and_says_so() -> None:
    outcome, _ = await _rewrite(TWICE, "no", "no", "no")
    assert outcome.status == "held"
    assert [finding.code for finding in outcome.findings] == ["S201", "S199"]
    assert outcome.spent.attempts == 4


async def test_what_an_answer_that_stays_malformed_cost_is_known() -> None:
    completer = PlayedCompleter(["no", "{}", "[]"])
    asker = Asker(Backend(completer.name, "m", MemoryLedger(), completer))
    with pytest.raises(MalformedAnswerError):
        await pipeline.rewrite(articles.source(), PROMPT, asker)
    assert asker.spending.total.attempts == 3


def test_the_pipeline_asks_without_an_event_loop() -> None:
    """A driver may answer when it likes: here from a list, in a plain function."""
    asking = pipeline.rewriting(articles.source(), PROMPT, "m")
    assert next(asking).model == "m"
    bad = Completion(text=TWICE.model_dump_json(), model="m")
    repair = asking.send(bad)
    assert list(repair.json_schema["properties"]) == ["from_author"]
    mended = json.dumps({"from_author": list(GOOD.from_author)})
    with pytest.raises(StopIteration) as done:
        asking.send(Completion(text=mended, model="m"))
    assert done.value.value.status == "published"
    assert done.value.value.rewrite == GOOD


def test_an_error_raised_at_a_repair_leaves_the_article_held() -> None:
    asking = pipeline.rewriting(articles.source(), PROMPT, "m")
    next(asking)
    asking.send(Completion(text=TWICE.model_dump_json(), model="m"))
    with pytest.raises(StopIteration) as done:
        asking.throw(MalformedAnswerError("not JSON"))
    assert [finding.code for finding in done.value.value.findings] == ["S201", "S199"]


async def test_a_provider_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(ProviderUnavailableError):
        await _rewrite(ProviderUnavailableError("down"))


async def test_too_little_source_is_held_before_anything_is_asked() -> None:
    completer = PlayedCompleter([])
    source = articles.source("Too short.")
    outcome = await pipeline.rewrite(
        source, PROMPT, Asker(Backend(completer.name, "m", MemoryLedger(), completer))
    )
    assert (outcome.status, outcome.title) == ("held", source.title)
    assert [finding.code for finding in outcome.findings] == ["S100"]
    assert completer.requests == []


async def test_without_a_model_the_result_is_a_draft_whatever_is_found() -> None:
    completer = PlayedCompleter([TWICE], name="extractive")
    outcome = await pipeline.rewrite(
        articles.source(),
        PROMPT,
        Asker(Backend(completer.name, "extractive", MemoryLedger(), completer)),
    )
    assert outcome.status == "drafted"
    assert [finding.code for finding in outcome.findings] == ["S201"]
    assert len(completer.requests) == 1


async def test_a_draft_keeps_the_sources_title_and_a_mistake_in_it_is_a_warning() -> None:
    title = "As an AI model I cannot say"
    completer = PlayedCompleter([GOOD], name="extractive")
    asker = Asker(Backend(completer.name, "extractive", MemoryLedger(), completer))
    outcome = await pipeline.rewrite(articles.source(title=title), PROMPT, asker)
    assert outcome.title == title
    (found,) = outcome.findings
    assert (found.code, found.severity) == ("S110", "warning")
    assert found.message.startswith("this is the source's own title: ")


@pytest.mark.parametrize(
    ("facts", "origin", "title"),
    [
        ({}, "model", GOOD.headline),
        ({"keeps_title": True}, "model", articles.source().title),
        ({}, "source", articles.source().title),
        ({"title_derived": True}, "source", GOOD.headline),
        ({"title": "As an AI model I cannot say"}, "source", GOOD.headline),
        ({"title": "As an AI model I cannot say", "keeps_title": True}, "model", None),
    ],
)
async def test_the_headline_is_the_models_unless_the_rules_or_the_file_say_otherwise(
    facts: dict[str, object], origin: str, title: str | None
) -> None:
    outcome, _ = await _rewrite(GOOD, prompt=_headline_from(origin), **facts)
    assert outcome.status == "published"
    assert outcome.title == (title or facts["title"])


@pytest.mark.parametrize("headline", ["{}", "{}!", "BREAKING {}"])
async def test_the_sources_headline_is_no_headline_of_ours(headline: str) -> None:
    taken = articles.rewrite(headline=headline.format(articles.source().title.upper()))
    outcome, completer = await _rewrite(taken, {"headline": GOOD.headline})
    assert (outcome.status, outcome.title) == ("published", GOOD.headline)
    assert [finding.code for finding in outcome.repaired] == ["C103"]
    assert len(completer.requests) == 2


async def test_a_rejected_headline_of_the_model_is_repaired() -> None:
    bad = articles.rewrite(headline="[insert name] buys ferries")
    outcome, completer = await _rewrite(bad, {"headline": GOOD.headline}, title_derived=True)
    assert outcome.title == GOOD.headline
    assert list(completer.requests[1].json_schema["properties"]) == ["headline"]
