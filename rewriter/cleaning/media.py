"""What a Markdown body has beside text: what a rewrite keeps of it, and what it leaves out."""

from __future__ import annotations

import re
from typing import NamedTuple

_CODE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?(?:^\1[`~]*[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_IMAGE = (
    r"!\[[^\]\n]{0,500}\](?:\[[^\]\n]{0,200}\]"
    r"|\([^()\n]{1,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,200})?\))"
    r"|!\[\[[^\]\n]{1,500}\]\]|<img\b[^<>]{0,2000}>"
    r"|\{\{[<%] *(?:figure|image|img)\b[^{}\n]{0,2000}[%>]\}\}"
)
_IMAGE_LINE = re.compile(rf"^(?:{_IMAGE})[ \t]*(?:\{{[^{{}}\n]{{0,200}}\}})?[ \t]*$", re.MULTILINE)
_MORE = re.compile(
    r"^[ \t]*(<!-- *(?:more|truncate|excerpt|end_excerpt|readmore) *-->"
    r"|\{/\* *truncate *\*/\})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_VIDEO = r"<(?:video|audio)\b|\{% *(?:video|youtube|vimeo)\b"
_EMBED = (
    r"<(?:iframe|embed|object|blockquote class=\"twitter)\b|^<[A-Z]\w*"
    r"|\{\{[<%] *(?!figure|image|img|/)\w|\{% *(?:embed|include|twitter|tweet|gist|codepen)\b"
)
_KINDS = (
    ("image", re.compile(_IMAGE)),
    ("video or sound", re.compile(_VIDEO)),
    ("embed", re.compile(_EMBED, re.MULTILINE)),
    ("table", re.compile(r"^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*\|[-:| \t]*$|<table\b", re.MULTILINE)),
    ("footnote", re.compile(r"^\[\^[^\]\n]{1,50}\]:", re.MULTILINE)),
    ("formula", re.compile(r"^\$\$", re.MULTILINE)),
)
_PLURALS = {"video or sound": "videos or sounds"}


class Media(NamedTuple):
    """`lead_image` and `more` are lines that a rewrite keeps; `left_out` names what it does not."""

    lead_image: str = ""
    more: str = ""
    left_out: tuple[str, ...] = ()


NO_MEDIA = Media()


def media_of(body: str) -> Media:
    """The media of a Markdown body.

    A lead image is one that stands above all text, on a line of its own.
    """
    text, codes = _CODE.subn("", body)
    lead = _lead_image(text)
    more = _MORE.search(text)
    counts = [(kind, len(pattern.findall(text))) for kind, pattern in _KINDS]
    counts.append(("code block", codes))
    left_out = tuple(
        f"{count} {kind if count == 1 else _PLURALS.get(kind, f'{kind}s')}"
        for kind, found in counts
        if (count := found - (kind == "image" and bool(lead))) > 0
    )
    return Media(lead, more[1] if more else "", left_out)


def without_mark(body: str) -> str:
    """The body without the mark of the excerpt's end, which is no text."""
    return _MORE.sub("", body)


def _lead_image(text: str) -> str:
    for line in text.splitlines():
        if _IMAGE_LINE.match(line):
            return line.strip()
        if line.strip() and not line.startswith("# "):
            return ""
    return ""
