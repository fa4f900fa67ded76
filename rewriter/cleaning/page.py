"""A page on its way through the cleaner: blocks in reading order, and the facts found so far.

No stage removes a block. It gives the block a reason instead, so that nothing can get lost between
the decoded text and `Source.removed`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from rewriter.article import Defect
from rewriter.cleaning.media import NO_MEDIA, Media
from rewriter.cleaning.reasons import Reason

BlockKind = Literal["text", "heading", "item", "title", "question", "answer"]
PageKind = Literal["text", "markdown", "html", "json", "xml"]


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph, heading, list item or line. `mark` is its Markdown mark (`## `, `- `).

    `linked` is the share of the text that stood in links, from 0 to 1.
    """

    text: str
    kind: BlockKind = "text"
    mark: str = ""
    reason: Reason | None = None
    linked: float = 0.0

    @property
    def kept(self) -> bool:
        """True while no stage has cut it."""
        return self.reason is None

    def cut(self, reason: Reason) -> Block:
        """The same block, cut for `reason`."""
        return replace(self, reason=reason)

    def render(self) -> str:
        """The block as Markdown."""
        return self.mark + self.text


KeptBlocks = Sequence[tuple[int, Block]]  # each with its index into `Page.blocks`


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the page says about the article. None and empty mean that it does not say."""

    title: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    publisher: str | None = None
    author: str | None = None
    lang: str | None = None
    url: str | None = None
    category: str | None = None
    image: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    def filled(self, **found: Any) -> PageFacts:
        """These facts with `found` where they are still None: the first to say it counts."""
        missing = {k: v for k, v in found.items() if getattr(self, k) is None and v is not None}
        return replace(self, **missing)


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks, facts and notes; each stage takes a page and returns another.

    `defects` are reasons to hold the article.
    `own_front_matter` is True for Markdown that brings its own: it stays in the file; `own_title`
    where it has a title. `lang` is the language that its text tells.
    """

    kind: PageKind
    blocks: tuple[Block, ...]
    facts: PageFacts = field(default_factory=PageFacts)
    notes: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    own_front_matter: bool = False
    own_title: bool = False
    media: Media = NO_MEDIA
    lang: str | None = None

    def kept(self) -> Iterator[tuple[int, Block]]:
        """The blocks below the title that nobody has cut, each with its index into `blocks`."""
        return (
            (i, block)
            for i, block in enumerate(self.blocks)
            if block.reason is None and block.kind != "title"
        )

    def cut(self, reasons: dict[int, Reason]) -> Page:
        """The page with the blocks at these indices cut."""
        if not reasons:
            return self
        blocks = tuple(
            block.cut(reasons[i]) if i in reasons else block for i, block in enumerate(self.blocks)
        )
        return replace(self, blocks=blocks)

    def cut_where(self, judge: Callable[[Block], Reason | None]) -> Page:
        """The page with each kept block cut for which `judge` names a reason."""
        return self.cut({i: why for i, block in self.kept() if (why := judge(block)) is not None})

    def noted(self, *notes: str) -> Page:
        """The page with more notes to the editor."""
        return replace(self, notes=self.notes + notes)

    def held_for(self, code: str, message: str) -> Page:
        """The page with one more reason to hold the article."""
        return replace(self, defects=(*self.defects, Defect(code=code, message=message)))
