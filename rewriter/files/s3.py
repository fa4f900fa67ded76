"""Objects of an S3-like store as places of articles, by conditional writes (extra `s3`).

A write names the version that it replaces, or says that there must be none (`If-Match`,
`If-None-Match`): of two writers exactly one wins, and a half-sent object never appears. Credentials
and the endpoint are boto3's own: `AWS_*` variables, profiles and roles.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from rewriter.errors import ConfigurationError, FileChangedError, FileError, StoreUnreachableError
from rewriter.files.inputs import MOST_BYTES
from rewriter.files.places import SCHEME, Content
from rewriter.items.parts import split

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import HeadObjectOutputTypeDef

_TYPE = "text/markdown; charset=utf-8"
# Workers of a run write in eight threads and read in those of asyncio, at most 32.
_MOST_CONNECTIONS = 40
_CONNECT_SECONDS, _READ_SECONDS = 10, 60
_ATTEMPTS = 4
# What a replaced object keeps besides its bytes, as `HeadObject` and `PutObject` both call it.
_KEPT = (
    *("Metadata", "ContentType", "CacheControl", "ContentDisposition", "ContentLanguage"),
    *("StorageClass", "ServerSideEncryption", "SSEKMSKeyId"),
)
_CHANGED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_MISSING = ("NoSuchKey", "404", "NotFound")
_ADVICE = {
    "AccessDenied": "allow s3:ListBucket, s3:GetObject and s3:PutObject for these credentials",
    "403": "allow s3:ListBucket, s3:GetObject and s3:PutObject for these credentials",
    "NoSuchBucket": "correct the bucket's name, or create it",
    "InvalidAccessKeyId": "correct AWS_ACCESS_KEY_ID",
    "SignatureDoesNotMatch": "correct AWS_SECRET_ACCESS_KEY",
    "ExpiredToken": "log in again: these credentials are over",
    "PermanentRedirect": "set AWS_REGION to the region of the bucket",
    "AuthorizationHeaderMalformed": "set AWS_REGION to the region of the bucket",
    "NotImplemented": "use a store with conditional writes (If-Match, If-None-Match)",
}


@cache
def client() -> S3Client:
    """The client of this process. Raises `ConfigurationError` where it cannot be made."""
    try:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError
    except ImportError as error:
        raise ConfigurationError(
            "s3:// needs the extra s3; run: pip install 'rewriter[s3]'"
        ) from error
    try:
        return boto3.session.Session().client(
            "s3",
            config=Config(
                connect_timeout=_CONNECT_SECONDS,
                read_timeout=_READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
                max_pool_connections=_MOST_CONNECTIONS,
            ),
        )
    except (BotoCoreError, ValueError) as error:
        raise ConfigurationError(f"s3://: {error}; correct the AWS_* variables") from error


@dataclass(frozen=True)
class ObjectPlace:
    """An object by bucket and key; `part` is the name of one of several articles in it."""

    bucket: str
    key: str
    part: str = ""

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """`s3://BUCKET/KEY`, and `#PART` where there is one."""
        return f"{SCHEME}{self.bucket}/{self.key}{'#' * bool(self.part)}{self.part}"

    @property
    def identity(self) -> str:
        """The address: an object has no other."""
        return self.address

    def read(self) -> Content:
        """The object's bytes with its ETag; those of one article for a part."""
        if not self.part:
            return self._read()
        articles = parts(self.bucket, self.key)
        if self.part not in articles:
            raise FileError(f"{self}: no such article in it ({len(articles)} others)")
        return Content(articles[self.part])

    def read_if_there(self) -> Content | None:
        """As `read`, None where there is no such object."""
        try:
            return self.read()
        except _MissingError:
            return None

    def _read(self) -> Content:
        """The object. One that was read lately is downloaded again only in another version."""
        before = recent_objects.get((self.bucket, self.key))
        try:
            read = self._sent(IfNoneMatch=before.version) if before else self._sent()
        except _UnchangedError:
            if before is None:
                raise
            read = before
        _keep_recent((self.bucket, self.key), read)
        return read

    def _sent(self, **condition: Any) -> Content:
        with _named(self):
            found = client().get_object(Bucket=self.bucket, Key=self.key, **condition)
            with closing(found["Body"]) as body:
                if found["ContentLength"] > MOST_BYTES:
                    raise FileError(
                        f"{self}: {found['ContentLength']:,} bytes, at most {MOST_BYTES:,} are read"
                    )
                if found.get("ContentEncoding", "") not in ("", "aws-chunked", "identity"):
                    raise FileError(
                        f"{self}: is stored as {found['ContentEncoding']}; store it uncompressed"
                    )
                return Content(body.read(), found["ETag"])

    def refuse_unwritable(self) -> None:
        """Nothing: a run asks the store once (`refuse_unwritable` of this module)."""

    def create(self, data: bytes) -> None:
        """Write the object where there is none."""
        with self._written(data, "there is such an object by now"):
            self._put(data, IfNoneMatch="*", ContentType=_TYPE)

    def replace(self, data: bytes, before: Content) -> None:
        """Write over the version that was read. Metadata and tags stay; an ACL of its own goes."""
        with self._written(data, _SINCE):
            self._put(data, IfMatch=before.version, **self._kept(before))

    def _kept(self, before: Content) -> dict[str, Any]:
        """What the object has besides its bytes, as `PutObject` takes it."""
        head: HeadObjectOutputTypeDef = client().head_object(
            Bucket=self.bucket, Key=self.key, IfMatch=before.version
        )
        kept: dict[str, Any] = {name: head[name] for name in _KEPT if name in head}  # type: ignore[literal-required]
        if head.get("TagCount"):
            tags = client().get_object_tagging(Bucket=self.bucket, Key=self.key)["TagSet"]
            kept["Tagging"] = urlencode({tag["Key"]: tag["Value"] for tag in tags})
        return kept

    def _put(self, data: bytes, **more: Any) -> None:
        if self.part:  # its bytes are not those of the object
            raise FileError(f"{self}: one of several articles in an object; no part is written")
        client().put_object(Bucket=self.bucket, Key=self.key, Body=data, **more)

    @contextmanager
    def _written(self, data: bytes, changed: str) -> Iterator[None]:
        """Turn a refused condition into `FileChangedError`, unless the object has `data` by now.

        A write whose answer got lost is sent again, and then meets itself.
        """
        try:
            with _named(self):
                yield
        except (FileChangedError, _MissingError):
            now = self.read_if_there()
            if now is None:
                raise FileChangedError(
                    f"{self}: the object has vanished since it was read"
                ) from None
            if now.data != data:
                raise FileChangedError(f"{self}: {changed}") from None


