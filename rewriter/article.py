"""The nouns: what an article is before, during and after its rewrite.

All are frozen values that refuse unknown fields. Text is `str` in NFC with `\n` line ends; times
are timezone-aware UTC; offsets count code points of the text they point into.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from rewriter.remembering import looked_up

Severity = Literal["error", "warning", "info"]
# The result for an article: results, records, the queue, `--json` and the docs share these words.
# The checks give a rewrite one of the first. A queued article ends with one of the second. A run of
# the command line also leaves articles for the next run (`left`) and prints some (`previewed`).
RewriteStatus = Literal["published", "drafted", "held"]
FinalStatus = Literal[RewriteStatus, "skipped", "failed", "dead", "cancelled"]
OutcomeStatus = Literal[FinalStatus, "left", "previewed"]
Sentiment = Literal["POSITIVE", "NEGATIVE", "NEUTRAL"]
Section = Literal[
    "headline",
    "overview",
    "details",
    "from_author",
    "impact",
    "qa",
    "tags",
    "category",
    "sentiment",
    "source",
    "text",
]


ORDER = "order"
"""The reason of a block that the cleaner cut because it is addressed to a model."""
HIDDEN = "hidden"
"""The reason of a block that the cleaner cut because the page does not show it."""
_DENSE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+")


class Value(BaseModel):
    """A frozen value that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- before: the source ------------------------------------------------------------------------


class QuestionAnswer(Value):
    """One question with its answer."""

    question: str
    answer: str


class Sentence(Value):
    """One sentence of the source, with an id that findings and evidence refer to.

    `place` says the kind of its block; `index` counts from 0 into `Source.paragraphs`
    (for text, heading and item) or `Source.qa` (for question and answer).
    """

    id: str
    text: str
    place: Literal["text", "heading", "item", "question", "answer"]
    index: int


class Removed(Value):
    """A block that the cleaner cut, and why. `reason` is a code such as `related-articles`."""

    reason: str
    text: str


class Defect(Value):
    """What keeps an input from being rewritten, whatever a model answers; `code` names the kind."""

    code: str
    message: str


class Source(Value):
    """A cleaned article: the only evidence a rewrite may draw on.

    `paragraphs` are the body in order; a heading keeps its Markdown mark (`## `), a list item its
    own (`- ` or `1. `). `notes` are sentences to the editor about text that was kept although the
    cleaner was unsure; `defects` are reasons to hold the article before anything is paid.
    `title_derived` is True where the input has no title and `title` is made of its first sentence;
    `keeps_title` where it is Markdown whose front matter has a title, which stays. `image` is the
    address of the publisher's lead picture. Of a Markdown body a rewrite keeps `lead_image`, a
    picture above the text, and `more`, the mark of the excerpt's end; `left_out` names what else
    the body has besides text ("2 tables").
    `metadata` holds front matter for inputs that bring none of their own, under the keys of the
    published format (`externalId`, `source`, `category`, `tags`, ...).
    """

    kind: Literal["text", "markdown", "html", "json", "xml"]
    title: str
    title_derived: bool = False
    paragraphs: tuple[str, ...]
    sentences: tuple[Sentence, ...] = ()
    qa: tuple[QuestionAnswer, ...] = ()
    removed: tuple[Removed, ...] = ()
    notes: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    published_at: datetime | None = None
    updated_at: datetime | None = None
    publisher: str | None = None
    author: str | None = None
    keeps_title: bool = False
    lang: str = "en"
    url: str | None = None
    image: str | None = None
    lead_image: str = ""
    more: str = ""
    left_out: tuple[str, ...] = ()
    metadata: dict[str, Any] = Field(default_factory=dict)

    @property
    def body(self) -> str:
        """The paragraphs, a blank line between them."""
        return "\n\n".join(self.paragraphs)

    @property
    def everything(self) -> str:
        """Title, body, questions and answers in lower case: to see whether the source has words."""
        asked = (text for pair in self.qa for text in (pair.question, pair.answer))
        return "\n".join((self.title, *self.paragraphs, *asked)).casefold().replace("’", "'")

    @property
    def words(self) -> int:
        """Number of words in body and answers: how much there is to write about."""
        return sum(count_words(text) for text in (*self.paragraphs, *(q.answer for q in self.qa)))

    def digest(self) -> str:
        """SHA-256 (hex) of what a rewrite may depend on: title, body, questions and answers."""
        return digest([self.title, self.paragraphs, [(q.question, q.answer) for q in self.qa]])


