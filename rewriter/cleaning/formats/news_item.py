"""One item of the CoinDesk Data news API (formerly CryptoCompare), as JSON.

Field names are those of `GET /news/v1/article/list`; unknown fields are passed over.
"""

from __future__ import annotations

import html as entities
import json
import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from rewriter.cleaning.blocks import split_blocks
from rewriter.cleaning.decode import mend
from rewriter.cleaning.formats import html
from rewriter.cleaning.page import Page, PageFacts
from rewriter.errors import SourceError

_TAG = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|strong|em|a|img|figure|blockquote)\b[^<>]{0,2000}>",
    re.IGNORECASE,
)


def _mended(value: object) -> object:
    return mend(value) if isinstance(value, str) else value


def _unescaped(value: object) -> object:
    return mend(entities.unescape(value)).strip() if isinstance(value, str) else value


def _none_if_empty(value: object) -> object:
    return None if value in ("", 0) else value


# Seconds since 1970; the API writes 0 or null for "never". The bound is the year 2100.
_Seconds = Annotated[
    Annotated[int, Field(ge=0, lt=4_102_444_800)] | None, BeforeValidator(_none_if_empty)
]
_Text = Annotated[str | None, BeforeValidator(_unescaped), BeforeValidator(_none_if_empty)]


class _Field(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Category(_Field):
    name: _Text = Field(None, alias="NAME")
    category: _Text = Field(None, alias="CATEGORY")


class _Publisher(_Field):
    name: _Text = Field(None, alias="NAME")
    key: _Text = Field(None, alias="SOURCE_KEY")
    type: _Text = Field(None, alias="SOURCE_TYPE")


class _NewsItem(_Field):
    id: int | str | None = Field(None, alias="ID")
    title: _Text = Field(None, alias="TITLE")
    body: Annotated[str, BeforeValidator(_mended), Field(min_length=1)] = Field(alias="BODY")
    published_on: _Seconds = Field(None, alias="PUBLISHED_ON")
    updated_on: _Seconds = Field(None, alias="UPDATED_ON")
    authors: _Text = Field(None, alias="AUTHORS")
    url: _Text = Field(None, alias="URL")
    image_url: _Text = Field(None, alias="IMAGE_URL")
    lang: _Text = Field(None, alias="LANG")
    keywords: _Text = Field(None, alias="KEYWORDS")
    sentiment: _Text = Field(None, alias="SENTIMENT")
    score: int | float | None = Field(None, alias="SCORE")
    publisher: _Publisher | None = Field(None, alias="SOURCE_DATA")
    categories: tuple[_Category, ...] | None = Field(None, alias="CATEGORY_DATA")


def read(text: str) -> Page:
    """The page of one item, bare or as the only one in `{"Data": [...]}`."""
    try:
        item = _NewsItem.model_validate(_only_item(_loaded(text)))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the item"
        raise SourceError(f"not a news item: {where}: {first['msg']}") from error
    body = item.body
    blocks = (
        html.read_fragment(body)
        if _TAG.search(body)
        else split_blocks(mend(entities.unescape(body)))
    )
    return Page("json", blocks, _facts(item))


def _loaded(text: str) -> object:
    try:
        # A line separator inside a string is sound JSON, and has become a line end by now.
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(
            "not a news item: its JSON is nested too deeply or holds too long a number"
        ) from error


def _only_item(value: object) -> object:
    items = value.get("Data", value) if isinstance(value, dict) else value
    if not isinstance(items, list):
        return items
    if len(items) != 1:
        raise SourceError(
            f"the JSON holds {len(items)} news items and a file is one article;"
            " split it, one item a file"
        )
    return items[0]


def _facts(item: _NewsItem) -> PageFacts:
    names = [name for c in item.categories or () if (name := c.category or c.name)]
    keywords = [k for part in (item.keywords or "").split("|") if (k := part.strip())]
    source = item.publisher or _Publisher.model_validate({})
    published, updated = _instant(item.published_on), _instant(item.updated_on)
    metadata = {
        "externalId": None if item.id is None else str(item.id),
        "source": source.model_dump(exclude_none=True) or None,
        "tags": _distinct(names + keywords) or None,
        "sentiment": item.sentiment and item.sentiment.upper(),
        "score": item.score,
    }
    return PageFacts(
        title=item.title,
        published_at=published,
        updated_at=updated,
        publisher=source.name,
        author=item.authors,
        lang=item.lang,
        url=item.url,
        category=names[0] if names else None,
        image=item.image_url,
        metadata={key: value for key, value in metadata.items() if value is not None},
    )


def _distinct(tags: list[str]) -> list[str]:
    """Each tag once, in its first spelling."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(tag.casefold(), tag)
    return list(first.values())


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
