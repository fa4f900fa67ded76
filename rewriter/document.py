"""Rewrite <-> Markdown file: the body, and the front matter around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from rewriter import frontmatter
from rewriter.article import Details, Impact, QuestionAnswer, Rewrite, Source
from rewriter.errors import ConfigurationError, SourceError
from rewriter.frontmatter import keys
from rewriter.rules import DisclosureRules, Headings, Rules
from rewriter.text.plain import plain_label, plain_text, web_address
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
OURS = "a finished article or a draft of this program (its front matter has ai.expandedAt)"
_DEFAULTS = {"stickyWeight": 0, "score": 0, "draft": False}
# Every key that is written into existing front matter, with a value of its kind.
_OURS: dict[str, Any] = {
    "description": "text",
    "updatedAt": "2026-01-01T00:00:00.000Z",
    "ai": {"rewritten": True, "expandedAt": "2026-01-01T00:00:00.000Z", "version": 1},
}
# Added to front matter that lacks them. All other keys belong to the publisher and stay.
_FILLED = ("title", "category", "tags", "sentiment")


def is_ours(data: bytes) -> bool:
    """Whether this program wrote the file: a finished article (`ai.rewritten`), or a draft.

    Raises `FrontMatterError`.
    """
    # This search is cheaper than parsing front matter, and most files have no such key. UTF-16 has
    # a zero byte for each letter.
    if b"rewritten" not in data.replace(b"\0", b""):
        return False
    ai = frontmatter.read(data).metadata.get("ai")
    return isinstance(ai, Mapping) and (ai.get("rewritten") is True or bool(ai.get("expandedAt")))


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


def parse(body: str, headings: Mapping[str, Headings], lang: str = "en") -> Rewrite:
    """The rewrite that a finished article's body holds; the inverse of `render`.

    Sections are known by their headings in any of the given languages. Metadata of the front matter
    is left empty. Raises `SourceError` that names the headings that are missing, in `lang`.
    """
    sections = dict(_sections(re.sub(r"\r\n?", "\n", body), headings))
    missing = [name for name in ("overview", "details", "from_author") if name not in sections]
    if missing:
        table = headings.get(lang.split("-")[0].lower()) or headings["en"]
        wanted = ", ".join(f"{name} ('## {getattr(table, name)}')" for name in missing)
        raise SourceError(
            f"not a finished article: no heading for {wanted}; "
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
# underscore inside a word is left, as CommonMark gives it no meaning there. `|` makes a table of a
# line in kramdown, `:` at its start a definition there and in Hugo and a box in VitePress and
# Docusaurus. kramdown knows no escape of `&`, so that it is written as an entity. Site generators
# read their own tags before they read Markdown, and Vue after it: `{{ x }}`, `{% x %}`, `{# x #}`,
# `{{% x %}}` of Hugo, `<%= x %>` of ERB and EJS and `<?php` are torn apart by a word joiner, so
# that a rewrite includes no file and prints no variable of the site. So are addresses and mentions,
# of which GitHub and others make links, and names of pictures (`:smile:`). MDX takes a paragraph
# that begins with "import" for code.
_MEANS_MARKUP = re.compile(r"[\\`*<\[\]{|~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w{1,31};)")
_JOINER = "\u2060"
_TAG_OPENS = re.compile(
    r"(?<=\{)(?=\\?[{%#])|(?<=<)(?=[%?!])|(?<=:)(?=//)|(?<!\w:)(?<=:)(?=[a-z0-9_+-]{1,40}:)"
    r"|(?<=www)(?=\.)|(?<=@)(?=\w)",
    re.IGNORECASE,
)
_LEADS_CODE = re.compile(r"^(?:i(?=mport\b)|e(?=xport\b))")
_LEADS_BLOCK = re.compile(r"^(?:[#>+=:-]|(?:\d{1,9})(?=[.)]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(?:(amp)|#(10[15]));")


def escape(text: str) -> str:
    """Prose as Markdown that shows it letter by letter."""
    text = _MEANS_MARKUP.sub(lambda found: f"\\{found[0]}" if found[0] != "&" else "&amp;", text)
    text = _TAG_OPENS.sub(_JOINER, text)
    text = _LEADS_CODE.sub(lambda found: f"&#{ord(found[0])};", text)
    return _LEADS_BLOCK.sub(_escape_lead, text)


def written(text: str) -> re.Pattern[str]:
    """A pattern of what `escape` makes of `text`, for files in which lines break anywhere."""
    return re.compile(rf"[\\{_JOINER}]*".join(map(_written, text)))


def _written(character: str) -> str:
    if character == " ":
        return r"\s+"
    escapes = {"&": "&(?:amp;)?", "i": "(?:i|&#105;)", "e": "(?:e|&#101;)"}
    return escapes.get(character) or re.escape(character)


def _escape_lead(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"


def _unescape(text: str) -> str:
    return _ESCAPED.sub(_meant, text.replace(_JOINER, ""))


def _meant(found: re.Match[str]) -> str:
    return found[1] or ("&" if found[2] else chr(int(found[3])))


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
    body = framed(render(rewrite, headings), source, rules.disclosure, lang)
    ai: dict[str, Any] = {"rewritten": not draft, "expandedAt": timestamp(now), "version": version}
    if sentence := rules.disclosure.text_for(lang):
        ai["disclosure"] = sentence
    if rules.disclosure.source_type:
        ai["digitalSourceType"] = rules.disclosure.source_type
    description = describe(rewrite.overview, rules.description.max_characters, lang)
    ours: dict[str, Any] = {"description": description, "updatedAt": timestamp(now), "ai": ai}
    if draft:
        ours["draft"] = True
    known = _metadata(source, rewrite, rules, draft=draft) | {
        "title": plain_text(title),
        "lang": lang,
    }
    if original is None or not (header := frontmatter.read(original)).language:
        known |= _DEFAULTS | ours
        ordered = {key: known[key] for key in _KEYS if key in known}
        if rules.preset:  # a generator's schema takes a date for one
            ordered |= _plain_moments(ordered)
        return frontmatter.create(keys.renamed(ordered, rules.preset), body)
    if rules.preset or _PLAIN_DATE.search(original[: header.body_offset]):
        ours |= _plain_moments(ours)
    return with_body(_edited(original, header.metadata, known, ours, rules, now), body)


def _edited(
    original: bytes,
    metadata: Mapping[str, Any],
    known: Mapping[str, Any],
    ours: dict[str, Any],
    rules: Rules,
    now: datetime,
) -> bytes:
    """The file with our keys in its front matter: `ours`, and what it lacks of `known`."""
    borrowed = _borrowed(metadata, rules)
    left = {key: held for key, held in metadata.items() if key not in borrowed}
    filled = {
        key: known[key]
        for key in _FILLED
        if key in known and keys.find(left, key, rules.keys) is None
    }
    if about := _noted(metadata, borrowed, known.get("source", {})):
        filled["source"] = about
    changes = _changes(left, filled | ours, now, rules)
    return frontmatter.edit(_without(original, borrowed), changes)


def _without(original: bytes, keys: Collection[str]) -> bytes:
    return frontmatter.remove(original, keys) if keys else original


# A date in front matter of YAML or TOML that is not in quotes.
_PLAIN_DATE = re.compile(rb"(?m)^[\w-]+[ \t]*[:=][ \t]*\d{4}-\d{2}-\d{2}")


def _plain_moments(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: frontmatter.PlainMoment(values[key])
        for key in ("publishedAt", "updatedAt")
        if key in values
    }


def _borrowed(metadata: Mapping[str, Any], rules: Rules) -> dict[str, str]:
    """The keys that a rewrite does not take over, by what they say: see `keys.borrowed`."""
    found = keys.borrowed(metadata, rules.keys)
    return {key: what for key, what in found.items() if what != "author" or rules.author != "keep"}


def _noted(
    metadata: Mapping[str, Any], borrowed: Mapping[str, str], about: Mapping[str, Any]
) -> dict[str, Any]:
    """What a file's `source` gets of the keys that were removed; it keeps what it has."""
    held = metadata.get("source")
    if held is not None and not isinstance(held, Mapping):
        return {}
    texts = {what: _text(metadata[key]) for key, what in borrowed.items()}
    plain = {
        what: (web_address if what == "url" else plain_text)(text) for what, text in texts.items()
    }
    values = {what: about.get(what) or text for what, text in plain.items()}
    return {what: text for what, text in values.items() if text and what not in (held or {})}


