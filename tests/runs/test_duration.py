"""How long articles take together: by the narrowest limit, or by the provider's window."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

from rewriter.completion.limits import SPREAD
from rewriter.errors import ConfigurationError
from rewriter.runs.estimates import Estimate
from rewriter.runs.plan import BatchApiPace, Bottleneck, Pace, pace
from rewriter.settings import Settings


@pytest.mark.parametrize(
    ("limits", "articles", "seconds", "bound"),
    [
        (Pace(10), 100, 200.0, "concurrency"),
        (Pace(1000), 100, 20.0, "concurrency"),
        (Pace(100, requests_per_minute=30), 100, 200 / SPREAD, "requests_per_minute"),
        (Pace(100, tokens_per_minute=6_000), 100, 1000 / SPREAD, "tokens_per_minute"),
        (Pace(1, requests_per_minute=6_000, tokens_per_minute=10**9), 100, 2000.0, "concurrency"),
        (Pace(8), 0, 0.0, "concurrency"),
    ],
)
def test_the_narrowest_limit_sets_the_duration(
    limits: Pace, articles: int, seconds: float, bound: Bottleneck
) -> None:
    total = Estimate(calls=100, input_tokens=60_000, output_tokens=40_000, seconds=2_000)

    assert limits.duration(total, articles)[0] == pytest.approx(seconds)
    assert limits.duration(total, articles)[1] == bound


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (Pace(8), "with `rewriter rewrite`: about 0:04:10, by concurrency 8; workers are faster"),
        (Pace(100, requests_per_minute=19), "takes about 0:05:43, by requests_per_minute 19"),
    ],
)
def test_a_duration_by_concurrency_is_not_the_queues(limits: Pace, told: str) -> None:
    (line,) = limits.lines(Estimate(calls=100, seconds=2_000), 100)
    assert line.startswith(told)


def test_the_share_of_a_limit_is_the_one_that_the_gate_uses() -> None:
    script = files("rewriter.queue").joinpath("lua/admit.lua").read_text()
    spread = re.search(r"local BURST, SPREAD = [\d.]+, ([\d.]+)", script)

    assert spread
    assert float(spread[1]) == SPREAD


@pytest.mark.parametrize(("articles", "batches", "hours"), [(0, 0, 0), (1, 1, 24), (11, 3, 24)])
def test_the_batch_api_takes_a_window_for_any_number_of_batches(
    articles: int, batches: int, hours: int
) -> None:
    pace = BatchApiPace(5)

    assert pace.batches(articles) == batches
    assert pace.duration(Estimate(seconds=9_000), articles) == (hours * 3600, "completion_window")


def test_the_batch_api_says_its_limits() -> None:
    told = " ".join(BatchApiPace(5).lines(Estimate(input_tokens=12_345), 11))

    for part in ("up to 24 h", "3 batches", "at most 5 requests (batch_requests)", "about 12,345"):
        assert part in told


def test_the_settings_choose_the_pace_and_an_engine_without_batches_is_refused() -> None:
    settings = Settings(engine="openai", concurrency=3, batch_requests=7)

    assert pace(settings) == Pace(3)
    assert pace(settings, by_batch=True) == BatchApiPace(7)
    with pytest.raises(ConfigurationError, match="the batch API needs a provider"):
        pace(Settings(engine="extractive"), by_batch=True)
