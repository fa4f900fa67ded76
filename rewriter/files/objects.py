"""The articles below `s3://` addresses as items: listed, named for the state, with targets."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from rewriter.errors import ConfigurationError
from rewriter.files import inputs, s3
from rewriter.files.disk_set import DiskSet
from rewriter.files.inputs import (
    COLLECTIONS,
    OTHER_KINDS,
    SUFFIXES,
    FilePlace,
    Item,
    PassedOver,
)
from rewriter.files.places import SCHEME, Place
from rewriter.files.s3 import ObjectPlace

# Of a folder's name in the state directory, in characters of at most four bytes.
_MOST_CHARACTERS = 50


class Address(NamedTuple):
    """A bucket and a key, or the beginning of keys."""

    bucket: str
    key: str


def is_address(text: object) -> bool:
    """Whether a text names objects, not files."""
    return str(text).startswith(SCHEME)


def parsed(text: str) -> Address:
    """The address in a text. Raises `ConfigurationError` where it names no bucket."""
    bucket, _, key = text.removeprefix(SCHEME).partition("/")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{1,254}", bucket):
        raise ConfigurationError(f"{text}: names no bucket; write s3://BUCKET/PREFIX")
    return Address(bucket, key)


def is_below(address: str, store: str) -> bool:
    """Whether an address is `store`, such as `s3://BUCKET/PREFIX`, or lies below it as a folder."""
    bucket, key = parsed(address)
    of_store, prefix = parsed(store)
    return bucket == of_store and f"{key}/".startswith(_below(prefix))


def place_at(address: str, home: Path | None = None) -> Place:
    """The place that an address of a record names: an object, or the file at a path."""
    if not is_address(address):
        return FilePlace(Path(address), home)
    bucket, key = parsed(address)
    whole, _, part = key.rpartition("#")
    if whole and part in s3.parts(bucket, whole):
        return ObjectPlace(bucket, whole, part)
    return ObjectPlace(bucket, key)


def near(paths: Sequence[object]) -> list[str]:
    """The paths that name files; the content root is found by these."""
    return [str(path) for path in paths if not is_address(path)]


def name_of(place: Place) -> str:
    """The name of an article in the state directory: it leads nowhere else, whatever the key is.

    Each key has a name of its own, `s3/BUCKET/...`. The characters of a key that a path cannot have
    are written as `%XX`, as are `.`, `..` and an empty text between two slashes.
    """
    bucket, key = parsed(place.address)
    part = place.part if isinstance(place, ObjectPlace) else ""
    *folders, last = map(_quoted, (key.removesuffix(f"#{part}") if part else key).split("/"))
    name = "/".join(("s3", bucket, *map(_shortened, folders), last))
    return f"{name}#{_quoted(part)}" if part else name


def _quoted(text: str) -> str:
    if text in ("", ".", ".."):
        return text.replace(".", "%2E") or "%"
    return re.sub(r"[%#\\\x00-\x1f\x7f]", lambda found: f"%{ord(found[0]):02X}", text)


def _shortened(folder: str) -> str:
    if len(folder) <= _MOST_CHARACTERS:
        return folder
    return f"{folder[:_MOST_CHARACTERS]}~{hashlib.sha256(folder.encode()).hexdigest()[:16]}"


def articles(
    paths: Sequence[str],
    out: Path | str | None,
    root: Path,
    *,
    in_place: bool = False,
    passed_over: PassedOver | None = None,
    asks: bool = True,
    once: bool = True,
) -> Iterator[Item]:
    """The articles in files (`inputs.items`), or in a store where a path or `out` is an address.

    In a store, targets are mirrored below `out`, in place, or none. Keys with a part that begins
    with a dot are passed over. Unless `asks` is False, the store is asked first whether results may
    be written. Raises `ConfigurationError` for what does not go together, and `FileError` for what
    cannot be read or the store refuses.
    """
    if not any(map(is_address, (*paths, out))):
        folder = None if out is None else Path(out)
        return inputs.items(
            paths, root, out=folder, in_place=in_place, passed_over=passed_over, once=once
        )
    _refuse_mixed(paths, out)
    named = [parsed(path) for path in paths]
    to = parsed(str(out)) if out else None
    if asks and (to or in_place):
        for address in {to} if to else set(named):
            prefix = _base(address.key) if in_place else address.key
            s3.refuse_unwritable(address.bucket, prefix)
    found = _found(named, to, in_place, passed_over)
    return found if in_place else inputs.without_collisions(found)


def _refuse_mixed(paths: Sequence[str], out: Path | str | None) -> None:
    if not all(map(is_address, (*paths, *([out] if out else ())))):
        raise ConfigurationError(
            "s3:// addresses and files do not mix: give all PATHs and --out as s3://BUCKET/PREFIX"
        )


def _found(
    named: Sequence[Address], to: Address | None, in_place: bool, passed_over: PassedOver | None
) -> Iterator[Item]:
    base = _common(named)
    with DiskSet() as seen:
        for bucket, prefix in named:
            for key in s3.keys(bucket, prefix):
                if not _is_article(bucket, key, prefix, to, passed_over):
                    continue
                if seen.add(f"{bucket}/{key}"):
                    yield from _opened(bucket, key, key[len(base) :], to, in_place)


def _is_article(
    bucket: str, key: str, prefix: str, to: Address | None, passed_over: PassedOver | None
) -> bool:
    below = key[len(prefix) :]
    if any(part.startswith(".") for part in below.split("/")):
        return False
    if to and to.bucket == bucket and to.key and key.startswith(f"{to.key.rstrip('/')}/"):
        return False
    if key == prefix or key.lower().endswith(SUFFIXES):
        return True
    if passed_over is not None and key.lower().endswith(OTHER_KINDS):
        passed_over.add(Path(key.rpartition("/")[2]))
    return False


def _opened(
    bucket: str, key: str, mirrored: str, to: Address | None, in_place: bool
) -> Iterator[Item]:
    names = s3.parts(bucket, key) if key.lower().endswith(COLLECTIONS) else ()
    if names and in_place:
        raise ConfigurationError(
            f"{SCHEME}{bucket}/{key}: several articles in an object; rewrite them to --out"
        )
    for part in names or ("",):
        source = ObjectPlace(bucket, key, part)
        result = source if in_place else _target(to, mirrored, part) if to else None
        yield Item(name_of(source), source, result)


def _target(to: Address, mirrored: str, part: str) -> ObjectPlace:
    folder, slash, last = mirrored.rpartition("/")
    stem = last.rpartition(".")[0] if part or last.lower().endswith(SUFFIXES) else last
    end = f"{stem}/{part}" if part else stem
    return ObjectPlace(to.bucket, f"{_below(to.key)}{folder}{slash}{end}.md")


def _below(prefix: str) -> str:
    return f"{prefix.rstrip('/')}/" if prefix else ""


def _common(named: Sequence[Address]) -> str:
    """What the mirrored paths leave out: the folder of all articles, in whichever bucket."""
    folders = [_base(key).split("/")[:-1] for _, key in named]
    same = takewhile(lambda parts: len(set(parts)) == 1, zip(*folders, strict=False))
    return "".join(f"{parts[0]}/" for parts in same)


def _base(key: str) -> str:
    """The folder of an address: itself, or that of an article."""
    return _below(key.rpartition("/")[0]) if key.lower().endswith(SUFFIXES) else _below(key)
