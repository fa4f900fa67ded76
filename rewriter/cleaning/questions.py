"""The source's own questions and answers: glued `Q` and `A`, `Q1:`, lists under an FAQ heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

from rewriter.article import count_words
from rewriter.cleaning import phrases
from rewriter.cleaning.page import Block, BlockKind, KeptBlocks, Page
from rewriter.cleaning.reasons import Reason
from rewriter.cleaning.shapes import is_headline, is_question, phrase

_QUESTION_WORDS = 40
# Labelled questions without labelled answers need company: "Q4: a turning point?" is a headline.
_LABELLED = 2

_Q = re.compile(
    r"(?:(?:Q|Question|Frage|Pregunta|Pergunta|Вопрос|В|问|問)\s?\d{0,3}\s?[.:)：、]|[PF]\s?\d{0,3}\s?:)\s?(?=\S)"
)
_A = re.compile(
    r"(?:(?:A|Answer|Antwort|Respuesta|Resposta|Réponse|Ответ|О|答)\s?\d{0,3}\s?[.:)：、]|R\s?\d{0,3}\s?:)\s?(?=\S)"
)
_GLUED_Q = re.compile(r"Q(?=[^\W\d_a-z])")
_GLUED_A = re.compile(r"A(?=[^\W_a-z]|[\"“‘'$€£¥])")
_NUMBER = re.compile(r"\d{1,2}[.)、]\s?(?=\S)")
_INLINE_A = re.compile(r"(?<=[?？])\s{1,3}(?=A\d{0,3}[.:]\s)")
_SENTENCE_END = re.compile(r"[.!]\s")

Marking = Literal["glued", "labelled", "listed"]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A question and the blocks of its answer, as positions among the kept blocks."""

    question: int
    answers: range
    style: Marking


def find_questions(page: Page) -> Page:
    """Mark the blocks of the source's own questions and answers; their labels are cut.

    A question without an answer below it stays text.
    """
    page = replace(page, blocks=tuple(_split_inline(page.blocks)))
    kept = list(page.kept())
    pairs = _pairs(kept, _questions(kept))
    marked: dict[int, list[Block]] = {}
    for pair in pairs:
        i, block = kept[pair.question]
        marked[i] = _labelled(block, _Q_LABELS[pair.style], "question")
        for n, at in enumerate(pair.answers):
            j, answer = kept[at]
            marked[j] = _labelled(answer, None if n else _A_LABELS[pair.style], "answer")
    for i in _headings_of(kept, pairs):
        marked[i] = [page.blocks[i].cut(Reason.MARK)]
    blocks = (b for i, block in enumerate(page.blocks) for b in marked.get(i, [block]))
    return replace(page, blocks=tuple(blocks)).noted(*_notes(kept, pairs))


def _notes(kept: KeptBlocks, pairs: Sequence[_Pair]) -> Iterator[str]:
    """What the editor should know of a last answer that is longer than another."""
    lengths = [len(_paragraphs(kept, pair.answers)) for pair in pairs]
    if lengths and lengths[-1] > max(min(lengths), 1):
        yield "The last answer has several paragraphs; the last may be text of the article."


def _split_inline(blocks: Sequence[Block]) -> Iterator[Block]:
    """Turn "Q: Why? A: Because." on one line into two blocks."""
    for block in blocks:
        split = _INLINE_A.search(block.text) if block.kept and _Q.match(block.text) else None
        if split is None:
            yield block
        else:
            yield replace(block, text=block.text[: split.start()])
            yield Block(block.text[split.end() :])


def _questions(kept: KeptBlocks) -> dict[int, Marking]:
    """Positions of the blocks that ask, and how each shows it."""
    found: dict[int, Marking] = {}
    listing = answered = False
    for at, (_, block) in enumerate(kept):
        below = kept[at + 1][1].text if at + 1 < len(kept) else ""
        style = _style(block, below, listing)
        if _is_faq_heading(block):
            listing, answered = True, True
        elif style is not None:
            found[at] = style
            answered = False
        else:
            listing = listing and not (answered and _closes(block))
            answered = True
    labelled = [at for at, style in found.items() if style == "labelled"]
    if len(labelled) < _LABELLED:
        for at in labelled:
            if not _A.match(_bare(kept[at + 1][1].text) if at + 1 < len(kept) else ""):
                del found[at]
    return found