def _text(value: object) -> str:
    """A name, or the names of a list or of a map, as text."""
    if isinstance(value, Mapping):
        return _text(value.get("name", ""))
    if isinstance(value, list):
        return "; ".join(filter(None, map(_text, value)))
    return str(value or "").strip()


def reviewed(data: bytes, rules: Rules, by: str, now: datetime) -> bytes:
    """A finished file after a person's review: `ai.reviewed` says when and by whom.

    Where the rules say so, the disclosure is emptied and its line leaves the body.
    Raises `FrontMatterError` where the front matter is not understood.
    """
    header = frontmatter.read(data)
    ai: dict[str, Any] = {"reviewed": {"at": timestamp(now), "by": by}}
    known = header.metadata.get("ai")
    sentence = known.get("disclosure") if isinstance(known, dict) else None
    if not (rules.disclosure.lifted_by_review and isinstance(sentence, str) and sentence):
        return frontmatter.edit(data, {"ai": ai})
    body = header.body.replace(f"{_disclosure_line(sentence)}{header.newline * 2}", "", 1)
    edited = frontmatter.edit(data, {"ai": ai | {"disclosure": ""}})
    return with_body(edited, body.replace(header.newline, "\n"))


def framed(body: str, source: Source, disclosure: DisclosureRules, lang: str) -> str:
    """The body with its frame: a disclosure, a lead picture, an excerpt's end."""
    if source.more:
        heading, overview, rest = body.split("\n\n", 2)
        body = "\n\n".join((heading, overview, source.more, rest))
    sentence = disclosure.text_for(lang) if disclosure.in_body else ""
    above = (_disclosure_line(sentence) if sentence else "", source.lead_image)
    return "\n\n".join((*filter(None, above), body))


