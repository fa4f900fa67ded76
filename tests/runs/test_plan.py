"""A forecast says what a run then does, and spends nothing: each test runs both."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from rewriter.completion.asking import Backend
from rewriter.files.inputs import items
from rewriter.prompting import prompt_file
from rewriter.runs.estimates import Estimator, Experience, learn
from rewriter.runs.plan import Forecast, Totals, forecast
from rewriter.runs.publishing import Result, process
from rewriter.runs.setup import Job
from rewriter.state import State, records
from rewriter.state.ledger import FileLedger, FreshLedger
from tests import articles
from tests.completers import PlayedCompleter, Step
from tests.ledgers import stored_in

PROMPT = prompt_file.load("rewrite")
TEXT = "\n\n".join([articles.source().title, *articles.PARAGRAPHS])
BROKEN = articles.rewrite().model_copy(update={"overview": "It cost $9,999 million in 1931."})


@dataclass
class Desk:
    """A content root with one article, `out/` for results, and a ledger on disk."""

    root: Path
    asked: list[PlayedCompleter] = field(default_factory=list)

    @property
    def raw(self) -> Path:
        return self.root / "ferries.txt"

    def job(self, *, model: str = "m", name: str = "openai", **options: object) -> Job:
        state = State(root=self.root)
        backend = Backend(name, model, FileLedger(state.ledger))
        return Job(PROMPT, backend, state, **options)  # type: ignore[arg-type]

    async def foresee(self, job: Job | None = None) -> Forecast:
        job = job or self.job()
        (item,) = items([str(self.raw)], self.root, out=self.root / "out")
        return await forecast(item, job, Estimator(None, learn(job.state, job.backend.model)))

    async def run(self, *steps: Step, job: Job | None = None) -> Result:
        job = job or self.job()
        completer = PlayedCompleter(steps)
        self.asked.append(completer)
        (item,) = items([str(self.raw)], self.root, out=self.root / "out")
        played = replace(job, backend=replace(job.backend, completer=completer))
        return await process(item, played)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.raw.write_text(TEXT)
    return desk


async def test_a_new_article_is_to_be_rewritten_for_an_estimated_price(desk: Desk) -> None:
    before = sorted(desk.root.rglob("*"))
    told = await desk.foresee()

    assert (told.action, told.reason, told.stored) == ("rewrite", "new", False)
    assert told.estimate.calls == 1
    assert told.estimate.input_tokens > 1_000
    assert told.estimate.cost is None, "the model has no price"
    assert sorted(desk.root.rglob("*")) == before, "a forecast writes nothing"


async def test_an_article_without_a_result_is_new_whatever_is_forced(desk: Desk) -> None:
    assert (await desk.foresee(desk.job(force=True))).reason == "new"
    (desk.root / "out").mkdir()
    (desk.root / "out" / "ferries.md").write_text("Somebody's own page.\n")
    assert (await desk.foresee(desk.job(force=True))).reason == "forced"


async def test_what_the_ledger_holds_costs_nothing(desk: Desk) -> None:
    await desk.run(articles.rewrite())
    told = await desk.foresee(desk.job(force=True))

    assert (told.action, told.reason) == ("rewrite", "forced")
    assert (told.stored, told.status, told.estimate.calls) == (True, "published", 0)


async def test_fresh_answers_are_paid_for_again(desk: Desk) -> None:
    await desk.run(articles.rewrite())
    job = desk.job(force=True)
    fresh = replace(job, backend=replace(job.backend, ledger=FreshLedger(job.backend.ledger)))
    told = await desk.foresee(fresh)

    assert (told.stored, told.estimate.calls) == (False, 1)


async def test_an_article_whose_stored_answers_were_held_will_be_held_again(desk: Desk) -> None:
    held = await desk.run(BROKEN, BROKEN, BROKEN)
    assert held.status == "held"
    told = await desk.foresee()

    assert (told.reason, told.stored, told.status) == ("held before", True, "held")
    assert (await desk.run()).status == "held"


async def test_a_repair_that_is_not_stored_is_what_is_left_to_pay(desk: Desk) -> None:
    await desk.run(BROKEN, BROKEN, BROKEN)
    (paid,) = desk.asked
    ledger = FileLedger(State(root=desk.root).ledger)
    for entry in stored_in(ledger):
        if entry.request.digest() != paid.requests[0].digest():
            for path in ledger.folder.rglob(f"{entry.request.digest()}*"):
                path.unlink()
    told = await desk.foresee()

    assert told.stored
    assert told.status is None
    assert told.estimate.calls == 1


@pytest.mark.parametrize(
    ("change", "options", "action", "reason"),
    [
        ("", {}, "skip", "current"),
        ("", {"force": True, "model": "other"}, "rewrite", "model m -> other"),
        ("source", {}, "rewrite", "source changed"),
        ("prompt", {}, "rewrite", f"prompt version {PROMPT.version} -> {PROMPT.version + 1}"),
        ("", {"name": "extractive"}, "skip", "a draft never replaces a rewrite"),
    ],
)
async def test_the_reasons_are_those_of_a_run(
    desk: Desk, change: str, options: dict[str, object], action: str, reason: str
) -> None:
    await desk.run(articles.rewrite())
    job = desk.job(**options)  # type: ignore[arg-type]
    if change == "source":
        desk.raw.write_text(TEXT + "\n\nThe town hall has yet to name a date.")
    if change == "prompt":
        header = PROMPT.header.model_copy(update={"version": PROMPT.version + 1})
        job = replace(job, prompt=PROMPT.model_copy(update={"header": header}))
    told = await desk.foresee(job)

    assert (told.action, told.reason) == (action, reason)


async def test_another_model_alone_makes_no_article_stale_and_is_told(desk: Desk) -> None:
    await desk.run(articles.rewrite())
    told = await desk.foresee(desk.job(model="other"))

    assert (told.action, told.reason, told.model_change) == ("skip", "current", "model m -> other")


async def test_the_model_of_another_file_is_not_named(desk: Desk) -> None:
    await desk.run(articles.rewrite())
    name = desk.raw.name
    record = records.load(State(root=desk.root).records, name)
    assert record is not None
    draft = {"status": "drafted", "model_asked": "extractive", "output_digest": "0" * 64}
    records.save(State(root=desk.root).records, record.model_copy(update=draft))
    told = await desk.foresee()

    assert (told.action, told.model_change) == ("skip", "")


@pytest.mark.parametrize(
    ("text", "reason"), [("", "empty"), ("ai:\n\0\0", "binary"), (None, "cannot read")]
)
async def test_what_cannot_be_done_is_refused_with_the_reason_of_a_run(
    desk: Desk, text: str | None, reason: str
) -> None:
    if text is None:
        desk.raw.unlink()
    else:
        desk.raw.write_text(text)
    told, done = await desk.foresee(), await desk.run()

    assert (told.action, told.exit_code) == ("refuse", 4)
    assert reason in told.reason
    assert (told.reason, told.exit_code) == (done.reason, done.exit_code)


async def test_too_short_an_article_is_held_without_being_asked_for(desk: Desk) -> None:
    desk.raw.write_text("A short note.\n\nNothing happened.")
    told = await desk.foresee()

    assert (told.stored, told.status, told.estimate.calls) == (False, "held", 0)


async def test_a_draft_costs_nothing(desk: Desk) -> None:
    told = await desk.foresee(desk.job(name="extractive"))

    assert (told.action, told.status, told.estimate.cost) == ("rewrite", "drafted", 0.0)


async def test_records_and_ledger_teach_what_articles_take(desk: Desk) -> None:
    """Two calls of 100 tokens in and 50 out, the answer and its repair, make one article."""
    await desk.run(BROKEN, articles.rewrite())
    (paid,) = desk.asked
    past = learn(State(root=desk.root), "m")

    assert isinstance(past, Experience)
    assert (past.articles, past.calls, past.output_tokens) == (1, len(paid.requests), 100)
    told = await desk.foresee(desk.job(force=True, model="m"))
    assert told.stored
    assert learn(State(root=desk.root), "other") is None


async def test_damaged_state_teaches_nothing_and_stops_nothing(desk: Desk) -> None:
    await desk.run(articles.rewrite())
    state = State(root=desk.root)
    for path in state.ledger.rglob("*.json"):
        path.write_text("{")
    assert learn(state, "m") is None
    for path in state.records.rglob("*.json"):
        path.write_text("{")
    assert learn(state, "m") is None


def test_totals_are_by_reason_and_add_up() -> None:
    estimate = Estimator(None).estimate
    request = PROMPT.request(articles.source(), "m")
    totals = Totals()
    for n in range(3):
        totals.add(
            Forecast(path=f"{n}", action="rewrite", reason="new", estimate=estimate(request))
        )
    totals.add(Forecast(path="a", action="rewrite", reason="forced", stored=True))
    totals.add(Forecast(path="b", action="skip", reason="current", model_change="model a -> b"))
    totals.add(Forecast(path="c", action="refuse", reason="c is empty", exit_code=4))
    totals.add(Forecast(path="d", action="refuse", reason="d is binary", exit_code=4))

    assert {key: one.articles for key, one in totals.by_reason.items()} == {
        ("rewrite", "new"): 3,
        ("rewrite", "forced"): 1,
        ("skip", "current"): 1,
        ("refuse", "refused"): 2,
    }
    assert (totals.articles, totals.asked, totals.stored, totals.other_model) == (7, 3, 1, 1)
    assert totals.estimate.calls == 3
    assert totals.exit_code == 4
