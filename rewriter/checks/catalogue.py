"""Every finding code of the grounding checks: what it means and how severe it is by default."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.article import Severity


class Entry(NamedTuple):
    """One kind of finding; `example` is a rewrite that gives it, with what the source says."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str


_ENTRIES = (
    Entry(
        "G101",
        "error",
        "number not in the source",
        "A count, measure, multiple, ratio or ordinal that no figure of the source states or "
        "honestly rounds to.",
        "“1,520 bonds” for 1,250 bonds",
    ),
    Entry(
        "G102",
        "error",
        "amount of money not in the source",
        "An amount that the source does not have in this currency, not even rounded.",
        "“$2.65 billion” for $2.56 billion",
    ),
    Entry(
        "G103",
        "error",
        "percentage not in the source",
        "A percentage, or a number of percentage points, that the source does not have.",
        "“4.7 percent” for 7.4 percent",
    ),
    Entry(
        "G104",
        "error",
        "figure with another unit",
        "The number is in the source, but measures or counts something else there.",
        "“48 miles” for 48 kilometres; “$3,180” for 3,180 people",
    ),
    Entry(
        "G105",
        "error",
        "amount in another currency",
        "The number is in the source in another currency; HK$ is not US$.",
        "“$19.97 billion” for 19.97 billion Hong Kong dollars",
    ),
    Entry(
        "G106",
        "error",
        "figure of another magnitude",
        "The same digits stand in the source with another power of ten.",
        "“$2.56 million” for $2.56 billion",
    ),
    Entry(
        "G107",
        "warning",
        "spelled-out figure not in the source",
        "A small count, share or multiple in words. It is a warning, because a writer may have "
        "counted what the source lists.",
        "“five exchanges” for three exchanges",
    ),
    Entry(
        "G108",
        "warning",
        "derived figure",
        "The source does not state the figure, but it is the sum, difference or ratio of two that "
        "it does state, and the sentence says that it was worked out; the message shows how.",
        "“a combined $95 million” for $36 million and $59 million",
    ),
    Entry(
        "G109",
        "warning",
        "bound on the other side",
        "“More than” where the source has “nearly”, or the reverse.",
        "“more than 60%” for nearly 60%",
    ),
    Entry(
        "G110",
        "warning",
        "figure of something else",
        "The figure is in the source, but among other words; among these words the source has "
        "another figure, two figures have changed places, it is said of somebody else, or it "
        "counts something else.",
        "“Binance lost $59 million” where Hyperliquid did",
    ),
    Entry(
        "G201",
        "error",
        "name not in the source",
        "A person, organisation, product, ticker or place of which the source has neither the "
        "name nor a variant: another spelling, an acronym or its expansion, a possessive, a "
        "plural, a people for its country, a ticker for its coin.",
        "“Sara Lindqvist” for Mara Lindqvist",
    ),
    Entry(
        "G202",
        "error",
        "other first name",
        "Both words are in the source, but there this last name has another first name.",
        "“Owen Lindqvist” for Mara Lindqvist and Owen Tate",
    ),
    Entry(
        "G203",
        "warning",
        "institution not in the source",
        "A capitalised word that says what kind of body or place is meant.",
        "“the Parliament” for the Senate",
    ),
    Entry(
        "G204",
        "warning",
        "other actor",
        "The sentence restates a sentence of the source closely, but names somebody else of the "
        "source in it.",
        "“Ewa Lind arrested the mayor” where Hanna Vogt did",
    ),
    Entry(
        "G301",
        "error",
        "quote not in the source",
        "Text of three words or more in quotation marks that the source does not have.",
        "An invented sentence in quotation marks",
    ),
    Entry(
        "G302",
        "error",
        "altered quote",
        "Most of the quoted words are in the source, but not all of them in this order. Case, "
        "punctuation and how a figure is written may differ.",
        "“a gift to all polluters” for “a gift to polluters”",
    ),
    Entry(
        "G303",
        "error",
        "quote given to another speaker",
        "The quote is verbatim, but in the source somebody else says it.",
        "A judge's words given to a senator",
    ),
    Entry(
        "G304",
        "warning",
        "term in quotation marks not in the source",
        "One or two words in quotation marks that the source does not have.",
        "a “fare freeze”",
    ),
    Entry(
        "G401",
        "error",
        "date not in the source",
        "A day, month, quarter or half-year that the source does not have; years, weekdays and "
        "words such as “yesterday” are worked out from the day of publication.",
        "“14 March” for 4 March",
    ),
    Entry("G402", "error", "year not in the source", "A year or decade.", "“2023” for 2025"),
    Entry("G403", "error", "weekday not in the source", "A weekday.", "“on Monday” for Tuesday"),
    Entry(
        "G404",
        "error",
        "time of day not in the source",
        "An hour and minute, on the 12- or 24-hour clock.",
        "“6:30 p.m.” for 17:30",
    ),
    Entry(
        "G405",
        "warning",
        "relative date not in the source",
        "“Last year” and the like, where the dates of the source, counted from its day of "
        "publication, do not bear it out.",
        "“last year” for this year",
    ),
    Entry(
        "G406",
        "warning",
        "date of something else",
        "The date is in the source, but among these words the source has another one.",
        "The opening's date for the closing",
    ),
    Entry(
        "G501",
        "error",
        "link not in the source",
        "A URL or domain that the source does not have.",
        "An invented link",
    ),
    Entry(
        "G502",
        "error",
        "e-mail address not in the source",
        "An e-mail address that the source does not have.",
        "An invented address",
    ),
    Entry(
        "G503",
        "error",
        "phone number",
        "A phone number, whether the source has it or not.",
        "+1 212 555 0134",
    ),
    Entry(
        "G504",
        "error",
        "wallet address",
        "A cryptocurrency address, whether the source has it or not.",
        "0x5290…9EE7",
    ),
    Entry(
        "G505",
        "error",
        "hashtag or handle not in the source",
        "A #hashtag or @handle that the source does not have.",
        "#CleanOcean for #CleanHarbour",
    ),
    Entry(
        "G601",
        "warning",
        "sentence without support",
        "The three nearest sentences of the source together hold too few of the sentence's words. "
        "From author, headings and questions are not asked for support.",
        "A sentence about something else",
    ),
    Entry(
        "G602",
        "warning",
        "negation against the source",
        "The sentence is negated and the source sentence that says the same is not, or the "
        "reverse.",
        "“will publish” for will not publish",
    ),
    Entry(
        "G603",
        "warning",
        "contrary of the source",
        "A word whose contrary stands in the supporting sentence, or a figure that rose here and "
        "fell there.",
        "“rose 4%” for fell 4%",
    ),
    Entry(
        "G701",
        "warning",
        "title contradicts body",
        "The source's title has a figure that its body does not bear out. It is no evidence: a "
        "rewrite that carries it gets an error of its own.",
        "A title with $20 billion over a text with $2.56 billion",
    ),
    Entry(
        "G702",
        "warning",
        "figures of the source disagree",
        "Two sentences of the source say the same with different figures.",
        "“31,000 batteries” in one paragraph, “13,000 batteries” in another",
    ),
    Entry(
        "C101",
        "error",
        "long copied run",
        "More consecutive words are the source's than `grounding.copied_run` allows; names, "
        "figures and quotes are not counted.",
        "A whole sentence taken over",
    ),
    Entry(
        "C102",
        "error",
        "much copied wording",
        "A larger share of the rewrite's 8-word runs is the source's than "
        "`grounding.copied_share` allows.",
        "Sentences taken over one by one",
    ),
    Entry(
        "K101",
        "error",
        "instructions leaked",
        "The text speaks of the task it was written for, or repeats eight words of the prompt.",
        "“as requested, here is the rewrite”",
    ),
    Entry(
        "K102",
        "error",
        "other language",
        "The rewrite is in another language than the source; known are "
        "English, Spanish, German, French, Portuguese, Russian and Chinese.",
        "An English rewrite of a Spanish article",
    ),
    Entry(
        "K103",
        "warning",
        "padding",
        "More words for each distinct figure, date and name than `grounding.words_per_fact`.",
        "Four hundred words around four facts",
    ),
    Entry(
        "K104",
        "error",
        "investment advice",
        "Advice to buy, sell or hold in the form of an instruction.",
        "“investors should buy now”",
    ),
    Entry(
        "K105",
        "error",
        "fact from a removed block",
        "A figure, name or date that is only in a block that the cleaner cut from the source, "
        "such as a related article; the message names the reason of the cut.",
        "A figure of the article that was linked below",
    ),
    Entry(
        "V101",
        "warning",
        "low coverage",
        "The rewrite keeps fewer of the source's key figures and names than "
        "`grounding.coverage`; the message lists what is missing.",
        "An overview without a single amount",
    ),
)

CATALOGUE: dict[str, Entry] = {entry.code: entry for entry in _ENTRIES}

STRUCTURE_CODES = (
    *("S100", "S101", "S102", "S103", "S104", "S105", "S106", "S107", "S108", "S109", "S110"),
    *("S199", "S201", "S202"),
)
"""The codes of the checks of structure and repetition."""
