"""What the largest and strangest answers of a provider cost: CPU seconds and memory.

Run as `python -m benchmarks.bombs`. Each bomb is decoded, read, and checked where it is accepted,
in a process of its own. `tests/completion/test_bombs.py` bounds the seconds of each.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import time
from collections.abc import Callable, Mapping
from typing import Any

from rewriter.article import Rewrite, Source
from rewriter.checks import check_rewrite
from rewriter.completion import Completion
from rewriter.completion.answer import read_rewrite
from rewriter.completion.decoding import Timing, decode
from rewriter.errors import MalformedAnswerError
from tests import articles

_ACCEPTED = 49_000  # characters: just below what is refused as too large
_MOST = 4_000_000  # bytes: just below what is read


def _answer(**changes: Any) -> str:
    return json.dumps(articles.rewrite().model_dump(mode="json") | changes)


def _long(unit: str) -> Callable[[], str]:
    room = _ACCEPTED - len(_answer())
    return lambda: _answer(overview=unit * (room // len(unit)))


def _sentences() -> str:
    return _answer(overview=" ".join(f"Town {n} paid {n * 7} euros." for n in range(1_500)))


def _bullets() -> str:
    bullets = [f"Town {n} pays {n} euros." for n in range(900)]
    return _answer(impact={"field": "towns", "bullets": bullets})


# The text of an answer, by name. Those above the line are accepted, and checked.
BOMBS: Mapping[str, Callable[[], str]] = {
    "1,500 sentences with figures": _sentences,
    "900 bullets": _bullets,
    "short sentences": _long("A b. "),
    "figures": _long("1,234 "),
    "dates": _long("12 May 2026, "),
    "names": _long("Mara Lindqvist "),
    "quotations": _long("“a” "),
    "links": _long("http://a.example/b "),
    "hyphens": _long("a-"),
    "brackets": _long("("),
    "one word": _long("a"),
    # --- refused ---------------------------------------------------------------------------------
    "4 MB of one word": lambda: _answer(overview="a" * _MOST),
    "4 MB of braces": lambda: '{"' * (_MOST // 2),
    "4 MB of brackets": lambda: "[" * _MOST,
    "4 MB of objects": lambda: "{}" * (_MOST // 2),
    "4 MB of reasoning": lambda: "</think>" * (_MOST // 8),
    "a list of a million numbers": lambda: json.dumps({"tags": [1] * 1_000_000}),
    "an object of 200,000 keys": lambda: json.dumps({str(n): 1 for n in range(200_000)}),
    "a number of a million digits": lambda: '{"a": ' + "9" * 1_000_000 + "}",
    "a key 300,000 times": lambda: "{" + ", ".join(['"a": 1'] * 300_000) + "}",
}


def explode(text: str, source: Source) -> tuple[float, Rewrite | None]:
    """CPU seconds to decode, read and check an answer with `text`, and the rewrite if accepted."""
    usage = {"prompt_tokens": 1, "completion_tokens": 1}
    body = json.dumps({"choices": [{"message": {"content": text}}], "usage": usage}).encode()
    began = time.process_time()
    completion = decode(body, "m", Timing(None, 0.0), {})
    assert isinstance(completion, Completion)  # noqa: S101 - it has a choice
    try:
        rewrite = read_rewrite(completion.text)
    except MalformedAnswerError:
        return time.process_time() - began, None
    for _ in check_rewrite(rewrite, source, articles.rules()):
        pass
    return time.process_time() - began, rewrite


def _measure(name: str) -> tuple[float, float, bool]:
    seconds, rewrite = explode(BOMBS[name](), articles.source())
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rewrite is not None


def main() -> None:
    """Print the table."""
    print(f"{'answer':<32} {'CPU s':>6} {'MB':>6}")
    for name in BOMBS:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            seconds, megabytes, accepted = pool.apply(_measure, (name,))
        print(
            f"{name:<32} {seconds:>6.2f} {megabytes:>6.0f} {'checked' if accepted else 'refused'}"
        )


if __name__ == "__main__":
    main()
