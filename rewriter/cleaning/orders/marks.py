"""What belongs to a chat, a prompt or a model's answer, and to no article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from rewriter.cleaning.orders.tables import common

# In a text full of these an element is a leftover of its page.
HTML = re.compile(
    r"</?(?:p|span|div|a|img|li|ul|br|aside|figure|picture|html|head|script|meta|h\d)\b"
)

_TOKENS = (
    r"<\s*\|[^|<>]{1,40}\|\s*>|<｜[^<>]{1,40}｜>|\|im_(?:start|end)\||<(?:start|end)_of_turn>"
    r"|<\s*/?\s*(?:sys|bos|eos|think|tool_call|function_call)\s*>|</?s>"
    r"|\[\s*/?\s*(?:inst|sys|system|system_prompt|user|assistant|tool_calls|available_tools)\s*\]"
    r"|\]\]>|\{\{\s*#?(?:system|user|assistant)"
    r"|<\s*/?\s*(?:headline|overview|from_author|sentiment|impact|qa|bullets|paragraphs)\s*>"
)
_HEADERS = (
    r"^#{1,6}\s*(?:new )?(?:system|instruction|response|user|assistant|human|input|output)"
    r"(?: (?:prompt|message|note|override|instructions?))?\s*:"
    r"|^\W*(?:system|assistant|user|human)\s*:\s*$"
)
_FENCES = (
    r"(?<!#)#{3,}\s*(?:system|instructions?|prompt|user input|document|article)\b[^.#]{0,30}#{3,}"
    r"|(?:(?<![-=*_])[-=*_]{3,}|\bbegin|\bend)\s*(?:of\s+)?(?:the\s+)?"
    r"(?:system|instructions?|prompt|user input|document|article|untrusted|context)\b"
    r"[^.]{0,30}(?:[-=*_#]{3,}|$)"
)
# Each of these has such a sign or such a word: to look for them is quick.
_SIGNS = re.compile(r"[<\[{\]‹〈⟨«|#=*_]|\(\s*[/\\]|-[-=*_]{2}")
_SIGN_WORDS = (
    *("system", "assistant", "user", "human", "instruction", "prompt", "document", "article"),
    *("untrusted", "context"),
)
# Behind each key and each label of a chat's line.
_COLON = re.compile("[:：=]")
# A line within signs, which sets off what stands below it.
_FENCE = re.compile(r"\s*([-=*~_#+<>])\1{2,}[^\n]{1,60}\1{3}\s*")
_ANSWER_PART = re.compile(
    r"\s*(?:[{,]?\s*[\"'“]\s*(?:headline|overview|details|from_author|impact|qa|sentiment|topic|bullets"
    r"|paragraphs|tags|category)\s*[\"'”]\s*:|(?:headline|overview|details|from_author|sentiment|topic)"
    r"\s*(?:[:=]|\+=|<-|[=-]>))\s*\S"
)
# This many keys are an answer, in JSON or in lines.
_JSON_KEYS, _LINE_KEYS = 2, 3


# Letters by script; a text of at least so many (with Chinese characters) that are mostly of another
# script than the article's is in a language that its readers do not read; so is one with some
# Chinese characters among Latin letters. More such texts make an article in two languages.
_LETTERS = (
    *("a-zA-ZÀ-ɏ", "Ͱ-Ͽ", "Ѐ-ӿ", "֐-׿", "؀-ۿ", "ऀ-ॿ", "ঀ-෿", "฀-๿", "가-힯"),
    "\u3040-\u30ff\u3400-\u9fff",
)
_SCRIPTS = tuple(re.compile(f"[{letters}]") for letters in _LETTERS)
_NOT_LATIN = re.compile(f"[{''.join(_LETTERS[1:])}]")
_OTHER_LETTERS, _OTHER_SHARE, _OTHER_TEXTS = (40, 12), 0.25, 3
_OTHER_SIGNS = 8
# A text with this share of the article's letters is the article's own: one in Latin letters has
# names of firms and products, which every script takes over.
_OWN_SHARE, _LATIN = (0.6, 0.15), 0
_NAMES = re.compile(r"@\w+|https?://\S+")


class _Marks(NamedTuple):
    any: re.Pattern[str]
    element: re.Pattern[str]
    json_key: re.Pattern[str]
    line_key: re.Pattern[str]
    own_key: re.Pattern[str]
    asker: re.Pattern[str]
    answerer: re.Pattern[str]


def is_answer_part(text: str) -> bool:
    """Whether a text as it is written begins with a key of an answer: JSON's, or one with a colon.

    A heading in front of a text ("Overview: ...") has a capital.
    """
    return _ANSWER_PART.match(text) is not None


def has_marks(text: str) -> bool:
    """Whether a folded text has what belongs to a chat, a prompt or a model's answer.

    Elements that HTML has too are none where the text is full of HTML.
    """
    marks = _marks()
    may_have = _SIGNS.search(text) or any(map(text.__contains__, _SIGN_WORDS))
    found = [mark[0] for mark in marks.any.finditer(text)] if may_have else []
    if found and not (HTML.search(text) and all(map(marks.element.match, found))):
        return True
    if not _COLON.search(text):
        return False
    if len(marks.json_key.findall(text)) >= _JSON_KEYS:
        return True
    if len(marks.line_key.findall(text)) >= _LINE_KEYS:
        return True
    return bool(marks.answerer.search(text) and marks.asker.search(text))


def marked_run(texts: Sequence[str]) -> bool:
    """Whether folded lines that follow one another are a chat's, or an answer by its keys."""
    lines = "\n".join(texts)
    marks = _marks()
    if marks.answerer.search(lines) and marks.asker.search(lines):
        return True
    keys = marks.line_key.findall(lines)
    return len(keys) >= _LINE_KEYS and marks.own_key.search(lines) is not None


