"""The format rules of a prompt: one place for schema, instructions and structure checks.

Rules are read from the prompt's front matter (`rules:`). Minimums are for a source of `full_words`
words or more and shrink in proportion for a shorter one (`Rules.minimum`), so that nobody pads a
short item to the length of a long one.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from rewriter.article import Section, Severity, Value

# Longest word with its space that a bound on words must leave room for, in characters. German news
# text averages 7.2 with the space and its sentences rarely pass 10.
_CHARACTERS_PER_WORD = 10

# A run of wrong words and a reason, in characters: two long clauses, and 25 words with room.
_LONGEST_WORDS, _LONGEST_REASON = 400, 300

FaultKind = Literal[
    "figure",
    "subject",
    "role",
    "speaker",
    "legal-status",
    "certainty",
    "scope",
    "cause",
    "time",
    "direction",
    "comparison",
    "negation",
    "place",
    "name",
    "invented-detail",
    "other",
]
"""The kinds of fault that a second reader reports."""
Judgement = Literal["contradicted", "absent"]
"""Whether the source says otherwise, or does not say it at all."""


def _ordered(bounds: tuple[int, int]) -> tuple[int, int]:
    if bounds[0] > bounds[1]:
        raise ValueError(f"the smaller number comes first, not {list(bounds)}")
    return bounds


# The keys of the published format that are known under other names.
_ALIASED = frozenset(
    {"title", "description", "publishedAt", "updatedAt", "author", "category", "tags", "lang"}
    | {"url", "sentiment", "draft"}
)


def _known_keys(keys: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    if strange := sorted(keys.keys() - _ALIASED):
        raise ValueError(
            f"{strange[0]} has no other names; the keys are {', '.join(sorted(_ALIASED))}"
        )
    return keys


Count = Annotated[int, Field(ge=0)]
Range = Annotated[tuple[Count, Count], AfterValidator(_ordered)]
Preset = Literal["hugo", "jekyll", "astro", "hexo", "zola", "docusaurus", "eleventy", "obsidian"]
Label = Annotated[str, Field(min_length=1, max_length=40)]
Share = Annotated[float, Field(ge=0, le=1)]


class SourceRules(Value):
    """Which sources are rewritten at all; lengths in words."""

    min_words: Count
    full_words: Annotated[int, Field(ge=1)]


class LengthRules(Value):
    """A bound on a text of one line."""

    max_characters: Count


class HeadlineRules(LengthRules):
    """A bound on a headline, and whose headline is published: the model's or the source's."""

    origin: Literal["model", "source"] = Field(default="model", alias="from")


class TextRules(Value):
    """A section of paragraphs: how many, and words in each."""

    paragraphs: Range
    words: Range


class BulletRules(Value):
    """A section of one-sentence bullets: how many, and words in each."""

    bullets: Range
    words: Range


class QaRules(Value):
    """Questions and answers: how many pairs, and words in each answer."""

    pairs: Range
    words: Range


def _with(placeholder: str) -> AfterValidator:
    def check(heading: str) -> str:
        before, found, behind = heading.partition(placeholder)
        if not found or "{" in before + behind or "}" in before + behind:
            raise ValueError(f"this heading has one variable, {placeholder}, and no other braces")
        return heading

    return AfterValidator(check)


class Headings(Value):
    """The headings of one language; `{topic}` and `{field}` are filled for the article."""

    overview: str
    details: Annotated[str, _with("{topic}")]
    from_author: str
    impact: Annotated[str, _with("{field}")]
    qa: str


@cache
def _shipped_headings() -> dict[str, Any]:
    text = (files(__package__) / "headings.toml").read_text("utf-8")
    return tomllib.loads(text)


def _with_shipped(headings: object) -> object:
    """The headings of a prompt over the shipped ones."""
    return _shipped_headings() | headings if isinstance(headings, dict) else headings


class DisclosureRules(Value):
    """What tells readers that a model wrote the text: nothing, unless the rules set it.

    `text` is by language; `en` is used for those it does not have. `source_type` is a digital
    source type of the IPTC. With `in_body` the text is also put above the article. With
    `lifted_by_review` both go once a person has reviewed it.
    """

    text: dict[str, str] = Field(default_factory=dict)
    source_type: str = ""
    in_body: bool = False
    lifted_by_review: bool = False

    def text_for(self, lang: str) -> str:
        """The text in `lang`, or the English one, or ""."""
        return self.text.get(lang.split("-")[0].lower(), self.text.get("en", ""))


class GroundingRules(Value):
    """How strict the comparison with the source is.

    `severity` overrides the catalogue's severity of a finding code; `ignore` switches codes off.
    """

    severity: dict[str, Severity] = Field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    # Longest run of words shared with the source; names, figures and quotes are not counted.
    copied_run: Count = 30
    # Share of the rewrite's 8-grams that the source has.
    copied_share: Share = 0.5
    # Mean share of the source's key figures and names that a rewrite should keep.
    coverage: Share = 0.3
    # Words a rewrite may spend on each distinct figure, name or date: a padded article of four
    # facts and four hundred words spends a hundred, a dense news item fifteen.
    words_per_fact: Count = 60


class Rules(Value):
    """All format rules of one prompt."""

    source: SourceRules
    headline: HeadlineRules
    description: LengthRules
    overview: TextRules
    details: TextRules
    from_author: TextRules
    impact: BulletRules
    qa: QaRules
    tags: Range
    # Of tags and of a category that is not from the list below.
    label_case: Literal["upper", "lower", "keep"] = "upper"
    # With any, the model must choose one of them.
    categories: tuple[Label, ...] = ()
    # The site generator whose names new keys of the front matter get.
    preset: Preset | None = None
    # More names of keys, by the key of the published format, before the shipped ones.
    keys: Annotated[dict[str, tuple[Label, ...]], AfterValidator(_known_keys)] = Field(
        default_factory=dict, exclude_if=lambda keys: not keys
    )
    # Where a Markdown file's author goes: to `source.author`, or nowhere.
    author: Literal["source", "keep"] = Field(
        default="source", exclude_if=lambda author: author == "source"
    )
    # `item`: the picture that a news item brings; `any`: a page's too; `none`: no picture.
    cover_image: Literal["item", "any", "none"] = "item"
    disclosure: DisclosureRules = DisclosureRules()
    topic_words: Range
    # Word 3-gram overlap (Jaccard) at which two sentences say the same thing.
    near_duplicate: Share
    # Over those of `headings.toml`, language by language.
    headings: Annotated[dict[str, Headings], BeforeValidator(_with_shipped)] = Field(
        default_factory=dict, validate_default=True
    )
    grounding: GroundingRules = GroundingRules()

    def minimum(self, bound: int, source_words: int) -> int:
        """A minimum scaled to the source: `bound` from `full_words` on, less below, never under 1.

        A minimum of 0 stays 0.
        """
        return min(bound, max(1, math.ceil(bound * source_words / self.source.full_words)))

    def headings_for(self, lang: str) -> Headings | None:
        """The headings of `lang`, None where there are none."""
        return self.headings.get(lang.split("-")[0].lower())

    def label(self, text: str) -> str:
        """A tag or category in the one case of all."""
        match self.label_case:
            case "upper":
                return text.upper()
            case "lower":
                return text.lower()
            case "keep":
                return text

    def category(self, name: str) -> str:
        """A category as the list writes it, empty where it is not in the list."""
        if not self.categories:
            return self.label(name)
        known = {category.casefold(): category for category in self.categories}
        return known.get(name.strip().casefold(), "")

    def answer_schema(self) -> dict[str, Any]:
        """The strict JSON schema of an answer; every string and list is bounded.

        Bounds are the same for every article, so that the request's prefix stays cacheable.
        """
        return _object(
            headline=_string(self.headline.max_characters),
            overview=_prose(self.overview.words[1]),
            details=_object(
                topic=_prose(self.topic_words[1]),
                paragraphs=_array(_prose(self.details.words[1]), self.details.paragraphs[1]),
            ),
            from_author=_array(_prose(self.from_author.words[1]), self.from_author.paragraphs[1]),
            impact=_object(
                field=_prose(self.topic_words[1]) | {"minLength": min(1, self.impact.bullets[0])},
                bullets=_array(
                    _prose(self.impact.words[1]),
                    self.impact.bullets[1],
                    at_least=min(1, self.impact.bullets[0]),
                ),
            ),
            qa=_array(
                _object(question=_prose(40), answer=_prose(self.qa.words[1])),
                self.qa.pairs[1],
                at_least=0,
            ),
            tags=_array(_string(40), self.tags[1]),
            category=_one_of(self.categories) if self.categories else _string(40),
            sentiment=_one_of(("POSITIVE", "NEGATIVE", "NEUTRAL")),
        )

    def section_schema(self, sections: tuple[str, ...]) -> dict[str, Any]:
        """The part of the schema that holds only `sections`, for a repair."""
        whole = self.answer_schema()["properties"]
        return _object(**{name: whole[name] for name in sections})


# --- the second reader's rules -------------------------------------------------------------------


class SeverityRule(Value):
    """The severity of the faults that it fits; a list left empty fits all."""

    kinds: tuple[FaultKind, ...] = ()
    sections: tuple[Section, ...] = ()
    verdicts: tuple[Judgement, ...] = ()
    severity: Severity

    def fits(self, kind: FaultKind, section: Section, verdict: Judgement) -> bool:
        """Whether it decides on such a fault."""
        given: tuple[tuple[str, tuple[str, ...]], ...] = (
            (kind, self.kinds),
            (section, self.sections),
            (verdict, self.verdicts),
        )
        return all(value in wanted for value, wanted in given if wanted)


class ReaderRules(Value):
    """All rules of a second reader's prompt.

    `kinds` explains to the model each kind of fault that it is asked for. Reports below `sure` are
    dropped, and of the others those above the number of `findings`. `unread` says what becomes of
    an article whose reading gave no usable answer.
    """

    kinds: Annotated[dict[FaultKind, str], Field(min_length=1)]
    sure: int = Field(ge=0, le=100, strict=True)
    findings: int = Field(ge=1, le=100, strict=True)
    unread: Literal["hold", "warn"] = "warn"
    severities: tuple[SeverityRule, ...] = ()

    def severity(self, kind: FaultKind, section: Section, verdict: Judgement) -> Severity:
        """The severity of a fault: that of the first rule that fits, or "error" where none does."""
        fitting = (rule for rule in self.severities if rule.fits(kind, section, verdict))
        return next((rule.severity for rule in fitting), "error")

    def answer_schema(self) -> dict[str, Any]:
        """JSON schema of a reading: all keys are required, no others allowed, lists bounded."""
        number = {"type": "integer", "minimum": 1}
        fault = _object(
            r=number,
            words=_string(_LONGEST_WORDS),
            kind={"type": "string", "enum": list(self.kinds)},
            s=_array(number, 8, at_least=0),
            verdict={"type": "string", "enum": list(get_args(Judgement))},
            why=_string(_LONGEST_REASON),
            sure={"type": "integer", "minimum": 0, "maximum": 100},
            fix={"type": "string", "maxLength": _LONGEST_WORDS},
        )
        return _object(faults=_array(fault, self.findings, at_least=0))


def _string(max_characters: int) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": max_characters}


def _prose(max_words: int) -> dict[str, Any]:
    return _string(max_words * _CHARACTERS_PER_WORD)


def _one_of(values: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


def _array(items: dict[str, Any], at_most: int, at_least: int = 1) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": at_least, "maxItems": at_most}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
