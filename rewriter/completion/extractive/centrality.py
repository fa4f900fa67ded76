"""Which sentences of a text carry it: LexRank with a lead bias.

Erkan & Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization", JAIR 22
(2004): sentences are nodes, the cosine of their tf-idf vectors weighs the edges, and the
stationary distribution of a random walk is the salience. News puts what matters first, so the walk
restarts at a sentence the more often the earlier it stands and the more it shares with the title
(topic-sensitive restart: Otterbacher, Erkan & Radev, "Biased LexRank", IPM 45, 2009).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

# The damping of the paper, and enough steps for it: 0.85 ** 30 is below one hundredth.
_DAMPING = 0.85
_STEPS = 30

_TOKEN = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]+|[^\W_]+")
_DENSE = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")

Vector = dict[str, float]


def tokens(text: str) -> list[str]:
    """Lower-case words in order; a script without spaces gives its overlapping character pairs."""
    found: list[str] = []
    for run in _TOKEN.findall(text.lower()):
        if _DENSE.match(run) and len(run) > 1:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found


def centrality(sentences: Sequence[str], title: str = "") -> list[float]:
    """The salience of each sentence; all of them together are 1."""
    if not sentences:
        return []
    vectors = _vectors([*sentences, title])
    theme = vectors.pop()
    weights = [1 / (1 + n) + _cosine(vector, theme) for n, vector in enumerate(vectors)]
    restart = _normalised(weights)
    edges = [_normalised(row) for row in _similarities(vectors)]
    rank = restart
    for _ in range(_STEPS):
        flow = [0.0] * len(rank)
        for row, share in zip(edges, rank, strict=True):
            for n, weight in enumerate(row):
                flow[n] += share * weight
        rank = [
            (1 - _DAMPING) * base + _DAMPING * moved
            for base, moved in zip(restart, flow, strict=True)
        ]
    return rank


def _vectors(texts: Sequence[str]) -> list[Vector]:
    """Unit tf-idf vectors: a word of every sentence weighs nothing, in any language."""
    counts = [Counter(tokens(text)) for text in texts]
    spread = Counter(word for count in counts for word in count)
    vectors = []
    for count in counts:
        weights = {word: n * math.log(len(texts) / spread[word]) for word, n in count.items()}
        length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items() if weight})
    return vectors


def _cosine(left: Vector, right: Vector) -> float:
    if len(left) > len(right):
        left, right = right, left
    return sum(weight * right.get(word, 0.0) for word, weight in left.items())


def _similarities(vectors: Sequence[Vector]) -> list[list[float]]:
    size = len(vectors)
    rows = [[0.0] * size for _ in vectors]
    for i in range(size):
        rows[i][i] = 1.0  # a sentence like no other keeps its own weight
        for j in range(i):
            rows[i][j] = rows[j][i] = _cosine(vectors[i], vectors[j])
    return rows


def _normalised(row: Sequence[float]) -> list[float]:
    total = sum(row)
    return [value / total for value in row]
