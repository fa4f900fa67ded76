"""How many of many articles are finished while the provider behaves badly at random.

Run as `python -m benchmarks.faults`. It starts the provider for tests as a process of its own, runs
the installed command on made-up articles, and counts what both of them report. Every behaviour that
concerns one article is mixed in. A second run shows that no stored answer is paid for again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.provider.behaviours import BEHAVIOURS, of_articles

CITIES = ("Turku", "Bergen", "Gdansk", "Aarhus", "Kiel", "Riga", "Tallinn", "Visby", "Umea", "Oulu")
GOODS = ("ferries", "cranes", "locomotives", "turbines", "tugboats", "trams", "buses", "pumps")
# A call that is not answered in two seconds hangs: the provider here takes a fifth of one. A second
# reader would be another call for each article.
ENVIRONMENT = {
    "REWRITER_TIMEOUT": "2",
    "REWRITER_READER": "off",
    "OPENAI_API_KEY": "sk-benchmark",
}
# What the ledger keeps: good answers and useless ones.
STORED = {"ok"} | {one.fault for one in BEHAVIOURS if one.kind in ("used", "useless")}
# Why an article may fail: what its own faults say, and an answer that is useless three times.
RIGHT_REASONS = tuple(one.words for one in of_articles() if one.kind in ("final", "useless"))


def article(number: int) -> str:
    """A short article that no other number gives."""
    city, goods = CITIES[number % len(CITIES)], GOODS[number % len(GOODS)]
    amount, count = 100 + number, 3 + number % 40
    return (
        f"Line {number} orders {count} electric {goods} in {city}\n\n"
        f"Coastal operator Line {number} said on Monday that it will spend ${amount} million on "
        f"{count} electric {goods}. The company carried {number + 2}.4 million passengers last "
        "year and expects its fuel costs to fall by 18%.\n\n"
        f"Chief executive Mara Lindqvist called the order a turning point for {city}. The first "
        f"two {goods} are due in March 2027, and the yard will build all of them in its old hall. "
        "Unions welcomed the plan after a dispute over night shifts that had lasted for months.\n\n"
        f"Competitors in {city} face pressure to state plans of their own before the summer. "
        "Ports on the routes need charging equipment before delivery can begin."
    )


@contextmanager
def provider(options: Sequence[str]) -> Iterator[str]:
    """The provider in a process of its own; yields its base URL."""
    command = [sys.executable, "-m", "tests.provider", "--keep", "1", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def counted(base_url: str, what: str) -> dict[str, int]:
    """The provider's own counts: `stats`, or how each call was `answered`."""
    address = base_url.removesuffix("/v1") + f"/_{what}"
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - the loopback
        counts: dict[str, int] = json.load(answer)
        return counts


def run(folder: Path, base_url: str, concurrency: int) -> list[dict[str, object]]:
    """The command's result of each article."""
    command = [sys.executable, "-m", "rewriter", "rewrite", "content", "--out", "out", "--json"]
    finished = subprocess.run(
        [*command, "--base-url", base_url, "--concurrency", str(concurrency)],
        cwd=folder,
        env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(Path.cwd())},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return [json.loads(line) for line in finished.stdout.splitlines()]


def main() -> None:
    """Print what became of the articles, and what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--concurrency", type=int, default=100)
    parser.add_argument("--fail-rate", type=float, default=0.2)
    parser.add_argument(
        "--fault", action="append", choices=sorted(one.fault for one in BEHAVIOURS), default=[]
    )
    parser.add_argument("--latency", type=float, default=0.2)
    parser.add_argument("--rpm", type=int, help="requests a minute that the provider allows")
    given = parser.parse_args()
    faults = given.fault or [one.fault for one in of_articles()]
    options = ["--latency", str(given.latency), "--fail-rate", str(given.fail_rate)]
    options += [part for fault in faults for part in ("--fault", fault)]
    options += ["--rpm", str(given.rpm)] if given.rpm else []
    with tempfile.TemporaryDirectory() as name, provider(options) as base_url:
        folder = Path(name)
        (folder / "content").mkdir()
        for number in range(given.articles):
            (folder / "content" / f"{number:05}.txt").write_text(article(number))
        began = time.monotonic()
        results = run(folder, base_url, given.concurrency)
        seconds = time.monotonic() - began
        answered = counted(base_url, "answered")
        print(f"{len(faults)} behaviours mixed in, at {given.fail_rate:.0%} of the calls")
        report(results, answered, seconds, folder)
        run(folder, base_url, given.concurrency)
        again = sum(counted(base_url, "answered").values()) - sum(answered.values())
        print("calls of a second run, for the articles that had failed:", again)


def report(
    results: Sequence[dict[str, object]], answered: dict[str, int], seconds: float, folder: Path
) -> None:
    """Print the figures."""
    statuses = Counter(str(result["status"]) for result in results)
    failed = [str(r["reason"]) for r in results if r["status"] == "failed"]
    wrong = [reason for reason in failed if not any(words in reason for words in RIGHT_REASONS)]
    calls = sum(answered.values())
    stored = sum(1 for _ in folder.glob("**/.rewriter/ledger/*/*.json"))
    print("articles:", len(results), dict(statuses))
    print("articles that failed for another reason than their own:", len(wrong))
    print("files written:", sum(1 for _ in folder.glob("out/**/*.md")))
    print(f"calls: {calls}, {calls / max(1, len(results)):.2f} an article")
    print(
        "answers stored:", stored, "of", sum(answered.get(name, 0) for name in STORED), "to store"
    )
    print(f"seconds: {seconds:.1f}")
    for reason, count in Counter(reason[:100] for reason in wrong).most_common(5):
        print(f"  {count} x {reason}")


if __name__ == "__main__":
    main()
