"""Where an article lies, as the pipeline needs it: read, create if absent, replace if unchanged.

`inputs.FilePlace` is a file, `s3.ObjectPlace` an object of an S3-like store. What another
program writes meanwhile is never overwritten, and a write is whole or absent.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from rewriter.files import atomic

SCHEME = "s3://"


@dataclass(frozen=True)
class Content:
    """The bytes at a place, and the store's name for this version of them, if it has one."""

    data: bytes
    version: str = ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the bytes."""
        return atomic.digest(self.data)


class Place(Protocol):
    """Where one article or result lies. Its text is for people."""

    @property
    def address(self) -> str:
        """The same from any working folder; `objects.place_at` takes it."""

    @property
    def identity(self) -> str:
        """The same by whatever address it is named."""

    def read(self) -> Content:
        """What is there. Raises `FileError`, also where nothing is."""

    def read_if_there(self) -> Content | None:
        """What is there, None where nothing is. Raises `FileError`."""

    def refuse_unwritable(self) -> None:
        """Raise `FileError` where a write would fail, as far as that is known without one."""

    def create(self, data: bytes) -> None:
        """Write what was not there before. Raises `FileChangedError` where it is by now.

        Raises `FileError` where it cannot be written.
        """

    def replace(self, data: bytes, before: Content) -> None:
        """Write over what still is `before`. Raises `FileChangedError` where it is not.

        Raises `FileError` where it cannot be written.
        """
