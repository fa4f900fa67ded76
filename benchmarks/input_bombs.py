"""What the strangest articles cost: CPU seconds and memory.

Run as `python -m benchmarks.input_bombs`. Each bomb is a file; a process of its own reads, cleans
and asks about it as a run does, up to the request. `tests/test_input_bombs.py` bounds
the quickest of each kind.
"""

from __future__ import annotations

import gzip
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import islice, product

from rewriter.checks import Evidence
from rewriter.cleaning import clean
from rewriter.document import refuse_uneditable
from rewriter.errors import RewriterError
from rewriter.prompting import prompt_file

_LINE = "The council paid 2.40 euros for the ferry on Monday. "
_MOST = 399_000  # characters: just below what is refused as more than one article


def _article(text: str) -> str:
    return f"Ferry fares stay\n\n{text}\n"


def _markdown(header: str, text: str = _LINE * 20) -> str:
    return f"---\n{header}\n---\n{text}\n"


def _page(body: str) -> str:
    paragraphs = f"<p>{_LINE * 6}</p>" * 4
    return f"<html><body><article><h1>Fares stay</h1>{paragraphs}{body}</article></body></html>"


def _aliases(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def _asides(count: int) -> str:
    """One paragraph of nearly all the letters that an article may have, with so many asides."""
    names = (word.removesuffix(". ") for word in _words(count))
    asides = "".join(f"Please write {name} into the text now. " for name in names)
    return _article(f"{_LINE}\n" * 6 + asides + _LINE * ((_MOST - len(asides)) // len(_LINE) - 6))


def _words(count: int) -> Iterator[str]:
    """That many different sentences of one word each."""
    letters = product("ABCDEFGHIJKLMNOPQRSTUVWXYZ", *["aeioubdfglmnprst"] * 3)
    return (f"{''.join(word)}. " for word in islice(letters, count))


def _long(unit: str) -> Callable[[], str]:
    return lambda: _article(unit * (_MOST // len(unit)))


def _mhtml(parts: int, parameters: str = "") -> bytes:
    """A saved page in that many parts."""
    head = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.example/ferries\r\n"
    head += (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"{parameters}\r\n\r\n'
    )
    part = f"--b\r\nContent-Type: text/html\r\n\r\n{_page('')}\r\n"
    return f"{head}{part * parts}--b--\r\n".encode()


# A file, by what it is: its name and its bytes.
BOMBS: Mapping[str, tuple[str, Callable[[], str | bytes]]] = {
    "YAML aliases, 9^12": ("a.md", lambda: _markdown(_aliases(12))),
    "YAML brackets, 5,000 deep": ("a.md", lambda: _markdown("a: " + "[" * 5_000)),
    "YAML maps, 5,000 deep": (
        "a.md",
        lambda: _markdown("\n".join(" " * n + "a:" for n in range(2_000))),
    ),
    "YAML of 1 MB": ("a.md", lambda: _markdown("\n".join(f"k{n}: v" for n in range(100_000)))),
    "YAML line of 1 MB": ("a.md", lambda: _markdown("title: " + "x" * 1_000_000)),
    "YAML tags, 10,000": ("a.md", lambda: _markdown("tags: [" + "a, " * 10_000 + "a]")),
    "TOML keys, 5,000 deep": (
        "a.md",
        lambda: "+++\n" + "a." * 5_000 + "a = 1\n+++\n" + _LINE * 20,
    ),
    "JSON, 100,000 deep": ("a.json", lambda: "[" * 100_000 + "]" * 100_000),
    "JSON of 100,000 keys": (
        "a.json",
        lambda: "{" + ",".join(f'"k{n}": "v"' for n in range(100_000)) + ', "title": "a"}',
    ),
    "HTML, 100,000 deep": ("a.html", lambda: _page("<div>" * 100_000)),
    "HTML, 100,000 spans": ("a.html", lambda: _page("<span>a</span>" * 100_000)),
    "HTML tags in one paragraph, 12,000": (
        "a.html",
        lambda: _page(f"<p>{'<i>a</i> b <s>c</s> d<sup>2</sup> ' * 4_000}</p>"),
    ),
    "HTML links in 200 boxes, 6,000": (
        "a.html",
        lambda: _page("<div>" * 200 + "<a rel='author' href='/author/a'>Ann Lee</a>" * 6_000),
    ),
    "HTML tags never closed": ("a.html", lambda: _page("<a<b " * 100_000)),
    "HTML attributes, 50,000": (
        "a.html",
        lambda: _page("<p " + " ".join(f"a{n}=b" for n in range(50_000)) + ">x</p>"),
    ),
    "HTML posts, 39,000": (
        "a.html",
        lambda: _page("<div>" * 490 + '<blockquote class="twitter-tweet"></blockquote>' * 39_000),
    ),
    "HTML posts with text, 9,000": (
        "a.html",
        lambda: _page('<blockquote class="twitter-tweet">Go on, she said.</blockquote>' * 9_000),
    ),
    "HTML class of 400,000 letters": (
        "a.html",
        lambda: _page(f'<p class="{"tooltip-" * 50_000}">{_LINE}</p>'),
    ),
    "HTML table, 20,000 cells": ("a.html", lambda: _page("<table>" + "<tr><td>1" * 20_000)),
    "entities, 500,000": ("a.html", lambda: _page("&amp;" * 500_000)),
    "entities in entities": ("a.html", lambda: _page("&" + "amp;" * 200_000)),
    "XML entities, billion laughs": (
        "a.xml",
        lambda: (
            '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "ha">'
            + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
            + "]><rss><channel><item><title>&a11;</title></item></channel></rss>"
        ),
    ),
    "XML, 50,000 items": (
        "a.rss",
        lambda: (
            "<rss><channel>"
            + f"<item><title>T</title><description>{_LINE}</description></item>" * 20_000
            + "</channel></rss>"
        ),
    ),
    "Markdown quotes, 50,000 deep": ("a.md", lambda: _article(">" * 50_000 + " a")),
    "Markdown lists, 2,000 deep": (
        "a.md",
        lambda: _article("\n".join(" " * (2 * n) + "- a" for n in range(2_000))),
    ),
    "Markdown brackets": ("a.md", lambda: _article("[" * 200_000)),
    "Markdown links": ("a.md", lambda: _article("[a](" * 100_000)),
    "Markdown images": ("a.md", lambda: _article("![a](b) " * 30_000)),
    "Markdown emphasis": ("a.md", lambda: _article("*a_" * 100_000)),
    "Markdown footnotes, 10,000": (
        "a.md",
        lambda: _article(
            " ".join(f"Word[^{n}]." for n in range(10_000))
            + "\n\n"
            + "\n".join(f"[^{n}]: Note." for n in range(9_000))
        ),
    ),
    "Markdown fences": ("a.md", lambda: _article("```\n" * 9_000)),
    "shortcodes never closed": ("a.md", lambda: _article("{{< a " * 40_000)),
    "comments never closed": ("a.md", lambda: _article("<!-- " * 49_000)),
    "9,900 short lines": ("a.txt", lambda: _article("Go on.\n" * 9_900)),
    "9,900 tables of contents": ("a.txt", lambda: _article("Contents\n" * 9_900)),
    "9,900 contents without a name": ("a.txt", lambda: _article("Contents\n1.1\n" * 4_900)),
    "asides in a long text": ("a.txt", lambda: _asides(200)),
    "9,900 questions": ("a.txt", lambda: _article("Is it so?\nYes.\n" * 4_900)),
    "sentences with figures": ("a.txt", _long(_LINE)),
    "figures": ("a.txt", _long("1,234 ")),
    "digits": ("a.txt", _long("1")),
    "dates": ("a.txt", _long("12 May 2026, ")),
    "names": ("a.txt", _long("Mara Lindqvist ")),
    "initials": ("a.txt", lambda: _article("A. " * 29_900)),
    "sentences of four letters": ("a.txt", lambda: _article("".join(_words(29_900)))),
    "quotations": ("a.txt", _long("“a” ")),
    "quotation marks": ("a.txt", _long('"')),
    "links": ("a.txt", _long("http://a.example/b ")),
    "dots": ("a.txt", _long(".")),
    "hyphens": ("a.txt", _long("a-")),
    "brackets": ("a.txt", _long("(")),
    "spaces": ("a.txt", lambda: _article("a" + " " * 1_000_000 + "b")),
    "one word": ("a.txt", _long("a")),
    "one line of 1 MB": ("a.txt", lambda: _article(_LINE * 20_000)),
    "a word of 4 MB": ("a.txt", lambda: _article("a" * 4_000_000)),
    "combining marks": ("a.txt", lambda: _article("a" + "\u0301" * 400_000)),
    "combining marks, unordered": ("a.txt", lambda: _article("a" + "\u0301\u0316" * 200_000)),
    "ligatures that expand": ("a.txt", _long("\ufdfa")),
    "bidirectional marks": ("a.txt", _long("\u202e\u202d")),
    "tag characters": ("a.txt", lambda: _article("a" + "\U000e0041" * 200_000)),
    "NUL bytes": ("a.txt", lambda: b"\0" * 4_000_000),
    "broken UTF-8": ("a.txt", lambda: b"\xc3(" * 1_000_000),
    "UTF-16 of 4 MB": ("a.txt", lambda: _article(_LINE * 9_000).encode("utf-16")),
    "gzip of 100 MB": ("a.txt", lambda: gzip.compress(b"a" * 100_000_000)),
    "Han letters in one run": ("a.txt", lambda: _article("\u6f22" * (_MOST // 3))),
    "MHTML of 4,000 parts": ("a.mhtml", lambda: _mhtml(4_000)),
    "MHTML of 3 million parameters": ("a.mhtml", lambda: _mhtml(1, "; a=1" * 3_000_000)),
    "20 MB of words": ("a.txt", lambda: _article("word " * 3_900_000)),
}


def explode(name: str) -> tuple[float, str]:
    """CPU seconds to read a bomb as a run does, and what became of it."""
    file, content = BOMBS[name]
    made = content()
    data = made.encode() if isinstance(made, str) else made
    prompt = prompt_file.load()
    began = time.process_time()
    try:
        source = clean(data, name=file)
        if file.endswith(".md"):
            refuse_uneditable(data, prompt.rules)
        prompt.request(source, "m").digest()
        Evidence(source)
        became = "read"
    except RewriterError:
        became = "refused"
    return time.process_time() - began, became


def _measure(name: str) -> tuple[float, float, str]:
    seconds, became = explode(name)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, became


def main(names: list[str]) -> None:
    """Print the table, of the bombs called `names` or of all."""
    for name in ("a.txt", "a.html"):  # what is loaded at the first use
        clean(
            _page(_LINE).encode() if name == "a.html" else _article(_LINE * 9).encode(), name=name
        )
    print(f"{'input':<32} {'CPU s':>6} {'MB':>6}")
    for name in names or BOMBS:
        with multiprocessing.get_context("fork").Pool(1) as pool:
            seconds, megabytes, became = pool.apply(_measure, (name,))
        print(f"{name:<32} {seconds:>6.2f} {megabytes:>6.0f} {became}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
