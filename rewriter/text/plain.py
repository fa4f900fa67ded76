"""Text that strangers wrote, made fit for front matter: no markup, no template code, no scripts."""

from __future__ import annotations

import re

# Markup and template code of Liquid, Jinja, Vue, Hugo, ERB, EJS and PHP with what is inside, then
# what is left of them. Every pattern is bounded, so that they run in linear time.
_CODE = re.compile(
    r"\{\{[^{}]{0,300}\}\}|\{[%#][^{}]{0,300}[%#]\}|<[%?][^<>]{0,300}[%?]>|<!--.{0,300}?-->"
    r"|</?[a-zA-Z!][^<>]{0,500}>"
)
_LEFT = re.compile(r"\{\{|\}\}|\{[%#]|[%#]\}|<(?=[\w%?!/])|[%?]>|[$#@]\{|`")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`{}\\]{1,2000}", re.IGNORECASE)
# A tag with an address, an account or a long number is an advertisement.
_CONTACT = re.compile(r"://|www\.|@|\w\.\w{2}|(?:\d[ ()./-]{0,2}){7}|[<>{}`]", re.IGNORECASE)
_LONGEST_LABEL = 60


def plain_text(text: str) -> str:
    """`text` without markup and template code.

    >>> plain_text("Ferry <b>line</b> {{ site.title }} grows")
    'Ferry line grows'
    """
    return " ".join(_LEFT.sub(" ", _CODE.sub(" ", text)).split())


def plain_label(text: str) -> str:
    """A tag or category as plain text, empty for an advertisement and for what is too long."""
    label = plain_text(text)
    return "" if _CONTACT.search(label) or len(label) > _LONGEST_LABEL else label


def web_address(text: str) -> str:
    """An address of the web as it is, empty for any other scheme and for what is no address.

    >>> web_address("javascript:alert(1)")
    ''
    """
    return text if _ADDRESS.fullmatch(text) else ""
