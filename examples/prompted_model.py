"""`python -m examples.prompted_model`: a stand-in for a model that reads prompts. Ctrl-C stops it.

It is for a first look at the gate, without a key. To an example it answers with the rewrite in
`examples/answers`, to another article with its sentences. It obeys two sentences of a prompt:
without "Repeat no sentence." it repeats one, and with "Leave out figures." it leaves out every
sentence that has a digit.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from typing import Any

from examples.editor import Editor
from examples.model import answer_at
from rewriter.text.sentences import split_sentences

NO_REPETITION = "Repeat no sentence."
NO_FIGURES = "Leave out figures."


class PromptedModel:
    """Answers a chat-completions body as its prompt asks for."""

    def __init__(self) -> None:
        self._editor = Editor()

    def __call__(self, body: Mapping[str, Any]) -> str:
        """The JSON text of the answer."""
        asked = "".join(message["content"] for message in body["messages"])
        answer = json.loads(self._editor(body))
        if "details" in answer and "overview" in answer:
            paragraphs = answer["details"]["paragraphs"]
            if NO_REPETITION not in asked:
                paragraphs[-1] += " " + split_sentences(answer["overview"])[0]
            if NO_FIGURES in asked:
                answer["overview"] = _without_figures(answer["overview"])
                answer["details"]["paragraphs"] = [_without_figures(text) for text in paragraphs]
        return json.dumps(answer, ensure_ascii=False)


def _without_figures(text: str) -> str:
    kept = [sentence for sentence in split_sentences(text) if not re.search(r"\d", sentence)]
    return " ".join(kept) or "Nothing is known."


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.prompted_model", description=__doc__)
    parser.add_argument("--port", type=int, default=8700)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(answer_at(parser.parse_args().port, PromptedModel()))