_SINCE = "the object changed since it was read"


def parts(bucket: str, key: str) -> dict[str, bytes]:
    """The articles in an object by name; empty where it is one article. Raises `FileError`."""
    stored = ObjectPlace(bucket, key).read_if_there()
    return _split(stored) if stored else {}


@lru_cache(maxsize=2)  # the articles of an object are worked on one after the other
def _split(stored: Content) -> dict[str, bytes]:
    return split(stored.data)


# The objects that this process read last; together they have at most the bytes of one.
recent_objects: OrderedDict[tuple[str, str], Content] = OrderedDict()
_MOST_RECENT = 500
_keeping = Lock()


def _keep_recent(name: tuple[str, str], read: Content) -> None:
    with _keeping:
        recent_objects[name] = read
        recent_objects.move_to_end(name)
        size = sum(len(one.data) for one in recent_objects.values())
        while size > MOST_BYTES or len(recent_objects) > _MOST_RECENT:
            size -= len(recent_objects.popitem(last=False)[1].data)


def keys(bucket: str, prefix: str) -> Iterator[str]:
    """The keys that are `prefix` or lie below it as a folder, in order. Raises `FileError`."""
    folder = f"{prefix.rstrip('/')}/" if prefix else ""
    with _named(f"{SCHEME}{bucket}/{prefix}"):
        pages = client().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=bucket, Prefix=prefix.rstrip("/")):
            for found in page.get("Contents", ()):
                if found["Key"] == prefix or found["Key"].startswith(folder):
                    yield found["Key"]


def refuse_unwritable(bucket: str, prefix: str) -> None:
    """Raise `FileError` where nothing may be written below a prefix, or not by a condition.

    Asked by a write that no store may carry out: over a version of an object that does not exist.
    """
    key = f"{prefix.rstrip('/')}/" * bool(prefix) + f".rewriter-{secrets.token_hex(8)}"
    place = f"{SCHEME}{bucket}/{prefix}"
    try:
        with _named(place):
            client().put_object(Bucket=bucket, Key=key, Body=b"", IfMatch=f'"{"0" * 32}"')
    except (FileChangedError, _MissingError):
        return
    with _named(place):
        client().delete_object(Bucket=bucket, Key=key)
    raise FileError(
        f"{place}: the store ignores conditions (If-Match), so that it would write over what "
        f"others change; {_ADVICE['NotImplemented']}"
    )


class _MissingError(FileError):
    """There is no such object."""


class _UnchangedError(FileError):
    """The object still has the version that was named."""


@contextmanager
def _named(place: object) -> Iterator[None]:
    """Turn what boto3 raises into a `FileError` that names the place and says what to do."""
    client()  # says where boto3 is missing
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        NoCredentialsError,
        ParamValidationError,
    )

    try:
        yield
    except ClientError as error:
        raise _error_of(place, error.response["Error"]) from error
    except NoCredentialsError as error:
        raise FileError(
            f"{place}: no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or "
            "AWS_PROFILE"
        ) from error
    except ParamValidationError as error:  # an address without a key
        raise FileError(f"{place}: names no object; write s3://BUCKET/KEY") from error
    except BotoCoreError as error:  # time-outs and lost connections
        raise StoreUnreachableError(
            f"{place}: {str(error).rstrip('.')}; look at the network and AWS_ENDPOINT_URL"
        ) from error


def _error_of(place: object, error: Any) -> FileError:
    """What the store answered, as an error that names the place and says what to do."""
    code, message = str(error.get("Code", "")), str(error.get("Message", "")).rstrip(".")
    if code in _CHANGED:
        return FileChangedError(f"{place}: {_SINCE}")
    if code == "304":
        return _UnchangedError(f"{place}: the object has not changed")
    if code in _MISSING:
        return _MissingError(f"{place}: there is no such object")
    if code in _ADVICE:
        return FileError(f"{place}: {message or code}; {_ADVICE[code]}")
    passing = code.startswith("5") or code in ("InternalError", "ServiceUnavailable", "SlowDown")
    kind = StoreUnreachableError if passing else FileError
    return kind(f"{place}: the store refused: {code}: {message}")
