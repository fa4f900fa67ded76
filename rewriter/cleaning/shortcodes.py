"""Code of content systems that nobody expanded: `[ad_1]`, `{{< figure >}}`, `import` of MDX."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rewriter.cleaning.page import Block, Page
from rewriter.cleaning.reasons import Reason

_NAMES = (
    r"ad_\d{1,3}|ads?|advertisement|adrotate|the_ad|quads|gallery|embed|video|audio|playlist|toc|sc"
    r"|caption|wp_\w{1,30}|vc_\w{1,40}|et_pb_\w{1,40}|su_\w{1,40}|fusion_\w{1,40}|elementor-template"
    r"|contact-form-7|rev_slider|instagram|twitter|tweet|youtube|vimeo|soundcloud|facebook|tiktok"
)
_VALUE = r"(?:\"[^\"]{0,300}\"|'[^']{0,300}'|“[^”]{0,300}”|[^\s\]\"']{1,200})"
_SHORTCODE = re.compile(
    rf"\[/?(?:{_NAMES})(?:\s[^\[\]]{{0,500}})?/?\](?!\()"
    rf"|\[[a-z][\w-]{{1,30}}(?:\s+[\w-]{{1,30}}={_VALUE}){{1,20}}\s*/?\](?!\()"
    r"|\{\{[<%](?:[^{}]|\{\{[^{}]{0,100}\}\}){0,300}?[>%]\}\}|\{%[^{}]{0,300}%\}"
)
# Marks of forums; a text that closes none of them has other brackets.
_BB = r"(?:b|i|u|s|url|quote|center|size|color|font|img|h[1-6])"
_BB_CLOSED = re.compile(
    rf"\[{_BB}(?:=[^\[\]]{{1,200}})?\][^\[\]]{{0,2000}}\[/{_BB}\]", re.IGNORECASE
)
_BB_MARK = re.compile(rf"\[/?{_BB}(?:=[^\[\]]{{1,200}})?\]", re.IGNORECASE)
_CAPTION = re.compile(r"\[caption(?:\s[^\[\]]{0,500})?\][^\[\]]{0,1000}\[/caption\]")

# Lines that are code as a whole: MDX's imports, exports and components, attributes of kramdown, the
# marks of boxes, definitions of links.
_LINE = re.compile(
    r"import\s(?:[\w$*{},\s]{1,300}\sfrom\s)?[\"'][^\"']{1,300}[\"'];?"
    r"|export\s(?:const|let|var|default|function|async)\b.{0,2000}"
    r"|</?[A-Z][\w.]{0,60}(?:\s[^<>]{0,2000})?/?>|\{:[^{}]{0,300}\}"
    r"|:{2,6}(?:\s?[a-z][\w-]{0,40}(?:[\[{ ].{0,300})?)?|(?:!!!|\?\?\?\+?)\s[a-z].{0,200}"
    r"|\[(?!\^)[^\]\s]{1,100}\]:\s\S{1,2000}(?:\s[\"'(].{0,300})?"
)


def cut_shortcodes(page: Page) -> Page:
    """Cut shortcodes out of the text around them, captions with their text, and lines of code."""
    return replace(page, blocks=tuple(part for block in page.blocks for part in _parts(block)))


def _parts(block: Block) -> Iterator[Block]:
    """The block without its shortcodes, then these as blocks that are cut."""
    if not block.kept:
        yield block
        return
    if _LINE.fullmatch(block.text):
        yield replace(block, reason=Reason.SHORTCODE)
        return
    captions = _CAPTION.findall(block.text)
    text = _CAPTION.sub(" ", block.text) if captions else block.text
    codes = _SHORTCODE.findall(text)
    if _BB_CLOSED.search(text):
        codes += _BB_MARK.findall(text)
        text = _BB_MARK.sub("", text)
    if not (captions or codes):
        yield block
        return
    if text := " ".join(_SHORTCODE.sub(" ", text).split()):
        yield replace(block, text=text)
    yield from (Block(caption, reason=Reason.IMAGE) for caption in captions)
    if codes:
        yield Block(" ".join(codes), reason=Reason.SHORTCODE)
