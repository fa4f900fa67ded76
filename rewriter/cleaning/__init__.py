"""Raw bytes to a `Source`: decoding, one reader for each format, then stages over the blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rewriter.article import Source
from rewriter.cleaning.assemble import assemble
from rewriter.cleaning.barriers import cut_offers, hold_barriers, hold_excerpts
from rewriter.cleaning.byline import read_byline
from rewriter.cleaning.credits import read_credits
from rewriter.cleaning.decode import decode
from rewriter.cleaning.disclaimers import cut_disclaimers, cut_ending
from rewriter.cleaning.formats import read_page
from rewriter.cleaning.furniture import cut_furniture
from rewriter.cleaning.headings import cut_contents, mark_headings
from rewriter.cleaning.language import cut_foreign_script, note_foreign_script, tell_language
from rewriter.cleaning.orders import cut_asides, cut_orders
from rewriter.cleaning.players import cut_players
from rewriter.cleaning.questions import find_questions
from rewriter.cleaning.related import cut_comments, cut_related
from rewriter.cleaning.repeats import cut_repeats
from rewriter.cleaning.shortcodes import cut_shortcodes
from rewriter.cleaning.surroundings import cut_masthead, cut_surroundings
from rewriter.cleaning.title import cut_repeated_title, find_title

__all__ = ["clean"]

# Each takes a page and returns another. Comments and related articles are cut after the furniture,
# whose feed lines are evidence for them, and before repeats, which hide repeated headlines.
# Orders are looked for in what is left of a pasted page; neither they nor fragments of other
# scripts, which may be a heading over links, must become the title.
_STAGES = (
    cut_shortcodes,
    cut_contents,
    cut_furniture,
    cut_masthead,
    cut_players,
    cut_offers,
    cut_comments,
    cut_related,
    cut_surroundings,
    cut_orders,
    cut_foreign_script,
    find_title,
    read_byline,
    read_credits,
    cut_repeated_title,
    cut_repeats,
    cut_ending,
    cut_disclaimers,
    tell_language,
    cut_asides,
    find_questions,
    mark_headings,
    note_foreign_script,
    hold_barriers,
    hold_excerpts,
)


def clean(
    data: bytes, *, name: str = "", keys: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> Source:
    """The article in `data`, with every cut block and its reason.

    `name` is the file's name; its suffix (`.txt`, `.md`, `.html`, `.htm`, `.json`) tells the
    format, without one the content does; feeds are known by their content. `keys` are more names of
    front matter keys, from a prompt's rules. Raises `SourceError`
    and nothing else; its message does not repeat the name.
    """
    decoded = decode(data)
    page = read_page(decoded.text, name, keys).noted(*decoded.notes)
    for stage in _STAGES:
        page = stage(page)
    return assemble(page)
