"""What travels through the queue: a reference to an article, never its content."""

from __future__ import annotations

import os
import re
import secrets
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from rewriter import state
from rewriter.errors import ConfigurationError, MessageError
from rewriter.escaping import shortened
from rewriter.files.inputs import FilePlace, Item
from rewriter.files.objects import is_address, is_below, name_of, parsed
from rewriter.files.s3 import ObjectPlace
from rewriter.validation import refusals

BATCH_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
# Prompts are files, so a name has as many characters as that of a file.
_PROMPT, _LONGEST_PROMPT = r"^[a-z0-9][a-z0-9-]*$", 200
# Most problems of a message in its reason, which is kept in Redis, logged and listed.
_MOST_PROBLEMS = 10


_CONTROLS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029]")


def _relative(path: str) -> str:
    parts = path.split("/")
    if is_address(path):
        raise ValueError("an address; only `rewriter submit` queues articles of an object store")
    if path.startswith("/"):
        raise ValueError("an absolute path; articles are named relative to the content root")
    if ".." in parts:
        raise ValueError("a path with '..'")
    if _CONTROLS.search(path):
        raise ValueError("a path with a line end or another control character")
    if "\0" in path or "\\" in path or {"", "."} & set(parts):
        raise ValueError("not a plain relative path with '/'")
    if state.NAME in parts:
        raise ValueError(f"a path into {state.NAME}/, which holds no articles")
    return path


Reference = Annotated[str, Field(max_length=1024), AfterValidator(_relative)]


def _address(text: str) -> str:
    try:
        known = is_address(text) and not _CONTROLS.search(text) and parsed(text).key
    except ConfigurationError:
        known = False
    if not known:
        raise ValueError("not an address such as s3://BUCKET/KEY")
    return text


ObjectAddress = Annotated[str, Field(max_length=1100), AfterValidator(_address)]


class StoredArticle(BaseModel):
    """An article of an object store: its address and that of its result.

    `part` is the name of one of several articles in the object.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    source: ObjectAddress
    result: ObjectAddress
    part: str = Field(default="", max_length=1024)

    @property
    def item(self) -> Item:
        """The article as a run takes it."""
        source, result = self._places
        return Item(name_of(source), source, result)

    @property
    def names(self) -> tuple[str, str]:
        """The names of the article and of its result in the state directory."""
        source, result = self._places
        return name_of(source), name_of(result)

    @property
    def _places(self) -> tuple[ObjectPlace, ObjectPlace]:
        return ObjectPlace(*parsed(self.source), self.part), ObjectPlace(*parsed(self.result))


Api = Literal["direct", "batch"]


# W3C, "Trace Context", version 00.
TRACEPARENT = r"^(00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2})?$"


class Message(BaseModel):
    """One article to rewrite: all paths are relative to the content root, with `/`.

    `target` equals `path` for a rewrite in place. For an article that is `stored` in an object
    store they are the names of source and result in the state directory. A worker whose prompt has
    another version refuses the message rather than writing something else than what was asked for.
    With `force` a current article is rewritten too. With `fresh_from` (Unix seconds) older stored
    answers are not used, except those of its own batch. With the API `batch` its first question
    goes to the provider's Batch endpoint. `call` is the id of the task by which another app asked
    for it, "" where it was submitted. `traceparent` (W3C Trace Context) names its trace, or is "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    batch: str = Field(pattern=BATCH_NAME)
    path: Reference
    target: Reference
    prompt: str = Field(pattern=_PROMPT, max_length=_LONGEST_PROMPT)
    prompt_version: int = Field(ge=1)
    force: bool = False
    fresh_from: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    api: Api = "direct"
    call: str = Field(default="", pattern=r"^[A-Za-z0-9._-]{0,64}$")
    traceparent: str = Field(default="", pattern=TRACEPARENT)
    stored: StoredArticle | None = None

    @model_validator(mode="after")
    def _named_as_stored(self) -> Self:
        if self.stored and (self.path, self.target) != self.stored.names:
            raise ValueError("path and target are not the names of the stored article")
        return self

    @property
    def row(self) -> str:
        """The article's row in its batch: several calls may ask for one article."""
        return f"{self.path}//{self.call}" if self.call else self.path

    @property
    def id(self) -> str:
        """How the queue calls the article."""
        return f"{self.batch}/{self.row}"

    @property
    def run(self) -> str:
        """The name that fresh answers are stored with: the batch, or the call of another app."""
        return self.call or self.batch

    @property
    def in_place(self) -> bool:
        """Whether the rewrite replaces the article."""
        return self.target == self.path

    def encode(self) -> str:
        """The message as JSON."""
        return self.model_dump_json(exclude_defaults=True)


