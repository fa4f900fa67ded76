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
    r"|\{% *(?:asset_img|image|img|picture)\b[^{}\n]{0,2000}%\}"
)
_LEAD = re.compile(
    rf"\s*(?:# [^\n]*\n\s*)*((?:{_IMAGE}|\[(?:{_IMAGE})\]\([^()\n]{{1,2000}}\)"
    r"|<figure\b[^>]{0,500}>(?:(?!</?figure|##).){0,4000}?<img\b(?:(?!<figure|##).){0,4000}?</figure>)"
    r"[ \t]*(?:\{[^{}\n]{0,200}\})?)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_REFERRED = re.compile(r"(!\[([^\]\n]*)\])\[([^\]\n]*)\]")
_MORE = re.compile(
    r"^[ \t]*(<!-- *(?:more|truncate|excerpt|end_excerpt|readmore) *-->"
    r"|\{/\* *truncate *\*/\})[ \t]*$",
    re.MULTILINE | re.IGNORECASE,
)
_VIDEO = r"<(?:video|audio)\b|\{% *(?:video|youtube|vimeo)\b"
_EMBED = (
    r"<(?:iframe|embed|object|blockquote class=\"twitter)\b|^<[A-Z]\w*|^::[a-z][\w-]*"
    r"|\{\{[<%] *(?!figure|image|img|/)\w|\{% *(?:embed|include|twitter|tweet|gist|codepen)\b"
    r"|^https?://(?:[a-z]+\.)?(?:youtube\.com|youtu\.be|vimeo\.com|twitter\.com|x\.com"
    r"|instagram\.com|tiktok\.com|spotify\.com)/\S+[ \t]*$"
)
_KINDS = (
    ("image", re.compile(_IMAGE)),
    ("video or sound", re.compile(_VIDEO)),
    ("embed", re.compile(_EMBED, re.MULTILINE)),
    (
        "table",
        re.compile(r"^[ \t]*+(?:\|[ \t]*+)?:?-{3,}:?[ \t]*\|[-:| \t]*$|<table\b", re.MULTILINE),
    ),
    ("footnote", re.compile(r"^\[\^[^\]\n]{1,50}\]:", re.MULTILINE)),
    ("formula", re.compile(r"^\$\$.{0,2000}?\$\$[ \t]*$", re.MULTILINE | re.DOTALL)),
    ("import", re.compile(r"^(?:import|export)\s.{0,300}(?:[\"'];?|[={].*)$", re.MULTILINE)),
)
_PLURALS = {"video or sound": "videos or sounds"}


class Media(NamedTuple):
    """`lead_image` and `more` stay in a rewrite; `left_out` names what does not."""

    lead_image: str = ""
    more: str = ""
    left_out: tuple[str, ...] = ()


NO_MEDIA = Media()


def media_of(body: str) -> Media:
    """The media of a Markdown body.

    A lead image is one that stands above all text, on a line of its own or as a `figure`.
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
    found = _LEAD.match(text)
    lead = found[1].strip() if found else ""
    if not (referred := _REFERRED.fullmatch(lead)):
        return lead
    name = re.escape(referred[3] or referred[2])
    said = re.search(rf"(?mi)^ {{0,3}}\[{name}\]:[ \t]*(\S.*?)[ \t]*$", text)
    return f"{referred[1]}({said[1]})" if said else lead
