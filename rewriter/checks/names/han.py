"""G203: names of people in Chinese, Japanese and Korean, told by what stands beside them.

These scripts have no capitals. A surname before 某, a name between an office and a verb of speech,
and a name before an honorific are certain enough to be looked up in the source.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.checks.evidence.index import Evidence
from rewriter.checks.evidence.reading import Flag, Statement
from rewriter.checks.lexicon import pattern_of, word_set

# What an honorific follows without a name.
_NOBODY = tuple(word_set("nobody"))


def check_han_names(statement: Statement, evidence: Evidence) -> Iterator[Flag]:
    """Yield G203 for each name of a person that the source does not have."""
    called = pattern_of("called_person", statement.lang)
    for found in called.finditer(statement.text) if called else ():
        if not _is_known(found[found.lastgroup or 0], evidence):
            message = f"{found.group()!r} is not in the source"
            yield Flag("G203", *found.span(), message)


def _is_known(name: str, evidence: Evidence) -> bool:
    """Whether the source has a name; of a longer one either end, which may hold an office."""
    if name.endswith(_NOBODY):
        return True
    known = "\n".join(evidence.titled)
    if not evidence.lang.startswith("ja") or "ァ" <= name[0] <= "ヺ":
        return name in known
    return name[:2] in known or name[-2:] in known