def _disclosure_line(text: str) -> str:
    return f"*{escape(text)}*"


def refuse_uneditable(original: bytes, rules: Rules) -> None:
    """Raise `FrontMatterError` when `compose` would, for a Markdown input.

    Also for front matter that is not where readers look for it, which would be taken for text.
    """
    header = frontmatter.read(original)
    if not header.language:
        frontmatter.refuse_misplaced(header.body)
        return
    kept = _without(original, _borrowed(header.metadata, rules))
    changes = _changes(header.metadata, _OURS, datetime(2026, 1, 1, tzinfo=UTC), rules)
    frontmatter.edit(kept, changes)


def _changes(
    metadata: Mapping[str, Any], ours: Mapping[str, Any], now: datetime, rules: Rules
) -> dict[str, Any]:
    """Our keys under the names that the file uses, or under those of the generator."""
    places = {key: keys.find(metadata, key, rules.keys) for key in ours}
    missing = {key: value for key, value in ours.items() if places[key] is None}
    changes = keys.renamed(missing, rules.preset)
    for key, path in places.items():
        if path is not None:
            value = ours[key]
            if key == "updatedAt":
                value = keys.in_form_of(keys.value(metadata, key, rules.keys), now)
            keys.put(changes, path, value)
    return changes


def with_body(data: bytes, body: str) -> bytes:
    """The file with another body, in its own encoding and line ends."""
    header = frontmatter.read(data)
    encoding = "utf-8" if header.encoding == "utf-8-sig" else header.encoding
    return data[: header.body_offset] + body.replace("\n", header.newline).encode(encoding)


def text(data: bytes) -> str:
    """The text of a finished file, without a byte-order mark."""
    return data.decode(frontmatter.read(data).encoding).removeprefix("\ufeff")


def describe(text: str, limit: int, lang: str) -> str:
    """The whole sentences of `text` within `limit` characters, or the first sentence cut."""
    text, end = plain_text(text), 0
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
        "url": web_address(source.url or ""),
        "title": None if source.title_derived else source.title,
        "image": web_address(source.image or ""),
    }
    plain = {
        key: value if key in ("url", "image") else plain_text(str(value or ""))
        for key, value in facts.items()
    }
    return {key: value for key, value in plain.items() if value}


# What pages call all of their articles.
_NO_CATEGORY = frozenset(
    {"article", "articles", "blog", "general", "home", "latest", "latest news", "misc", "more"}
    | {"news", "post", "posts", "story", "stories", "top news", "top stories", "uncategorized"}
    | {"actualité", "actualités", "allgemein", "nachrichten", "noticia", "noticias", "notícias"}
    | {"notizie", "nieuws", "aktuelles", "новости", "新闻", "ニュース", "뉴스", "haberler"}
)


def _put_cover(known: dict[str, Any], source: Source, rules: Rules) -> None:
    """Keep, take or drop `coverImage` in `known`, as the rules say."""
    if rules.cover_image == "any" and source.image:
        known.setdefault("coverImage", {"raw": source.image})
    cover = known.pop("coverImage", None)
    raw = cover.get("raw") if isinstance(cover, dict) else cover
    if rules.cover_image != "none" and web_address(str(raw or "")):
        known["coverImage"] = cover


def _metadata(source: Source, rewrite: Rewrite, rules: Rules, *, draft: bool) -> dict[str, Any]:
    """The front matter of a new file, without the keys that every file gets."""
    known = {key: value for key, value in source.metadata.items() if value not in (None, "", [])}
    if identity := plain_text(str(known.pop("externalId", ""))):
        known["externalId"] = identity
    if about := _about(source):
        known["source"] = about
    _put_cover(known, source, rules)
    given = rules.category(plain_label(str(known.pop("category", ""))))
    own = "" if given.casefold() in _NO_CATEGORY else given
    if category := own or rules.category(rewrite.category) or given:
        known["category"] = category
    tags = known.pop("tags", ())
    brought = (plain_label(str(tag)) for tag in (tags if isinstance(tags, list | tuple) else ()))
    all_tags = [*filter(None, brought), *rewrite.tags]
    if all_tags:
        known["tags"] = list(dict.fromkeys(rules.label(str(tag)) for tag in all_tags))
    if not draft:  # without a model nobody has judged the sentiment
        known.setdefault("sentiment", rewrite.sentiment)
    if source.published_at:
        known.setdefault("publishedAt", timestamp(source.published_at))
    return known
