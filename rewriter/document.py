"""Rewrite <-> Markdown file: the body, and the front matter around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rewriter import frontmatter
from rewriter.article import Details, Impact, QuestionAnswer, Rewrite, Source
from rewriter.errors import ConfigurationError, SourceError
from rewriter.rules import Headings, Rules
from rewriter.text.sentences import split_sentences

# The published format's key order (`stickyWeight`, `score` and `draft` have fixed first values).
_KEYS = (
    "title",
    "description",
    "publishedAt",
    "updatedAt",
    "lang",
    "externalId",
    "source",
    "category",
    "tags",
    "stickyWeight",
    "sentiment",
    "score",
    "draft",
    "coverImage",
    "ai",
)
_DEFAULTS = {"stickyWeight": 0, "score": 0, "draft": False}
# Every key that is written into existing front matter, with a value of its kind.
_OURS: dict[str, Any] = {
    "description": "text",
    "updatedAt": "2026-01-01T00:00:00.000Z",
    "ai": {"rewritten": True, "expandedAt": "2026-01-01T00:00:00.000Z", "version": 1},
}
# Filled into front matter that lacks them; everything else there is the publisher's own affair.
_FILLED = ("title", "category", "tags", "sentiment")


# --- the body ----------------------------------------------------------------------------------


def render(rewrite: Rewrite, headings: Headings) -> str:
    """The Markdown body of `rewrite`: `## ` headings, paragraphs, bullets; ends in a newline."""
    blocks = [f"## {headings.overview}", escape(rewrite.overview)]
    blocks.append("## " + headings.details.format(topic=escape(rewrite.details.topic)))
    blocks += map(escape, rewrite.details.paragraphs)
    blocks.append(f"## {headings.from_author}")
    blocks += map(escape, rewrite.from_author)
    if rewrite.impact.bullets:
        blocks.append("## " + headings.impact.format(field=escape(rewrite.impact.field)))
        blocks.append("\n".join(f"- {escape(bullet)}" for bullet in rewrite.impact.bullets))
    if rewrite.qa:
        blocks.append(f"## {headings.qa}")
        for pair in rewrite.qa:
            blocks += [f"### {escape(pair.question)}", escape(pair.answer)]
    return "\n\n".join(blocks) + "\n"


def parse(body: str, headings: Mapping[str, Headings]) -> Rewrite:
    """The rewrite that a finished article's body holds; the inverse of `render`.

    Sections are known by their headings in any of the given languages. Metadata that stands in the
    front matter is left empty. Raises `SourceError` that names the heading that is missing.
    """
    sections = dict(_sections(re.sub(r"\r\n?", "\n", body), headings))
    missing = [name for name in ("overview", "details", "from_author") if name not in sections]
    if missing:
        raise SourceError(
            f"not a finished article: no heading for {', '.join(missing)}; "
            "'rewriter check' reads articles that 'rewriter rewrite' wrote"
        )
    topic, details = sections["details"]
    field, bullets = sections.get("impact", ("", ""))
    return Rewrite(
        headline="",
        overview=" ".join(_paragraphs(sections["overview"][1])),
        details=Details(topic=topic, paragraphs=tuple(_paragraphs(details))),
        from_author=tuple(_paragraphs(sections["from_author"][1])),
        impact=Impact(field=field, bullets=tuple(_bullets(bullets))),
        qa=tuple(_pairs(sections.get("qa", ("", ""))[1])),
    )


def _sections(body: str, headings: Mapping[str, Headings]) -> Iterator[tuple[str, tuple[str, str]]]:
    marks = list(re.finditer(r"^## +(.+?) *$", body, re.MULTILINE))
    ends = [*(mark.start() for mark in marks), len(body)][1:]
    for mark, end in zip(marks, ends, strict=True):
        name, variable = _known_heading(mark[1], headings)
        if name:
            yield name, (_unescape(variable), body[mark.end() : end])


def _known_heading(text: str, headings: Mapping[str, Headings]) -> tuple[str, str]:
    # Fixed headings first: "{topic} Details" would match almost anything.
    for name in ("overview", "from_author", "qa", "impact", "details"):
        for table in headings.values():
            pattern = re.escape(getattr(table, name))
            pattern = re.sub(r"\\\{(?:topic|field)\\\}", "(.*)", pattern)
            if found := re.fullmatch(pattern, text, re.IGNORECASE):
                return name, found[1].strip() if found.groups() else ""
    return "", ""


def _paragraphs(text: str) -> Iterator[str]:
    for block in re.split(r"\n[ \t]*\n", text):
        if block.strip() and not block.lstrip().startswith("<!--"):
            yield _unescape(" ".join(block.split()))


def _bullets(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if line.startswith(("- ", "* ")):
            yield _unescape(line[2:].strip())


def _pairs(text: str) -> Iterator[QuestionAnswer]:
    for part in re.split(r"^### +", text, flags=re.MULTILINE)[1:]:
        question, _, answer = part.partition("\n")
        yield QuestionAnswer(
            question=_unescape(question.strip()), answer=" ".join(_paragraphs(answer))
        )


# CommonMark's backslash escapes, for the characters that would turn prose into markup. A lone
# underscore inside a word is left, as CommonMark gives it no meaning there. Site generators read
# their own tags before they read Markdown: `{{ x }}`, `{% x %}`, `{# x #}` and Hugo's `{{% x %}}`
# are torn apart, so that a rewrite can include no file and print no variable of the site.
_MEANS_MARKUP = re.compile(r"[\\`*<\[\]{]|(?<=\{)[%#]|~~|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,31};)")
_LEADS_BLOCK = re.compile(r"^(?:[#>+=|-]|(?:\d{1,9})(?=[.)]))")


def escape(text: str) -> str:
    """Prose as Markdown that shows it letter by letter."""
    text = _MEANS_MARKUP.sub(lambda found: "\\" + found[0], text)
    return _LEADS_BLOCK.sub(_escape_lead, text)


def _escape_lead(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _unescape(text: str) -> str:
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)


# --- the file ----------------------------------------------------------------------------------


def compose(
    original: bytes | None,
    source: Source,
    rewrite: Rewrite,
    rules: Rules,
    *,
    title: str,
    version: int,
    lang: str,
    now: datetime,
    draft: bool,
) -> bytes:
    """The whole finished file.

    `original` is a Markdown input, of whose front matter only our own keys change; None for other
    inputs. `now` becomes `updatedAt` and `ai.expandedAt`. Raises `FrontMatterError`
    when the original's front matter is not understood, and `ConfigurationError` for a language
    without headings.
    """
    headings = rules.headings_for(lang)
    if headings is None:
        raise ConfigurationError(f"the prompt's rules have no headings in {lang!r}")
    body = render(rewrite, headings)
    ours: dict[str, Any] = {
        "description": describe(rewrite.overview, rules.description.max_characters, lang),
        "updatedAt": timestamp(now),
        "ai": {"rewritten": not draft, "expandedAt": timestamp(now), "version": version},
    }
    if draft:
        ours["draft"] = True
    known = _metadata(source, rewrite, rules, draft=draft) | {"title": title, "lang": lang}
    if original is None or not (header := frontmatter.read(original)).language:
        known |= _DEFAULTS | ours
        return frontmatter.create({key: known[key] for key in _KEYS if key in known}, body)
    missing = {key: known[key] for key in _FILLED if key in known and key not in header.metadata}
    return with_body(frontmatter.edit(original, missing | ours), body)


def refuse_uneditable(original: bytes) -> None:
    """Raise `FrontMatterError` when `compose` would, for a Markdown input."""
    if frontmatter.read(original).language:
        frontmatter.edit(original, _OURS)


def with_body(data: bytes, body: str) -> bytes:
    """The file with another body, in its own encoding and line ends."""
    header = frontmatter.read(data)
    encoding = "utf-8" if header.encoding == "utf-8-sig" else header.encoding
    return data[: header.body_offset] + body.replace("\n", header.newline).encode(encoding)


def text(data: bytes) -> str:
    """The text of a finished file, without a byte-order mark."""
    return data.decode(frontmatter.read(data).encoding).removeprefix("\ufeff")


def describe(text: str, limit: int, lang: str) -> str:
    """The first sentences of `text` that fit `limit` characters whole, else the first one cut."""
    end = 0
    for sentence in split_sentences(text, lang):
        start = text.find(sentence, end)
        if start < 0 or start + len(sentence) > limit:
            break
        end = start + len(sentence)
    return text[:end] or shorten(text, limit)


def shorten(text: str, limit: int) -> str:
    """`text` cut at a word boundary to at most `limit` characters, the ellipsis included."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    head = cut.rsplit(" ", 1)[0] if " " in cut else cut[:-1]
    return head.rstrip(" ,;:.–—-") + "…"


