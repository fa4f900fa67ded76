"""What the demo's provider answers: the rewrites in `examples/answers`, some with a mistake.

Asked as a second reader, it reports the mistake that no check can see.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rewriter.cleaning import clean
from rewriter.prompting.prompt_file import load
from tests.provider.answers import answer_to, schema_of

RAW = Path(__file__).parent / "raw"
ANSWERS = Path(__file__).parent / "answers"
_TITLE = re.compile(r"<title>.*?</title>")
_NUMBERED = re.compile(r"^([SR])(\d+) (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Mistake:
    """A wrong figure in the first `times` answers to one example."""

    name: str
    right: str
    wrong: str
    times: int


@dataclass(frozen=True)
class Confusion(Mistake):
    """Words of the source in the wrong place; `source_says` is the sentence that shows it."""

    kind: str
    source_says: str


class Editor:
    """Answers a chat-completions body with the stored rewrite of the article that it quotes.

    A repair gets only the sections that its schema asks for. A second reader's request gets a
    report of the article's `Confusion`, if it has one. Another article is answered with its own
    sentences, and the question of `rewriter doctor` with some words.
    """

    def __init__(self, mistakes: Iterable[Mistake] = ()) -> None:
        self._mistakes = {mistake.name: mistake for mistake in mistakes}
        self._asked: Counter[str] = Counter()

    @cached_property
    def _names(self) -> dict[str, str]:
        """The examples by title; reading them takes seconds, in which a server would not answer."""
        return {_title_in(path): path.stem for path in RAW.iterdir()}

    def __call__(self, body: Mapping[str, Any]) -> str:
        """The JSON text of the answer."""
        asked = "".join(m["content"] for m in body["messages"] if m["role"] == "user")
        name, asked_for = self._names.get(_title(asked)), schema_of(body)["properties"]
        if name is None:
            return answer_to(body)
        mistake = self._mistakes.get(name)
        if "faults" in asked_for:
            return json.dumps({"faults": list(_faults(asked, mistake))}, ensure_ascii=False)
        self._asked[name] += 1
        text = (ANSWERS / f"{name}.json").read_text(encoding="utf-8")
        if mistake and self._asked[name] <= mistake.times:
            text = text.replace(mistake.right, mistake.wrong)
        answer = json.loads(text)
        return json.dumps({key: answer[key] for key in asked_for}, ensure_ascii=False)


def _title_in(path: Path) -> str:
    """The title of an example, as the prompt shows it to a model."""
    request = load().request(clean(path.read_bytes(), name=path.name), "any")
    return _title("".join(part.content for part in request.messages if part.role == "user"))


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return found[0] if found else ""


def _faults(text_asked: str, mistake: Mistake | None) -> Iterator[dict[str, object]]:
    """What a second reader reports of the numbered sentences that it was `told`."""
    if not isinstance(mistake, Confusion):
        return
    numbered = _NUMBERED.findall(text_asked)
    source = [int(n) for side, n, text in numbered if side == "S" and mistake.source_says in text]
    for side, n, text in numbered:
        if side == "R" and mistake.wrong in text:
            yield {
                "r": int(n),
                "words": mistake.wrong,
                "kind": mistake.kind,
                "s": source,
                "verdict": "contradicted",
                "why": f'"{mistake.right}"',
                "sure": 95,
                "fix": mistake.right,
            }
