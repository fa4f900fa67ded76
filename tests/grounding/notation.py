"""The notation tables: how people write figures and dates, and what the grammar must read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import NamedTuple

from rewriter.text.quantities import Moment, Quantity, read_facts

FOLDER = Path(__file__).parent
_SEASONS = {1: "spring", 2: "summer", 3: "autumn", 4: "winter"}


class Notation(NamedTuple):
    """A string in a language and what it says."""

    lang: str
    text: str
    meaning: str


def table(name: str) -> Iterator[Notation]:
    """The rows of a table, comments left out."""
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            yield Notation(*line.split("\t"))


def read(lang: str, text: str) -> str:
    """What the grammar reads in a string, in the table's words."""
    facts = read_facts(text, lang)
    found: list[Quantity | Moment] = [*facts.quantities, *facts.moments]
    return "; ".join(_said(fact) for fact in sorted(found, key=lambda fact: fact.start)) or "-"


def _said(fact: Quantity | Moment) -> str:
    if isinstance(fact, Moment):
        return f"date {_date(fact)}"
    value = fact.value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    return f"{fact.kind} {value:f} {fact.unit}".strip()


def _date(moment: Moment) -> str:
    parts = []
    if moment.decade:
        return f"{moment.year}s {moment.part}".strip()
    if moment.year is not None:
        parts.append(f"{moment.year:04d}" if moment.year > 0 else f"{-moment.year} BC")
    parts += [f"{part:02d}" for part in (moment.month, moment.day) if part is not None]
    said = ["-".join(parts)] if parts else []
    if moment.quarter is not None:
        said.append(f"Q{moment.quarter}")
    if moment.half is not None:
        said.append(f"H{moment.half}")
    if moment.season is not None:
        said.append(_SEASONS[moment.season])
    if moment.century is not None:
        said.append(f"C{moment.century}")
    if moment.weekday is not None:
        said.append(f"weekday {moment.weekday}")
    if moment.minute is not None:
        said.append(f"{moment.minute // 60:02d}:{moment.minute % 60:02d}")
    return " ".join(part for part in (*said, moment.part, moment.relative) if part)
