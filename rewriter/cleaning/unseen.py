"""Characters that take no place on the screen, in which text can be written unseen.

Tag characters and variation selectors carry whole messages behind a letter; joiners and fillers
carry bits. An emoji's selector and the joiners that scripts need are no message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason

_TAGS = "\U000e0000-\U000e007f"
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MESSAGE = re.compile(rf"[{_TAGS}]+|[{_SELECTORS}]{{2,}}")
# Joiners belong between letters of the scripts that join them, and between emoji.
_JOINED = "\u0590-\u1cff\ua800-\uabff\U0001f000-\U0001faff\u2600-\u27bf\u2640\u2642\ufe0f"
_NO_PLACE = (
    f"{_TAGS}{_SELECTORS}\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"
    "\u206a-\u206f\ufff9-\ufffb\U0001d173-\U0001d17a"
)
# One set of signs is looked for much faster than what may stand around them.
_MAY_BE_UNSEEN = re.compile(f"[{_NO_PLACE}\u200c\u200d]")
_UNSEEN = re.compile(
    rf"[{_NO_PLACE}]"
    rf"|(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d](?![{_JOINED}])"
)
_FLAG = re.compile(rf"(?<=\U0001f3f4)[{_TAGS}]{{2,8}}")


def without_unseen(text: str) -> str:
    """`text` without characters that take no place on the screen."""
    if text.isascii() or not _MAY_BE_UNSEEN.search(text):
        return text
    return _UNSEEN.sub("", text)


def cut_unseen(page: Page) -> Page:
    """The page without such characters, in blocks and facts; what they say is cut as an order."""
    blocks, told = list[Block](), list[Block]()
    for block in page.blocks:
        if (text := without_unseen(block.text)) != block.text:
            told += (Block(said, reason=Reason.ORDER) for said in _said(block.text))
            block = replace(block, text=text)
        blocks += [block] if text.strip() else []
    facts = page.facts
    plain = {name: _plain(getattr(facts, name)) for name in _TEXTS}
    return replace(
        page,
        blocks=(*blocks, *told),
        facts=replace(facts, **plain),
    )


_TEXTS = ("title", "publisher", "author", "lang", "url", "category", "image", "metadata")


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return without_unseen(value)
    if isinstance(value, Mapping):
        return {name: _plain(inside) for name, inside in value.items()}
    return [_plain(inside) for inside in value] if isinstance(value, list) else value


def _said(text: str) -> list[str]:
    """The messages in a text, as plain text."""
    found = _MESSAGE.findall(_FLAG.sub("", text))
    said = ("".join(map(_letter, message)).strip() for message in found)
    return [f"in characters that are not shown: {message}" for message in said if message]


def _letter(character: str) -> str:
    """The letter that a tag character or a selector, taken for a byte, stands for."""
    code = ord(character)
    if code in range(0xE0000, 0xE0080):
        code -= 0xE0000
    else:
        code -= 0xFE00 if code < 0xFF00 else 0xE0100 - 16
    letter = chr(code)
    return letter if letter.isprintable() else ""
