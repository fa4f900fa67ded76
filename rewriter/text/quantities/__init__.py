"""Reading numbers, money, percentages, dates and ranges as people write them, as typed facts.

The grammar is a table of words for each language (`languages/*.toml`) and one pass over the tokens:
no backtracking, no fuzzy matching, no guessing of what a text does not say.
"""

from rewriter.text.quantities.facts import Facts, Moment, Quantity
from rewriter.text.quantities.grammar import facts_of, read_facts
from rewriter.text.quantities.vocabulary import LANGUAGES

__all__ = ["LANGUAGES", "Facts", "Moment", "Quantity", "facts_of", "read_facts"]
