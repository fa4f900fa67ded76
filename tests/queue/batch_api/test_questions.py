"""Questions survive on disk as what the direct call would have sent."""

from __future__ import annotations

import json
from pathlib import Path

from rewriter.completion.capabilities import Capabilities, encode
from rewriter.queue.batch_api.questions import Question, Questions, load_of
from tests import articles

REQUEST = articles.request()
DIGEST = REQUEST.digest()


def kept(folder: Path) -> Questions:
    questions = Questions(folder)
    questions.keep(Question(request=REQUEST, cache_key=REQUEST.cache_key))
    return questions


def test_a_line_is_the_direct_calls_body_under_its_digest(tmp_path: Path) -> None:
    capabilities = Capabilities(without=frozenset({"temperature"}))
    load = load_of(kept(tmp_path), [DIGEST], capabilities, lambda _: 0.5)
    told = json.loads(load.data)
    assert told["body"] == encode(REQUEST, capabilities)
    assert (told["custom_id"], told["url"]) == (DIGEST, "/v1/chat/completions")
    assert (load.digests, load.highest_cost) == (frozenset({DIGEST}), 0.5)


def test_what_is_not_kept_or_damaged_is_left_out(tmp_path: Path) -> None:
    questions = kept(tmp_path)
    (stored,) = tmp_path.rglob("*.json")
    stored.write_text("{")
    load = load_of(questions, [DIGEST, "0" * 64], Capabilities(), lambda _: 0.5)
    assert (load.data, load.digests) == (b"", frozenset())


def test_what_nobody_waits_for_is_removed(tmp_path: Path) -> None:
    questions = kept(tmp_path)
    questions.forget([DIGEST, DIGEST])
    assert questions.load(DIGEST) is None


def test_a_fresh_question_stays_fresh_whoever_asks_it_too(tmp_path: Path) -> None:
    questions = kept(tmp_path)
    for run in ("b", None):
        questions.keep(Question(request=REQUEST, run=run))
    question = questions.load(DIGEST)
    assert question is not None
    assert question.run == "b"
