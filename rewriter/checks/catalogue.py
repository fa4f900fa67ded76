"""Every finding code of the grounding checks: what it means and how severe it is by default."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.article import Severity


class Entry(NamedTuple):
    """One kind of finding; `example` shows a source and a rewrite that gives it."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str


_ENTRIES = (
    Entry("G101", "error", "number not in the source", "", ""),
    Entry("G102", "error", "amount of money not in the source", "", ""),
    Entry("G103", "error", "percentage not in the source", "", ""),
    Entry("G104", "error", "figure with another unit", "", ""),
    Entry("G105", "error", "amount in another currency", "", ""),
    Entry("G106", "error", "figure of another magnitude", "", ""),
    Entry("G107", "warning", "spelled-out count not in the source", "", ""),
    Entry("G108", "warning", "derived figure", "", ""),
    Entry("G109", "warning", "bound on the other side", "", ""),
    Entry("G201", "error", "name not in the source", "", ""),
    Entry("G202", "error", "other first name", "", ""),
    Entry("G203", "warning", "capitalised word not in the source", "", ""),
    Entry("G301", "error", "quote not in the source", "", ""),
    Entry("G302", "error", "altered quote", "", ""),
    Entry("G303", "error", "quote given to another speaker", "", ""),
    Entry("G304", "warning", "term in quotation marks not in the source", "", ""),
    Entry("G401", "error", "date not in the source", "", ""),
    Entry("G402", "error", "year not in the source", "", ""),
    Entry("G403", "error", "weekday not in the source", "", ""),
    Entry("G404", "error", "time of day not in the source", "", ""),
    Entry("G405", "warning", "relative date not in the source", "", ""),
    Entry("G501", "error", "link not in the source", "", ""),
    Entry("G502", "error", "e-mail address not in the source", "", ""),
    Entry("G503", "error", "phone number", "", ""),
    Entry("G504", "error", "wallet address", "", ""),
    Entry("G505", "error", "hashtag or handle not in the source", "", ""),
    Entry("G110", "warning", "figure of something else", "", ""),
    Entry("G406", "warning", "date of something else", "", ""),
    Entry("G601", "warning", "sentence without support", "", ""),
    Entry("G602", "warning", "negation against the source", "", ""),
    Entry("G603", "warning", "contrary of the source", "", ""),
    Entry("G701", "warning", "title contradicts body", "", ""),
    Entry("G702", "warning", "figures disagree", "", ""),
    Entry("C101", "error", "long copied run", "", ""),
    Entry("C102", "error", "much copied wording", "", ""),
    Entry("K101", "error", "instructions leaked", "", ""),
    Entry("K102", "error", "other language", "", ""),
    Entry("K103", "warning", "padding", "", ""),
    Entry("K104", "error", "investment advice", "", ""),
    Entry("K105", "error", "fact from a removed block", "", ""),
    Entry("V101", "warning", "low coverage", "", ""),
)

CATALOGUE: dict[str, Entry] = {entry.code: entry for entry in _ENTRIES}