def timestamp(moment: datetime) -> str:
    """UTC with milliseconds and `Z`, as the published format has it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _about(source: Source) -> dict[str, Any]:
    """Where the article came from. Its author did not write ours, so no other key names them."""
    given = source.metadata.get("source")
    facts = {
        "name": source.publisher,
        **(given if isinstance(given, dict) else {}),
        "author": source.author,
        "url": source.url,
        "title": None if source.title_derived else source.title,
        "image": source.image,
    }
    return {key: value for key, value in facts.items() if value}


# What pages call all of their articles.
_NO_CATEGORY = frozenset(
    {"article", "articles", "blog", "general", "home", "latest", "latest news", "misc", "more"}
    | {"news", "post", "posts", "story", "stories", "top news", "top stories", "uncategorized"}
    | {"actualité", "actualités", "allgemein", "nachrichten", "noticia", "noticias", "notícias"}
    | {"notizie", "nieuws", "aktuelles", "новости", "新闻", "ニュース", "뉴스", "haberler"}
)


def _metadata(source: Source, rewrite: Rewrite, rules: Rules, *, draft: bool) -> dict[str, Any]:
    """The front matter of a new file, but for the keys that every file gets."""
    known = {key: value for key, value in source.metadata.items() if value not in (None, "", [])}
    if about := _about(source):
        known["source"] = about
    if rules.cover_image == "any" and source.image:
        known.setdefault("coverImage", {"raw": source.image})
    elif rules.cover_image == "none":
        known.pop("coverImage", None)
    given = rules.category(str(known.pop("category", "")))
    own = "" if given.casefold() in _NO_CATEGORY else given
    if category := own or rules.category(rewrite.category) or given:
        known["category"] = category
    tags = known.pop("tags", ())
    told = [*(tags if isinstance(tags, list | tuple) else ()), *rewrite.tags]
    if told:
        known["tags"] = list(dict.fromkeys(rules.label(str(tag)) for tag in told))
    if not draft:  # without a model nobody has judged the sentiment
        known.setdefault("sentiment", rewrite.sentiment)
    if source.published_at:
        known.setdefault("publishedAt", timestamp(source.published_at))
    return known
