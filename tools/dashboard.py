"""Writes the Grafana dashboard from the table of its panels: `make dashboard`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

PATH = Path(__file__).parent.parent / "deploy" / "grafana" / "dashboards" / "rewriter.json"
_WIDTH, _HEIGHT, _COLUMNS = 8, 7, 3
# Grafana's own: four scrape intervals at least.
_BY = "$__rate_interval"
_WAITING = 'rewriter_queue_articles{state=~"ready|delayed|suspect"}'


class Panel(NamedTuple):
    """A panel: its title, Grafana's name of the unit, and queries with their legends.

    A panel without a legend shows its last value as a number.
    """

    title: str
    unit: str
    queries: tuple[tuple[str, str], ...]


def _quantiles(histogram: str, by: str = "") -> tuple[tuple[str, str], ...]:
    grouped = f"le, {by}" if by else "le"
    legend = f"{{{{{by}}}}} " if by else ""
    return tuple(
        (
            f"histogram_quantile({share}, sum by ({grouped}) (rate({histogram}_bucket[{_BY}])))",
            f"{legend}{name}",
        )
        for share, name in ((0.5, "median"), (0.95, "95 %"))
    )


PANELS = (
    Panel("Processes at work", "none", (("max(rewriter_worker_processes)", ""),)),
    Panel("Articles waiting", "none", ((f"max(sum by (instance) ({_WAITING}))", ""),)),
    Panel("Oldest waiting", "s", (("max(rewriter_queue_oldest_waiting_seconds)", ""),)),
    Panel(
        "Articles a minute, by outcome",
        "none",
        ((f"60 * sum by (outcome) (rate(rewriter_articles_total[{_BY}])) > 0", "{{outcome}}"),),
    ),
    Panel("Queue, by state", "none", (("max by (state) (rewriter_queue_articles)", "{{state}}"),)),
    Panel("Seconds an article", "s", _quantiles("rewriter_article_seconds")),
    Panel("Seconds a call", "s", _quantiles("rewriter_provider_call_seconds", "provider")),
    Panel(
        "Failed calls a minute, by error",
        "none",
        ((f"60 * sum by (error) (rate(rewriter_provider_errors_total[{_BY}]))", "{{error}}"),),
    ),
    Panel(
        "Calls in flight",
        "none",
        (("sum by (provider) (rewriter_provider_calls_in_flight)", "{{provider}}"),),
    ),
    Panel(
        "Wait for the rate limit",
        "s",
        (
            *_quantiles("rewriter_limit_wait_seconds"),
            ("max(rewriter_provider_pause_seconds)", "pause of the provider"),
        ),
    ),
    Panel(
        "Tokens a minute",
        "none",
        (
            (
                f"60 * sum by (role, direction) (rate(rewriter_tokens_total[{_BY}]))",
                "{{role}} {{direction}}",
            ),
        ),
    ),
    Panel(
        "Cost an hour, by model",
        "currencyUSD",
        ((f"3600 * sum by (model) (rate(rewriter_cost_usd_total[{_BY}]))", "{{model}}"),),
    ),
    Panel(
        "Spent today (UTC)",
        "currencyUSD",
        (
            ("max(rewriter_budget_spent_usd)", "spent"),
            ("max(rewriter_daily_budget_usd)", "budget"),
        ),
    ),
    Panel(
        "Stored answers reused a minute",
        "none",
        ((f"60 * sum by (role) (rate(rewriter_ledger_hits_total[{_BY}]))", "{{role}}"),),
    ),
    Panel(
        "Claims taken from dead processes",
        "none",
        (("max(increase(rewriter_claims_taken_over_total[1h]))", "in an hour"),),
    ),
    Panel(
        "Most frequent findings, last hour",
        "none",
        (
            (
                "topk(10, sum by (code, severity) (increase(rewriter_findings_total[1h])))",
                "{{code}} {{severity}}",
            ),
        ),
    ),
    Panel(
        "The second reader's findings, last hour",
        "none",
        (
            (
                "topk(10, sum by (kind) (increase(rewriter_reader_findings_total[1h])))",
                "{{kind}}",
            ),
        ),
    ),
    Panel(
        "Articles that met an error, last hour",
        "none",
        (
            ("sum by (error) (increase(rewriter_article_errors_total[1h]))", "{{error}}"),
            (
                'sum by (error) (increase(rewriter_article_returns_total{error!=""}[1h]))',
                "{{error}}, tried again later",
            ),
        ),
    ),
)


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana imports it."""
    return {
        "uid": "rewriter",
        "title": "rewriter",
        "schemaVersion": 39,
        "version": 1,
        "refresh": "30s",
        "time": {"from": "now-3h", "to": "now"},
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
        "panels": [_panel(number, panel) for number, panel in enumerate(PANELS)],
    }


def _panel(number: int, panel: Panel) -> dict[str, Any]:
    row, column = divmod(number, _COLUMNS)
    source = {"type": "prometheus", "uid": "${source}"}
    is_number = not panel.queries[0][1]
    return {
        "id": number + 1,
        "title": panel.title,
        "type": "stat" if is_number else "timeseries",
        "datasource": source,
        "gridPos": {"x": column * _WIDTH, "y": row * _HEIGHT, "w": _WIDTH, "h": _HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "options": {},
        "targets": [
            {"refId": chr(ord("A") + n), "datasource": source, "expr": expr, "legendFormat": legend}
            for n, (expr, legend) in enumerate(panel.queries)
        ],
    }


def text() -> str:
    """The dashboard as JSON."""
    return json.dumps(dashboard(), indent=2) + "\n"


if __name__ == "__main__":
    PATH.write_text(text(), encoding="utf-8")
