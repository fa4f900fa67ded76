"""Only references that stay inside of the content root pass the border."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from rewriter.errors import MessageError
from rewriter.files.inputs import FilePlace
from rewriter.queue.message import Message, locate, parse

GOOD = {
    "batch": "b",
    "path": "raw/one.txt",
    "target": "site/one.md",
    "prompt": "rewrite",
    "prompt_version": 1,
}


def test_a_message_comes_back_as_it_was_sent() -> None:
    message = Message.model_validate(GOOD | {"force": True, "fresh_from": 1.5})
    assert parse(message.encode(), "b/raw/one.txt") == message


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"path": "/etc/passwd"}, "absolute"),
        ({"path": "raw/../../secret.txt"}, "'..'"),
        ({"target": "../site/one.md"}, "'..'"),
        ({"path": "raw//one.txt"}, "not a plain relative path"),
        ({"path": "raw\\one.txt"}, "not a plain relative path"),
        ({"path": ".rewriter/records/one.json"}, "holds no articles"),
        ({"path": 7}, "path: text is wanted, not 7"),
        ({"target": "site/a\n::error::b.md"}, "line end"),
        ({"path": "raw/a\x1b[2J.txt"}, "control character"),
        ({"prompt_version": "1"}, "prompt_version: a whole number is wanted, not '1'"),
        ({"prompt": "../prompts/evil"}, "prompt: text of the form ^[a-z0-9]"),
        ({"force": "yes"}, "force: true or false is wanted, not 'yes'"),
        ({"content": "the article itself"}, "content: no such field; "),
        ({"batch": "other"}, "not about b/raw/one.txt"),
    ],
)
def test_a_message_that_is_not_ours_is_refused(change: dict[str, object], reason: str) -> None:
    with pytest.raises(MessageError, match="refused") as refused:
        parse(json.dumps(GOOD | change), "b/raw/one.txt")
    assert reason in str(refused.value)


def test_what_is_told_of_a_message_is_short_however_long_that_is() -> None:
    """It is kept in Redis, logged and listed."""
    for text in (json.dumps(GOOD), json.dumps(GOOD | {"prompt": "x" * 1_000_000})):
        with pytest.raises(MessageError) as refused:
            parse(text, "b/" + "y" * 1_000_000)
        assert len(str(refused.value)) < 2_000


def test_of_a_message_with_thousands_of_fields_the_first_ten_are_named_at_once() -> None:
    """A worker's loop does nothing else meanwhile."""
    unknown = {f"tarqet{n}": n for n in range(8_000)}
    whole = {name: value for name, value in GOOD.items() if name != "target"}
    began = time.process_time()
    for fields, wrong in ((GOOD | unknown, 8_000), (whole | unknown, 8_001)):
        with pytest.raises(MessageError) as refused:
            parse(json.dumps(fields), "b/raw/one.txt")
        assert str(refused.value).endswith(f"; and {wrong - 10:,} more")
        assert str(refused.value).count("; ") == 20
    assert time.process_time() - began < 1


@pytest.mark.parametrize("text", ["", "{", "[]", '"raw/one.txt"', "null", '{"batch": "b"}'])
def test_what_is_no_message_is_refused(text: str) -> None:
    with pytest.raises(MessageError):
        parse(text, "b/raw/one.txt")


@pytest.mark.parametrize("link", ["raw", "site"])
def test_a_symbolic_link_out_of_the_root_is_refused(tmp_path: Path, link: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    for folder in (root, outside):
        folder.mkdir()
    (root / link).symlink_to(outside)
    with pytest.raises(MessageError, match=f"{link}/one.* leads out of the content root"):
        locate(Message.model_validate(GOOD), root)


def test_a_symbolic_link_inside_of_the_root_is_followed(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "raw").symlink_to(tmp_path / "inbox")
    item = locate(Message.model_validate(GOOD), tmp_path)
    assert item.source == FilePlace(tmp_path / "raw/one.txt", tmp_path)
    assert item.name == "raw/one.txt"
