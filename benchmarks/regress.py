"""Replaying 100 cases x 3 epochs of two variants, beside the usual recipe of pytest and vcrpy.

    python -m benchmarks.regress [--cases 100] [--runs 5]

The suite is made from the shipped cases; a made-up model's answers differ a little between the two
prompt versions, so that there is something to compare. Each run is a process of its own and writes
JUnit XML and HTML. `pip install vcrpy` adds the other recipe: one cassette and one snapshot a test,
which compares nothing but equality.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from tests.gate.planted import SUITE, Laboratory, laboratory


class Cost(NamedTuple):
    """Seconds of wall and CPU, and megabytes at the peak, of one process."""

    wall: float
    cpu: float
    memory: float


# The peak that the kernel tells the parent includes the parent's own, from before the exec.
_WATCHED = """
import atexit, runpy, sys
from pathlib import Path
place, module, *rest = sys.argv[1:]
atexit.register(lambda: Path(place).write_text(Path("/proc/self/status").read_text()))
sys.argv = [module, *rest]
runpy.run_module(module, run_name="__main__", alter_sys=True)
"""


def measure(words: list[str], folder: Path) -> tuple[Cost, int]:
    """Run a module with arguments; what it took, and its exit code."""
    place = folder / "status"
    started = time.perf_counter()
    process = os.fork()
    if process == 0:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        command = [sys.executable, "-c", _WATCHED, str(place), *words]
        os.execv(sys.executable, command)  # noqa: S606 - our own commands
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - started
    peak = next(line for line in place.read_text().splitlines() if line.startswith("VmHWM"))
    cost = Cost(wall, usage.ru_utime + usage.ru_stime, int(peak.split()[1]) / 1024)
    return cost, os.waitstatus_to_exitcode(status)


def built(folder: Path, cases: int) -> Laboratory:
    """A suite of `cases` cases, accepted, and a new prompt version with other answers."""
    lab = laboratory(folder)
    _multiply(lab.suite_folder.cases, cases)
    lab.record()
    lab.accept()
    lab.new_version()
    lab.record(_varied)
    return lab


def _multiply(folder: Path, cases: int) -> None:
    names = sorted(path.stem for path in SUITE.cases.glob("*.toml"))
    for number in range(len(names), cases):
        name, copy = names[number % len(names)], number // len(names)
        for path in SUITE.cases.glob(f"{name}.*"):
            target = folder / f"{name}-{copy}{path.suffix}"
            # A line of its own makes it another article, and another request.
            text = path.read_bytes()
            mark = f"\n\nThis is edition {copy} of the report.\n".encode()
            article = path.suffix in (".txt", ".md")
            target.write_bytes(text + mark if article else text)
    for path in sorted(folder.glob("*.toml"))[cases:]:
        for part in folder.glob(f"{path.stem}.*"):
            part.unlink()


def _varied(case: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    if (len(case) + epoch) % 3:
        answer["from_author"] = [f"So far, {text}" for text in answer["from_author"]]
    return answer


def replay(lab: Laboratory, runs: int) -> None:
    """Print what a cold and a warm `regress run` take."""
    args = ["rewriter", "regress", "run", "--suite", str(lab.suite_folder.path)]
    args += ["--prompt", str(lab.prompt), "--junit", str(lab.folder / "report.xml")]
    args += ["--html", str(lab.folder / "report.html")]
    _print("regress run, cold", [_cold(args, lab) for _ in range(runs)])
    warm = [measure(args, lab.folder) for _ in range(runs)]
    _print("regress run, warm", [cost for cost, _ in warm])
    size = (lab.folder / "report.html").stat().st_size
    print(f"exit code {warm[0][1]}; HTML {size / 1e6:.2f} MB")


def _cold(args: list[str], lab: Laboratory) -> Cost:
    shutil.rmtree(lab.suite_folder.cache, ignore_errors=True)
    return measure(args, lab.folder)[0]


def recipe(lab: Laboratory, runs: int) -> None:
    """Print what the same answers take as pytest tests with a cassette and a snapshot each."""
    folder = lab.folder / "vcr"
    folder.mkdir()
    bodies = [json.loads(path.read_text()) for path in lab.files().values()]
    current = [
        entry for entry in bodies if "experienced" in entry["request"]["messages"][0]["content"]
    ]
    for number, entry in enumerate(current):
        (folder / f"{number}.yaml").write_text(json.dumps(_cassette(entry)))
        (folder / f"{number}.snapshot").write_text(entry["completion"]["text"])
        (folder / f"{number}.request").write_text(json.dumps(entry["request"]))
    (folder / "test_recipe.py").write_text(_TEST.format(count=len(current)))
    args = ["pytest", "-q", "-p", "no:cacheprovider", "-p", "no:asyncio", str(folder)]
    _print("pytest + vcrpy", [measure(args, folder)[0] for _ in range(runs)])


def _cassette(entry: dict[str, Any]) -> dict[str, Any]:
    request = {
        "method": "POST",
        "uri": "http://localhost:9/v1/chat/completions",
        "body": json.dumps(entry["request"]),
        "headers": {},
    }
    answer = {"choices": [{"message": {"content": entry["completion"]["text"]}}]}
    response = {
        "status": {"code": 200, "message": "OK"},
        "headers": {"Content-Type": ["application/json"]},
        "body": {"string": json.dumps(answer)},
    }
    return {"version": 1, "interactions": [{"request": request, "response": response}]}


_TEST = """
import json, urllib.request
from pathlib import Path
import pytest, vcr

HERE = Path(__file__).parent

@pytest.mark.parametrize("number", range({count}))
def test_snapshot(number):
    with vcr.use_cassette(str(HERE / f"{{number}}.yaml"), record_mode="none"):
        body = (HERE / f"{{number}}.request").read_bytes()
        request = urllib.request.Request("http://localhost:9/v1/chat/completions", body)
        answer = json.load(urllib.request.urlopen(request))
    text = answer["choices"][0]["message"]["content"]
    assert text == (HERE / f"{{number}}.snapshot").read_text()
"""


def _print(name: str, costs: list[Cost]) -> None:
    wall, cpu, memory = (median(values) for values in zip(*costs, strict=True))
    print(f"{name:<20} wall {wall:5.2f} s   CPU {cpu:5.2f} s   {memory:4.0f} MB", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lab = built(Path(folder), given.cases)
        replay(lab, given.runs)
        if find_spec("vcr"):
            recipe(lab, given.runs)


if __name__ == "__main__":
    main()
