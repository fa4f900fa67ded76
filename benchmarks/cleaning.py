"""How well the cleaner finds the article of a page, beside other extractors.

    python -m benchmarks.cleaning FOLDER [--flatten inner|nodes|markdown] [--worst 10]

FOLDER holds pairs: `NAME.html`, a page as it was fetched, and `NAME.txt`, the article's text as a
person would copy it. Public suites can be brought into this form; they stay outside of the
repository.
With `--flatten` only the product is measured, on the page's text without its markup.

Printed for each extractor: the mean over pages of F1, precision and recall of runs of four words,
of the precision of single words, and CPU seconds a page.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from lxml import etree
from lxml import html as lxml_html

from rewriter.cleaning import clean
from rewriter.errors import SourceError

_SHINGLE = 4
_SPACES = re.compile(r"\s+")
_WORD = re.compile(r"\w+")
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "label",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "option",
        "p",
        "pre",
        "section",
        "select",
        "summary",
        "table",
        "tr",
        "ul",
    ]
)
_UNSEEN = frozenset(
    [
        "head",
        "iframe",
        "link",
        "meta",
        "noscript",
        "object",
        "script",
        "style",
        "svg",
        "template",
        "textarea",
        "title",
    ]
)


class Score(NamedTuple):
    """Agreement of one extracted text with the expected one; `words` is the word precision."""

    f1: float
    precision: float
    recall: float
    words: float


def score(found: str, expected: str) -> Score:
    """F1, precision and recall of runs of four words, and the precision of single words."""
    precision, recall = _overlap(_shingles(found), _shingles(expected))
    total = precision + recall
    words, _ = _overlap(Counter(_words(found)), Counter(_words(expected)))
    return Score(2 * precision * recall / total if total else 0.0, precision, recall, words)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _shingles(text: str) -> Counter[Any]:
    words = _words(text)
    starts = range(max(len(words) - _SHINGLE + 1, 1))
    return Counter(tuple(words[at : at + _SHINGLE]) for at in starts)


def _overlap(found: Counter[Any], expected: Counter[Any]) -> tuple[float, float]:
    both = (found & expected).total()
    return both / max(found.total(), 1), both / max(expected.total(), 1)


# --- three ways of flattening --------------------------------------------------------------------


def flatten(page: str, way: str) -> str:
    """The visible text of a page: a line a block (`inner`), a line a text node (`nodes`), or
    Markdown with its links, headings, list marks and images (`markdown`)."""
    body = lxml_html.document_fromstring(_without_declaration(page))
    pieces = _pieces(body, way == "markdown")
    if way == "nodes":
        lines: Iterable[str] = (piece for piece in pieces if piece != "\n")
    else:
        lines = "".join(pieces).split("\n")
    return "\n".join(line for raw in lines if (line := " ".join(raw.split())))


def _without_declaration(page: str) -> str:
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", page)


def _pieces(tree: Any, markdown: bool) -> Iterator[str]:
    unseen = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        start = event == "start"
        if tag in _BLOCKS:
            yield "\n"
        if tag in _UNSEEN:
            unseen += 1 if start else -1
        if markdown and not unseen:
            yield _mark(element, tag, start)
        text = (element.text if tag else None) if start else element.tail
        if text and not unseen and text.strip():
            yield _SPACES.sub(" ", text)
        elif text and not unseen:
            yield " "


def _mark(element: Any, tag: str, start: bool) -> str:
    if tag == "a" and element.get("href"):
        return "[" if start else f"]({element.get('href')})"
    if tag == "img" and start:
        return f"![{element.get('alt') or ''}]({element.get('src') or ''})"
    if tag in ("b", "strong"):
        return "**"
    if start and tag == "li":
        return "* "
    return "#" * int(tag[1]) + " " if start and re.fullmatch(r"h[1-6]", tag) else ""


# --- the extractors ------------------------------------------------------------------------------


def _product(page: bytes, name: str) -> str:
    try:
        source = clean(page, name=name)
    except SourceError:
        return ""
    return "\n".join([*source.paragraphs, *(f"{q.question}\n{q.answer}" for q in source.qa)])


def _trafilatura(page: bytes) -> str:
    from trafilatura import extract

    return extract(page, include_comments=False) or ""


def _resiliparse(page: bytes) -> str:
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return str(
        extract_plain_text(bytes_to_str(page, detect_encoding(page) or "utf-8"), main_content=True)
    )


def _readability(page: bytes) -> str:
    from readability import Document

    return flatten(Document(page).summary(), "inner")


EXTRACTORS: dict[str, tuple[str, Callable[[bytes], str]]] = {
    "product": ("rewriter", lambda page: _product(page, "page.html")),
    "trafilatura": ("trafilatura", _trafilatura),
    "resiliparse": ("resiliparse", _resiliparse),
    "readability-lxml": ("readability", _readability),
}


def measure(
    pages: Iterable[tuple[str, bytes, str]], extract: Callable[[bytes], str]
) -> tuple[dict[str, Score], float]:
    """The score of each page by its name, and the CPU seconds a page."""
    scores, spent = {}, 0.0
    pages = list(pages)
    extract(pages[0][1])  # loads models, which is no page's cost
    for name, page, expected in pages:
        started = time.process_time()
        found = extract(page)
        spent += time.process_time() - started
        scores[name] = score(found, expected)
    return scores, spent / max(len(scores), 1)


def _pages(folder: Path, way: str | None) -> Iterator[tuple[str, bytes, str]]:
    for path in sorted(folder.glob("*.html")):
        expected = path.with_suffix(".txt").read_text(encoding="utf-8")
        page = path.read_bytes()
        if way:
            page = flatten(page.decode("utf-8", "replace"), way).encode()
        yield path.stem, page, expected


def _print(name: str, scores: dict[str, Score], cpu: float, worst: int) -> None:
    means = [fmean(values) for values in zip(*scores.values(), strict=True)]
    columns = "  ".join(f"{mean:9.4f}" for mean in means)
    low = min(result.f1 for result in scores.values())
    print(f"{name:18} {len(scores):5}  {columns}  {low:6.2f}  {cpu:8.4f}")
    for page, result in sorted(scores.items(), key=lambda entry: entry[1].f1)[:worst]:
        print(
            f"    {result.f1:.2f} (precision {result.precision:.2f}, recall"
            f" {result.recall:.2f}) {page}"
        )


def main() -> int:
    """Measure the folder; 2 where it holds no pairs."""
    parser = argparse.ArgumentParser(description="Measure the cleaner on pages with expected text.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--flatten", choices=("inner", "nodes", "markdown"))
    parser.add_argument("--only", choices=tuple(EXTRACTORS))
    parser.add_argument("--worst", type=int, default=0, help="name so many of the lowest pages")
    given = parser.parse_args()
    pages = list(_pages(given.folder, given.flatten))
    if not pages:
        print(f"{given.folder}: no NAME.html with a NAME.txt beside it", file=sys.stderr)
        return 2
    print(
        f"{'extractor':18} {'pages':>5}  {'F1':>9}  {'precision':>9}  {'recall':>9}"
        f"  {'words':>9}  {'lowest':>6}  {'CPU s':>8}"
    )
    if given.flatten:
        scores, cpu = measure(pages, lambda page: _product(page, "page.txt"))
        _print(f"product, {given.flatten}", scores, cpu, given.worst)
        return 0
    for name, (package, extract) in EXTRACTORS.items():
        if given.only not in (None, name):
            continue
        if importlib.util.find_spec(package) is None:
            print(f"{name:18} not installed")
            continue
        _print(name, *measure(pages, extract), given.worst)
    return 0


if __name__ == "__main__":
    sys.exit(main())
