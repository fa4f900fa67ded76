"""The dashboard and the alert rules ask for metrics that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.observability.names import METRICS
from tools import dashboard

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"][0][
    "rules"
]
_NAME = re.compile(r"\brewriter_\w+")


def exposed() -> set[str]:
    """The names that Prometheus stores: a histogram has three."""
    return {
        f"{name}{suffix}"
        for name, kind in METRICS.items()
        for suffix in (("_bucket", "_sum", "_count") if kind == "histogram" else ("",))
    }


QUERIES = [expr for panel in dashboard.PANELS for expr, _ in panel.queries]


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in RULES)])
def test_every_query_asks_for_metrics_that_are_exposed(query: str) -> None:
    named = set(_NAME.findall(query))
    assert named
    assert named <= exposed()


def test_every_metric_is_on_the_dashboard_or_in_a_rule() -> None:
    asked = " ".join([*QUERIES, *(rule["expr"] for rule in RULES)])
    unused = {name for name in METRICS if not re.search(rf"\b{name}(_bucket)?\b", asked)}
    assert not unused


def test_the_dashboard_is_the_one_of_the_table() -> None:
    assert dashboard.PATH.read_text("utf-8") == dashboard.text(), "run `make dashboard`"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_says_what_is_wrong_and_what_to_do(rule: dict[str, object]) -> None:
    assert re.fullmatch(r"Rewriter[A-Z]\w+", str(rule["alert"]))
    assert rule["labels"] in ({"severity": "critical"}, {"severity": "warning"})
    assert set(rule["annotations"]) == {"summary", "action"}  # type: ignore[call-overload]


def test_the_alerts_that_an_operator_needs_are_there() -> None:
    assert {rule["alert"] for rule in RULES} >= {
        "RewriterProviderDown", "RewriterOldestWaiting", "RewriterNoWorker",
        "RewriterErrorShare", "RewriterCostPace",
    }  # fmt: skip
