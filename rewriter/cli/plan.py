"""`rewriter plan`: what a run would do with each article, why, and the cost, without a call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import PLACE, api_option, configured_by, refuse_two_places, run_options
from rewriter.cli.output import echo, json_line
from rewriter.escaping import json_text, several
from rewriter.prices import dollars

if TYPE_CHECKING:
    from rewriter.files.inputs import Item
    from rewriter.runs.estimates import Estimate, Estimator
    from rewriter.runs.plan import BatchApiPace, Forecast, Pace, Totals
    from rewriter.runs.setup import Job
    from rewriter.settings import Settings


@click.command("plan")
@click.argument("paths", nargs=-1, type=PLACE, required=True, metavar="PATH...")
@run_options
@api_option
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object a line. The last has the totals."
)
def command(paths: tuple[str, ...], **options: Any) -> int:
    """Show what `rewrite` or `submit` would do with each article in PATH, why, and the cost.

    It asks no model and writes nothing.
    """
    return show(paths, options)


def show(paths: tuple[str, ...], options: dict[str, Any]) -> int:
    """Print the plan of a run with these options, and return the exit code."""
    # late: these load pydantic, the completers and the cleaner
    from rewriter import settings
    from rewriter.files.inputs import PassedOver, nothing_found
    from rewriter.runs import estimates, setup
    from rewriter.runs import plan as runs_plan

    refuse_two_places(options)
    by_batch = options.get("api") == "batch"  # `rewrite --dry-run` has no --api
    configured: Settings = settings.load(configured_by(options))
    pace = runs_plan.pace(configured, by_batch=by_batch)
    chosen = {name: options[name] for name in ("out", "in_place", "force", "fresh")}
    passed_over = PassedOver()
    items, job = setup.prepare(paths, configured, **chosen, dry_run=True, passed_over=passed_over)
    estimator = estimates.estimator(configured, job.state, by_batch=by_batch)
    totals = asyncio.run(_go_through(items, job, estimator, as_json=options["as_json"]))
    if passed_over.count:
        echo(f"rewriter: {passed_over}", err=True)
    if not totals.articles:
        raise nothing_found(paths)
    if options["as_json"]:
        echo(json_line({"totals": _as_object(totals, pace, estimator)}))
    else:
        _print_totals(totals, pace, job, estimator)
    return totals.exit_code


async def _go_through(
    items: Iterable[Item], job: Job, estimator: Estimator, *, as_json: bool
) -> Totals:
    from rewriter.runs.plan import Totals, forecast

    totals = Totals()
    for item in items:
        one = await forecast(item, job, estimator)
        totals.add(one)
        echo(json_text(one.model_dump_json()) if as_json else _line(one))
    return totals


# --- for people --------------------------------------------------------------------------------


def _line(one: Forecast) -> str:
    place = f"{one.path} -> {one.target}" if one.target else one.path
    notes = [one.reason]
    if one.model_change:
        notes.append(f"another model's: {one.model_change}")
    if one.stored:
        notes.append("answer stored")
    if one.status == "held":
        notes.append("will be held")
    if one.estimate.calls:
        notes.append(_amounts(one.estimate))
    return f"{one.action:<8} {place}  ({'; '.join(notes)})"


def _amounts(estimate: Estimate) -> str:
    tokens = f"{estimate.input_tokens:,} tokens in, {estimate.output_tokens:,} out"
    return f"about {tokens}, {dollars(estimate.cost, 'unknown price')}"


def _print_totals(
    totals: Totals, pace: Pace | BatchApiPace, job: Job, estimator: Estimator
) -> None:
    from rewriter.text.columns import columns

    rows = [["articles", "stored", "tokens in", "out", "cost", "reason"]]
    for (action, reason), one in totals.by_reason.items():
        why = reason if action == "refuse" else f"{action}: {reason}"
        rows.append(_row(one.articles, one.stored, one.estimate, why))
    rows.append(_row(totals.articles, totals.stored, totals.estimate, "in all"))
    echo(several(("", *columns(rows, left={5}))))
    for line in _remarks(totals, pace, job, estimator):
        echo(line)


def _row(articles: int, stored: int, estimate: Estimate, why: str) -> list[str]:
    amounts = (articles, stored, estimate.input_tokens, estimate.output_tokens)
    return [*(f"{amount:,}" for amount in amounts), dollars(estimate.cost, "unknown price"), why]


def _remarks(
    totals: Totals, pace: Pace | BatchApiPace, job: Job, estimator: Estimator
) -> list[str]:
    lines = []
    if totals.other_model:
        lines.append(
            f"{totals.other_model:,} of the current articles are another model's; "
            "--force rewrites them"
        )
    lines += [
        f'the price of {model} is unknown; set [prices."{model}"] in rewriter.toml'
        for model in _unpriced(totals, job, estimator)
    ]
    if totals.asked:
        lines += pace.lines(totals.estimate, totals.asked)
        lines.append(f"estimated: {estimator.assumptions(job.backend.model)}")
    if totals.asked and (reading := estimator.reading):
        lines.append(
            f"the second reader {reading.reader.model} has {totals.estimate.readings:,.0f} of the "
            f"calls and {dollars(totals.estimate.reading_cost, 'unknown price')} of the cost; "
            f"{reading.assumptions()}"
        )
    return lines


def _unpriced(totals: Totals, job: Job, estimator: Estimator) -> Iterator[str]:
    if totals.estimate.cost is not None:
        return
    if estimator.price is None:
        yield job.backend.model
    reading = estimator.reading
    if reading and reading.price is None and reading.reader.model != job.backend.model:
        yield reading.reader.model


# --- for scripts -------------------------------------------------------------------------------


def _as_object(totals: Totals, pace: Pace | BatchApiPace, estimator: Estimator) -> dict[str, Any]:
    seconds, bound = pace.duration(totals.estimate, totals.asked)
    reasons = [
        {"action": action, "reason": reason, "articles": one.articles, "stored": one.stored}
        | _estimate_fields(one.estimate)
        for (action, reason), one in totals.by_reason.items()
    ]
    return {
        "articles": totals.articles,
        "stored": totals.stored,
        **_estimate_fields(totals.estimate),
        "seconds": round(seconds, 1),
        "bound_by": bound,
        "provider_batches": pace.batches(totals.asked),
        "learned_from": estimator.experience.articles if estimator.experience else 0,
        "reasons": reasons,
    }


def _estimate_fields(estimate: Estimate) -> dict[str, Any]:
    names = ("calls", "input_tokens", "output_tokens", "cost", "readings", "reading_cost")
    return estimate.model_dump(include=set(names))
