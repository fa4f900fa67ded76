"""Values that many tests start from; each returns a fresh one that passes every check."""

from __future__ import annotations

from functools import cache

from rewriter.article import QuestionAnswer, Rewrite, Sentence, Source
from rewriter.prompting.prompt_file import load
from rewriter.request import Request
from rewriter.rules import Rules

PARAGRAPHS = (
    "Harbour Freight Lines said on Monday that it will spend $420 million on six electric ferries.",
    "The company carried 3.1 million passengers last year and expects fuel costs to fall by 18%.",
    "Chief executive Mara Lindqvist called the order a turning point for coastal transport.",
    "The first two vessels are due in March 2027, and the yard in Turku will build all of them.",
)

RAW = "Harbour Freight orders ferries\n\n" + "\n\n".join(PARAGRAPHS) + "\n"
RAW_WITH_FRONT_MATTER = "---\ntitle:  'Kept'   # as it is\nid: 007\n---\n" + RAW


def source(*paragraphs: str, **changes: object) -> Source:
    """A cleaned source; `paragraphs` replace the usual four."""
    texts = paragraphs or PARAGRAPHS
    sentences = tuple(
        Sentence(id=f"s{n}", text=text, place="text", index=n - 1)
        for n, text in enumerate(texts, 1)
    )
    plain = Source(
        kind="text",
        title="Harbour Freight Lines orders six electric ferries",
        paragraphs=tuple(texts),
        sentences=sentences,
    )
    return plain.model_copy(update=changes)


def rewrite(**changes: object) -> Rewrite:
    """A rewrite of `source()` that no check objects to; `changes` replace fields."""
    good = {
        "headline": "Ferry operator goes electric with six new vessels",
        "overview": (
            "Harbour Freight Lines is putting $420 million into six electric ferries, a bet that "
            "cleaner vessels will cut what the operator pays for fuel by 18%."
        ),
        "details": {
            "topic": "Electric Ferries",
            "paragraphs": (
                "A yard in Turku builds the whole series, and the operator plans to receive the "
                "opening pair in March 2027, after which the remaining vessels follow in turn.",
                "Some 3.1 million people travelled with the line in the past year, and Mara "
                "Lindqvist, who runs the business, sees the purchase as decisive for the coast.",
            ),
        },
        "from_author": (
            "Ordering a series from one yard is a bold way to learn quickly, because whatever goes "
            "wrong on the opening vessels can still be mended before the last one is finished.",
        ),
        "impact": {
            "field": "shipping",
            "bullets": (
                "Yards that build electric vessels gain a reference customer.",
                "Lower fuel costs could leave room for cheaper tickets.",
                "Competing freight lines face pressure to state their own plans.",
                "Coastal ports need charging equipment before the ferries are due.",
            ),
        },
        "qa": (
            QuestionAnswer(
                question="When do the first ferries arrive?",
                answer="Delivery of the opening pair is planned for March 2027.",
            ),
        ),
        "tags": ("SHIPPING", "FERRIES"),
        "category": "SHIPPING",
        "sentiment": "POSITIVE",
    }
    return Rewrite.model_validate(good | changes)


@cache
def rules() -> Rules:
    """The shipped prompt's rules."""
    return load().rules


def request(model: str = "gpt-4.1-mini") -> Request:
    """The shipped prompt's question about `source()`."""
    return load().request(source(), model)
