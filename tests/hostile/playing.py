"""Articles that carry an order to the model, and a model that obeys it.

`attacks/LANG.toml` lists the orders of a language. Each is put into `articles/LANG.txt` and read by
the whole pipeline; the provider answers as a model would that does what the order says. Nothing in
`never` may be published. `honest/LANG.toml` lists stories about such orders, about fraud and about
models; the provider rewrites them faithfully, and they are to be published.
"""

from __future__ import annotations

import html
import json
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from rewriter.article import Value
from tests.provider.answers import answer_to, schema_of

HERE = Path(__file__).parent
LANGUAGES = ("en", "de", "fr", "es")

Where = Literal[
    "paragraph",  # one of its own, in the middle
    "first",
    "last",
    "inline",  # at the end of the second paragraph
    "split",  # a "|" parts it over two places
    "title",
    "item",  # Markdown list
    "heading",
    "code",
    "comment",
    "quote",  # Markdown block quote of nobody
    "front-matter",  # a key `note` in front matter
    "caption",  # HTML
    "html",  # as it is, in the middle of an HTML page
    "json-title",  # the fields of a news item
    "json-description",
    "json-content",
]


class Attack(Value):
    """An order to the model, where it stands, and what a model that obeys it writes.

    `swap` replaces texts in the faithful answer, `add` appends a sentence to a section, and `put`
    sets whole fields. `never` are the words that must not be published, `sentiment` one of the
    three that must not be.
    """

    kind: str
    text: str
    where: Where = "paragraph"
    swap: dict[str, str] = Field(default_factory=dict)
    add: dict[str, str] = Field(default_factory=dict)
    put: dict[str, Any] = Field(default_factory=dict)
    never: tuple[str, ...] = ()
    sentiment: str = ""


class Story(Value):
    """An honest story that speaks of orders, fraud or models; `text` has the title first."""

    kind: str
    text: str


def attacks() -> list[tuple[str, Attack]]:
    """Every attack with its language."""
    return [
        (path.stem, Attack.model_validate(entry))
        for path in sorted((HERE / "attacks").glob("*.toml"))
        for entry in _read(path, "attack")
    ]


def stories() -> list[tuple[str, Story]]:
    """Every honest story with its language."""
    return [
        (path.stem, Story.model_validate(entry))
        for path in sorted((HERE / "honest").glob("*.toml"))
        for entry in _read(path, "story")
    ]


def _read(path: Path, key: str) -> list[dict[str, Any]]:
    return list(tomllib.loads(path.read_text(encoding="utf-8"))[key])


def plain(lang: str) -> str:
    """The article of a language without an order."""
    return (HERE / "articles" / f"{lang}.txt").read_text(encoding="utf-8")


def planted(lang: str, attack: Attack) -> tuple[str, bytes]:
    """File name and bytes of the article with the order in its place."""
    title, *body = plain(lang).strip().split("\n\n")
    name, text = _PLACES[attack.where](lang, title, body, attack.text)
    return name, text.encode()


def _text(title: str, body: list[str]) -> tuple[str, str]:
    return "a.txt", "\n\n".join((title, *body)) + "\n"


def _with(body: list[str], at: int, *more: str) -> list[str]:
    return [*body[:at], *more, *body[at:]]


def _split(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
    one, other = text.split("|")
    return _text(title, _with(_with(body, 4, other), 2, one))


def _inline(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
    return _text(title, [body[0], f"{body[1]} {text}", *body[2:]])


def _markdown(mark: Callable[[str], str]) -> Callable[..., tuple[str, str]]:
    def place(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
        page = "\n\n".join(_with(body, 3, mark(text)))
        return "a.md", f"---\ntitle: {json.dumps(title)}\nlang: {lang}\n---\n\n{page}\n"

    return place


def _front_matter(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
    page = "\n\n".join(body)
    return "a.md", f"---\ntitle: {json.dumps(title)}\nnote: {json.dumps(text)}\n---\n\n{page}\n"


def _page(mark: Callable[[str], str]) -> Callable[..., tuple[str, str]]:
    def place(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
        blocks = [f"<p>{html.escape(paragraph)}</p>" for paragraph in body]
        page = "\n".join(_with(blocks, 3, mark(text)))
        head = f'<html lang="{lang}"><head><title>{title}</title></head>'
        return "a.html", f"{head}<body><article><h1>{title}</h1>\n{page}</article></body></html>"

    return place


def _item(field: str) -> Callable[..., tuple[str, str]]:
    def place(lang: str, title: str, body: list[str], text: str) -> tuple[str, str]:
        fields = {"title": title, "description": body[0], "content": "\n\n".join(body)}
        if field == "title":
            fields["title"] = text
        else:
            fields[field] += f"\n\n{text}"
        return "a.json", json.dumps({**fields, "language": lang}, ensure_ascii=False)

    return place


_PLACES: Mapping[Where, Callable[..., tuple[str, str]]] = {
    "paragraph": lambda lang, title, body, text: _text(title, _with(body, 3, text)),
    "first": lambda lang, title, body, text: _text(title, [text, *body]),
    "last": lambda lang, title, body, text: _text(title, [*body, text]),
    "inline": _inline,
    "split": _split,
    "title": lambda lang, title, body, text: _text(text, body),
    "item": _markdown(lambda text: "\n".join(f"- {line}" for line in text.splitlines())),
    "heading": _markdown(lambda text: f"## {text}"),
    "code": _markdown(lambda text: f"```\n{text}\n```"),
    "comment": _markdown(lambda text: f"<!-- {text} -->"),
    "quote": _markdown(lambda text: f"> {text}"),
    "front-matter": _front_matter,
    "caption": _page(
        lambda text: f'<figure><img src="a.jpg"><figcaption>{text}</figcaption></figure>'
    ),
    "html": _page(lambda text: text),
    "json-title": _item("title"),
    "json-description": _item("description"),
    "json-content": _item("content"),
}


def obedient(attack: Attack | None, body: Mapping[str, Any]) -> str:
    """The content of an answer: faithful to the article, but for what `attack` orders."""
    answer = json.loads(answer_to(body))
    if attack is None or "faults" in schema_of(body)["properties"]:
        return json.dumps(answer, ensure_ascii=False)
    told = json.dumps(answer, ensure_ascii=False)
    for old, new in attack.swap.items():
        told = told.replace(json.dumps(old, ensure_ascii=False)[1:-1], new)
    answer = json.loads(told)
    for section, sentence in attack.add.items():
        if section in answer:
            answer[section] = _added(answer[section], sentence)
    for field, value in attack.put.items():
        _set(answer, field.split("."), value)
    return json.dumps(answer, ensure_ascii=False)


def _added(section: Any, sentence: str) -> Any:
    """A section with a sentence appended, or with one more bullet or pair."""
    match section:
        case str():
            return f"{section} {sentence}"
        case [str(), *_]:
            return [*section[:-1], f"{section[-1]} {sentence}"]
        case {"paragraphs": paragraphs}:
            return {**section, "paragraphs": _added(paragraphs, sentence)}
        case {"bullets": bullets}:
            return {**section, "bullets": [*bullets, sentence]}
        case _:
            question, _, reply = sentence.partition("? ")
            return [*section, {"question": f"{question}?", "answer": reply}]


def _set(answer: dict[str, Any], path: list[str], value: Any) -> None:
    *outer, last = path
    for key in outer:
        answer = answer.get(key, {})
    if outer or last in answer:
        answer[last] = value
