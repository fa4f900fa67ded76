"""The dashboard and the alert rules ask for metrics that there are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from tests.observability.names import METRICS
from tools import dashboard
from tools.dashboard_picture import Series, drawn, named

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


def kept_by_grafana(dashboard: dict[str, Any]) -> Any:
    """The dashboard as Grafana's own types read it: what they do not know is not in it."""
    return json.loads(JSONEncoder().encode(Dashboard.from_json(dashboard)))


def missing(given: Any, kept: Any, place: str = "") -> list[str]:
    """The places of what was not kept as it was given."""
    if isinstance(given, dict) and isinstance(kept, dict):
        return [
            wrong
            for key, value in given.items()
            for wrong in missing(value, kept.get(key), f"{place}.{key}")
        ]
    if isinstance(given, list) and isinstance(kept, list) and len(given) == len(kept):
        pairs = enumerate(zip(given, kept, strict=True))
        return [
            wrong for n, (one, other) in pairs for wrong in missing(one, other, f"{place}[{n}]")
        ]
    return [] if given == kept else [place]


def test_grafana_knows_all_that_the_dashboard_says() -> None:
    known = dashboard.dashboard()
    assert missing(known, kept_by_grafana(known)) == []
    known["panels"][3]["titel"] = "a word that Grafana does not know"
    assert missing(known, kept_by_grafana(known)) == [".panels[3].titel"]


def test_a_panel_is_drawn_with_its_lines_and_no_markup_of_a_label() -> None:
    waiting, _, _, minute = dashboard.PANELS[:4]
    line = Series(named("{{outcome}} a", {"outcome": "<b>"}), [(0.0, 0.0), (600.0, 4.0)])
    shown = drawn(minute, [line], end=600.0)
    assert 'points="0.0,148.0 380.0,16.0"' in shown
    assert "&lt;b&gt; a" in shown
    assert "<b>2</b>" in drawn(waiting, [Series("", [(0.0, 1.0), (600.0, 2.0)])], end=600.0)
    assert "no data" in drawn(waiting, [], end=600.0)


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