def fenced(texts: Sequence[str]) -> Iterator[int]:
    """Which texts are two lines within signs, and the one text between them."""
    fences = [_FENCE.fullmatch(text) is not None for text in texts]
    for n in range(len(texts) - 2):
        if fences[n] and fences[n + 2] and not fences[n + 1]:
            yield from (n, n + 1, n + 2)


def in_other_script(texts: Sequence[str]) -> list[int]:
    """Which few texts of an article are written in another script than the article."""
    if not any(_NOT_LATIN.search(text) for text in texts):
        return []
    plain = [_NAMES.sub("", text) for text in texts]
    counts = [[len(script.findall(text)) for script in _SCRIPTS] for text in plain]
    totals = [sum(column) for column in zip(*counts, strict=True)]
    main = totals.index(max(totals))
    found = [
        n
        for n, own in enumerate(counts)
        if (sum(own) >= _OTHER_LETTERS[bool(own[-1])] or own[-1] >= _OTHER_SIGNS)
        and own[main] < _OWN_SHARE[_is_in_latin(own, main)] * sum(own)
    ]
    most = min(_OTHER_TEXTS, _OTHER_SHARE * sum(map(any, counts)))
    return found if len(found) <= most else []


def _is_in_latin(own: Sequence[int], main: int) -> bool:
    """Whether Latin letters are the most of what a text has beside the article's own script."""
    return own[_LATIN] > (sum(own) - (own[main] if main != _LATIN else 0)) / 2


def is_labelled(text: str) -> bool:
    """Whether a folded line begins as a chat's line does, or with a key of an answer."""
    marks = _marks()
    starts = (marks.asker, marks.answerer, marks.line_key)
    return _COLON.search(text) is not None and any(p.match(text) for p in starts)


@cache
def _marks() -> _Marks:
    parts, keys = _any("parts"), _any("keys")
    closing = (
        rf"[<\[{{(‹〈⟨«]\s*(?:/|\\(?!text\b))\s*{parts}(?![a-z])\s*[\w\s=\"'-]{{0,40}}[>\]}})›〉⟩»]?"
        rf"|[<‹〈⟨]\s*(?:system|user|assistant|instructions?|prompt|article|source|rewrite)\b"
        r"[^<>]{0,40}[>›〉⟩]"
    )
    return _Marks(
        re.compile("|".join((closing, _TOKENS, _HEADERS, _FENCES))),
        re.compile(rf"^<\s*/?\s*{_any('elements')}\b"),
        re.compile(rf"[\"'“”]\s*{keys}\s*[\"'“”]\s*:"),
        re.compile(rf"(?:^|[\n;,{{])\s{{0,4}}(?:[-*]\s{{0,4}})?{keys}\s*[:=]\s*\S"),
        re.compile(rf"(?:^|\n)\W{{0,4}}{_any('own_keys')}\s*[:=]"),
        _line_of("askers"),
        _line_of("answerers"),
    )


def _any(name: str) -> str:
    return f"(?:{'|'.join(common()[name].split())})"


def _line_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^|\n)\W{{0,4}}{_any(name)}\s*[:：]")