class Asked(BaseModel):
    """What another app gives to the task `rewriter.rewrite`: an article, and where to write it.

    `path`, `target` and the folder `out` are relative to the content root, with `/`; exactly one of
    `target`, `out` and `in_place` says where to write. `prompt` is the worker's own without one.
    `batch` names a batch to count it in; without one it is the day's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    path: Reference
    target: Reference | None = None
    out: Reference | None = None
    in_place: bool = False
    prompt: str | None = Field(default=None, pattern=_PROMPT, max_length=_LONGEST_PROMPT)
    prompt_version: int | None = Field(default=None, ge=1)
    force: bool = False
    fresh: bool = False
    api: Api = "direct"
    batch: str | None = Field(default=None, pattern=BATCH_NAME)

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if [self.target is not None, self.out is not None, self.in_place].count(True) != 1:
            raise ValueError("say where to write: target, out or in_place, and one of them only")
        return self

    @property
    def written_to(self) -> str:
        """The target: under `out` the article has the name that `rewriter submit` gives it."""
        if self.in_place:
            return self.path
        return self.target or f"{self.out}/{PurePosixPath(self.path).with_suffix('.md').name}"


def asked_of(reference: object) -> Asked:
    """What a task asks for. Raises `MessageError` for what is no reference, saying why."""
    try:
        return Asked.model_validate(reference)
    except ValidationError as error:
        raise MessageError(f"refused: {_problems(error, Asked)}") from error


def batch_name(name: str | None = None) -> str:
    """`name`, or a new batch's own name: the time and a random part.

    Raises `ConfigurationError` for a name that the queue does not take.
    """
    if name is None:
        return f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    if not re.fullmatch(BATCH_NAME, name):
        raise ConfigurationError(f"batch {name!r}: 1 to 64 letters, digits, '.', '_' and '-'")
    return name


def parse(text: str, article_id: str) -> Message:
    """The message in `text`. Raises `MessageError` for one that is not ours, saying why."""
    try:
        message = Message.model_validate_json(text)
    except ValidationError as error:
        raise MessageError(f"refused: {_problems(error, Message)}") from error
    if message.id != article_id:
        about = f"about {message.id}, not about {shortened(article_id)}"
        raise MessageError(f"refused: the message is {about}")
    return message


def _problems(error: ValidationError, form: type[BaseModel]) -> str:
    """The first reasons why a message does not fit `form`, and how many more there are.

    A message may have any number of fields that `form` has not, of any length.
    """
    first = islice(refusals(error, form, "field"), _MOST_PROBLEMS)
    told = [f"{place[:80] or 'the message'}: {why}" for place, why in first]
    if (more := error.error_count() - len(told)) > 0:
        told.append(f"and {more:,} more")
    return "; ".join(told)


def locate(message: Message, root: Path, store: str | None = None) -> Item:
    """The article that `message` names.

    Raises `MessageError` where a link leads out of `root`, or an address out of `store`.
    """
    if message.stored:
        return _in_store(message.stored, store)
    path, target = _inside(root, message.path), _inside(root, message.target)
    return Item(message.path, FilePlace(path, root), FilePlace(target, root))


def _in_store(stored: StoredArticle, store: str | None) -> Item:
    for address in (stored.source, stored.result):
        problem = outside(address, store)
        if problem:
            raise MessageError(f"refused: {problem}")
    return stored.item


def outside(address: str, store: str | None) -> str:
    """Why workers refuse an address that is not below `store`; "" for one that they take."""
    if store is None:
        return f"{address}: workers take articles of a store below the setting object_store only"
    if is_below(address, store):
        return ""
    return f"{address} lies outside of {store}, the setting object_store"


def _inside(root: Path, reference: str) -> Path:
    path = root / PurePosixPath(reference)
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise MessageError(f"refused: {reference} leads out of the content root by a symbolic link")
    return path