def _style(block: Block, below: str, listing: bool) -> Marking | None:
    text = _bare(block.text)
    if is_question(text) and _GLUED_Q.match(text) and _GLUED_A.match(below):
        return "glued"
    if (label := _Q.match(text)) and (is_question(text[label.end() :]) or _A.match(_bare(below))):
        return "labelled"
    body = text[label.end() :] if (label := _NUMBER.match(text)) else text
    alone = count_words(body) <= _QUESTION_WORDS and not _SENTENCE_END.search(body)
    return "listed" if listing and alone and is_question(body) else None


def _closes(block: Block) -> bool:
    """True for a block that cannot belong to an answer: the next heading of the article."""
    return block.kind == "heading" or (block.kind == "text" and is_headline(block.text))


def _is_faq_heading(block: Block) -> bool:
    line = phrase(block.text)
    return line in phrases.FAQ or (
        line.startswith(phrases.FAQ_OPENINGS) and is_headline(block.text)
    )


def _pairs(kept: KeptBlocks, questions: dict[int, Marking]) -> list[_Pair]:
    """Each question with the blocks up to the next; the last answer is as long as others are.

    Paragraphs are counted for that and list items are not: the article may go on below them.
    """
    starts = sorted(questions)
    pairs: list[_Pair] = []
    for start, end in pairwise([*starts, len(kept)]):
        answers = range(start + 1, _end_of_answer(kept, start, end))
        if end == len(kept):
            most = max((len(_paragraphs(kept, pair.answers)) for pair in pairs), default=1)
            beyond = _paragraphs(kept, answers)[max(most, 1) :]
            answers = range(answers.start, min([answers.stop, *beyond]))
        if answers:
            pairs.append(_Pair(start, answers, questions[start]))
    return pairs


def _paragraphs(kept: KeptBlocks, answers: range) -> list[int]:
    return [at for at in answers if kept[at][1].kind != "item"]


def _end_of_answer(kept: KeptBlocks, start: int, end: int) -> int:
    """The first block's position that is not the answer's; the first block below a question is."""
    for at in range(start + 1, end):
        block = kept[at][1]
        if _is_faq_heading(block) or block.kind == "heading" or (at > start + 1 and _closes(block)):
            return at
    return end


def _headings_of(kept: KeptBlocks, pairs: Sequence[_Pair]) -> Iterator[int]:
    """Indices of the FAQ headings with a pair right below them."""
    asked = {pair.question for pair in pairs}
    return (i for at, (i, block) in enumerate(kept) if at + 1 in asked and _is_faq_heading(block))


_Q_LABELS: dict[Marking, re.Pattern[str]] = {"glued": _GLUED_Q, "labelled": _Q, "listed": _NUMBER}
_A_LABELS: dict[Marking, re.Pattern[str]] = {"glued": _GLUED_A, "labelled": _A, "listed": _A}


def _labelled(block: Block, pattern: re.Pattern[str] | None, kind: BlockKind) -> list[Block]:
    """The block as `kind`; its label and a question's list mark are cut off as blocks."""
    asks = kind == "question"
    text = _bare(block.text) if asks else block.text
    label = pattern.match(text) if pattern is not None else None
    marks = [block.mark] if asks and block.kind == "item" else []
    if label is not None:
        marks.append(label[0])
        text = text[label.end() :]
    cut = [Block(mark.strip(), reason=Reason.MARK) for mark in marks]
    return [*cut, Block(text, kind, "" if asks else block.mark)]


def _bare(text: str) -> str:
    """`text` without the asterisks of Markdown emphasis around it."""
    return text.strip("*_ ")