# --- during: the rewrite and what is found in it -----------------------------------------------


class Details(Value):
    """The "<Topic> Details" section: `topic` makes its heading."""

    topic: str
    paragraphs: tuple[str, ...]


class Impact(Value):
    """The "Impact on <field>" section: `field` makes its heading.

    Both are empty where the article has no consequences to tell; then the section is left out.
    """

    field: str
    bullets: tuple[str, ...]


class Passage(NamedTuple):
    """A piece of a rewrite to be checked: its section, its place in it ("bullet 2"), its text."""

    section: Section
    place: str
    text: str


class Rewrite(Value):
    """The typed answer of a completer.

    `headline`, `tags`, `category` and `sentiment` are used only where the article has none.
    """

    headline: str
    overview: str
    details: Details
    from_author: tuple[str, ...]
    impact: Impact
    qa: tuple[QuestionAnswer, ...] = ()
    tags: tuple[str, ...] = ()
    category: str = ""
    sentiment: Sentiment = "NEUTRAL"

    def passages(self) -> Iterator[Passage]:
        """Every piece of prose in reading order, headings included, metadata excluded."""
        yield Passage("overview", "paragraph 1", self.overview)
        yield Passage("details", "heading", self.details.topic)
        for n, text in enumerate(self.details.paragraphs, 1):
            yield Passage("details", f"paragraph {n}", text)
        for n, text in enumerate(self.from_author, 1):
            yield Passage("from_author", f"paragraph {n}", text)
        if self.impact.bullets:
            yield Passage("impact", "heading", self.impact.field)
        for n, text in enumerate(self.impact.bullets, 1):
            yield Passage("impact", f"bullet {n}", text)
        for n, pair in enumerate(self.qa, 1):
            yield Passage("qa", f"question {n}", pair.question)
            yield Passage("qa", f"answer {n}", pair.answer)


class Finding(Value):
    """One result of one check.

    `place` names the piece inside the section ("bullet 2", empty for the section as a whole),
    `span` the half-open range of code points in that piece, `evidence` what the source says.
    """

    code: str
    severity: Severity
    section: Section
    message: str
    place: str = ""
    span: tuple[int, int] | None = None
    evidence: str | None = None

    def __str__(self) -> str:
        where = f"{self.section}, {self.place}" if self.place else self.section
        tail = f' (source: "{self.evidence}")' if self.evidence else ""
        return f"{self.code} {where}: {self.message}{tail}"


# --- after: the record -------------------------------------------------------------------------


class Usage(Value):
    """Tokens of one or more completions; `cost` in US dollars, None when a price is unknown."""

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = 0.0

    def __add__(self, other: Usage) -> Usage:
        known = self.cost is not None and other.cost is not None
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            # To a billionth: sums of floats end in digits that nobody pays.
            cost=round((self.cost or 0.0) + (other.cost or 0.0), 9) if known else None,
        )


# --- small measures used by all of them --------------------------------------------------------


def digest(value: object) -> str:
    """SHA-256 (hex) of a value's canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@looked_up(1024, longest=2_000)  # the stages of cleaning ask about the same paragraphs
def count_words(text: str) -> int:
    """Number of words; in a script without spaces (Han, kana, Thai) two characters make one."""
    if text.isascii():
        return len(text.split())
    dense = sum(map(len, _DENSE.findall(text)))
    return len(_DENSE.sub(" ", text).split()) + (dense + 1) // 2
