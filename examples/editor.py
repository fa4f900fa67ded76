"""What the demo's provider answers: the rewrites in `examples/answers`, some with a mistake."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rewriter.cleaning import clean
from rewriter.prompting.prompt_file import load
from tests.provider.answers import schema_of

RAW = Path(__file__).parent / "raw"
ANSWERS = Path(__file__).parent / "answers"
_TITLE = re.compile(r"<title>.*?</title>")


@dataclass(frozen=True)
class Mistake:
    """A wrong figure in the first `times` answers to one example."""

    name: str
    right: str
    wrong: str
    times: int


class Editor:
    """Answers a chat-completions body with the stored rewrite of the article that it quotes.

    A repair gets only the sections that its schema asks for. Raises `KeyError` for an article
    that is not an example.
    """

    def __init__(self, mistakes: Iterable[Mistake] = ()) -> None:
        self._mistakes = {mistake.name: mistake for mistake in mistakes}
        self._asked: Counter[str] = Counter()
        self._names = {_title_in(path): path.stem for path in RAW.iterdir()}

    def __call__(self, body: Mapping[str, Any]) -> str:
        """The JSON text of the answer."""
        name = self._names[_title(m["content"] for m in body["messages"] if m["role"] == "user")]
        self._asked[name] += 1
        asked_for = schema_of(body)["properties"]
        text = (ANSWERS / f"{name}.json").read_text(encoding="utf-8")
        mistake = self._mistakes.get(name)
        if mistake and self._asked[name] <= mistake.times:
            text = text.replace(mistake.right, mistake.wrong)
        answer = json.loads(text)
        return json.dumps({key: answer[key] for key in asked_for}, ensure_ascii=False)


def _title_in(path: Path) -> str:
    """The title of an example, as the prompt shows it to a model."""
    request = load().request(clean(path.read_bytes(), name=path.name), "any")
    return _title(message.content for message in request.messages if message.role == "user")


def _title(texts: Iterable[str]) -> str:
    found = _TITLE.search("".join(texts))
    return found[0] if found else ""
