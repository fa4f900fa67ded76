"""Draw the dashboard with what a Prometheus has stored: `make dashboard-picture`.

It asks the queries of the panels and draws them as Grafana lays them out, without a Grafana.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from tools.chromium import find
from tools.dashboard import PANELS, Panel

_PATH = Path(__file__).parents[1] / "docs" / "images" / "dashboard.jpg"
_SECONDS, _STEP = 10 * 60, 15
_WIDTH, _HEIGHT, _TOP = 380, 150, 16
_COLORS = ("#2f6fb3", "#c4572b", "#3a8a4f", "#8b5aa8", "#a8862a", "#4a9c9c", "#b5446e", "#666666")
_STYLE = """
body { margin: 0; padding: 12px; background: #f4f5f7; font: 12px sans-serif; color: #24292e }
main { display: grid; grid-template-columns: repeat(3, 400px); gap: 8px }
section { background: #fff; border: 1px solid #d8dade; padding: 8px 10px; height: 214px }
h2 { margin: 0 0 6px; font-size: 13px } svg { display: block } text { font-size: 10px; fill: #666 }
ul { margin: 4px 0 0; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 12px; list-style: none }
b { display: block; padding-top: 46px; text-align: center; font-size: 44px; font-weight: normal }
i { display: inline-block; width: 10px; height: 3px; margin-right: 5px; vertical-align: middle }
"""


class Series(NamedTuple):
    """A line of a panel: its legend, and its points as pairs of Unix seconds and a value."""

    legend: str
    points: Sequence[tuple[float, float]]


def asked(address: str, expr: str, legend: str, end: float) -> list[Series]:
    """What a Prometheus answers to the query of a panel, for the time before `end`."""
    query = {"query": expr.replace("$__rate_interval", "1m"), "step": str(_STEP)}
    query |= {"start": str(end - _SECONDS), "end": str(end)}
    url = f"{address}/api/v1/query_range?{urllib.parse.urlencode(query)}"
    with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - an operator's own address
        found = json.load(answer)["data"]["result"]
    return [Series(named(legend, one["metric"]), _points(one["values"])) for one in found]


def named(legend: str, labels: Mapping[str, str]) -> str:
    """A legend with the values of labels in the place of `{{label}}`."""
    for label, value in labels.items():
        legend = legend.replace(f"{{{{{label}}}}}", value)
    return legend


def _points(values: Sequence[tuple[float, str]]) -> list[tuple[float, float]]:
    return [(at, float(value)) for at, value in values if math.isfinite(float(value))]


def drawn(panel: Panel, lines: Sequence[Series], end: float) -> str:
    """A panel as HTML: its last value as a number where it has no legend, otherwise its lines."""
    title = f"<h2>{escape(panel.title)}</h2>"
    if not panel.queries[0][1]:
        last = lines[0].points[-1][1] if lines and lines[0].points else math.nan
        return f"<section>{title}<b>{_told(last, panel.unit)}</b></section>"
    most = max((value for line in lines for _, value in line.points), default=0) or 1
    paths = "".join(_path(line, n, most, end) for n, line in enumerate(lines))
    axis = f'<text x="0" y="10">{_told(most, panel.unit)}</text>'
    legends = "".join(
        f'<li><i style="background: {_COLORS[n % len(_COLORS)]}"></i>{escape(line.legend)}</li>'
        for n, line in enumerate(lines)
    )
    chart = f'<svg width="{_WIDTH}" height="{_HEIGHT}">{axis}{paths}</svg>'
    return f"<section>{title}{chart}<ul>{legends or '<li>nothing</li>'}</ul></section>"


def _path(line: Series, number: int, most: float, end: float) -> str:
    places = " ".join(
        f"{_WIDTH * (1 - (end - at) / _SECONDS):.1f},"
        f"{_HEIGHT - 2 - (_HEIGHT - _TOP - 2) * value / most:.1f}"
        for at, value in line.points
    )
    color = _COLORS[number % len(_COLORS)]
    return f'<polyline points="{places}" fill="none" stroke="{color}" stroke-width="1.5"/>'


def _told(value: float, unit: str) -> str:
    if math.isnan(value):
        return "no data"
    amount = f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
    return {"s": f"{amount} s", "currencyUSD": f"${amount}"}.get(unit, amount)


def page(address: str) -> str:
    """The dashboard as an HTML page. Raises `OSError` where the Prometheus does not answer."""
    end = time.time()
    panels = (
        drawn(panel, [line for query in panel.queries for line in asked(address, *query, end)], end)
        for panel in PANELS
    )
    return f"<!doctype html><style>{_STYLE}</style><main>{''.join(panels)}</main>"


def main(address: str) -> None:
    """Write the picture into docs/images/."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder, "page.html")
        file.write_text(page(address.rstrip("/")), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        shown = browser.new_page(viewport={"width": 1240, "height": 700})
        shown.goto(file.as_uri())
        shown.screenshot(path=_PATH, type="jpeg", quality=75, full_page=True)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:9090")
