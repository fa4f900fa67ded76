"""Secrets from files: `OPENAI_API_KEY_FILE=/run/secrets/openai_api_key` and the like.

A user who can list processes or inspect a container sees its environment, but not the files that
Docker, Kubernetes and systemd give it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

from rewriter.errors import ConfigurationError

_SUFFIX = "_FILE"
_URL = "REWRITER_REDIS_URL"
_PASSWORD = "REWRITER_REDIS_PASSWORD"  # noqa: S105 - the name of a variable
# Each may be given by a file; the password is put into the address of Redis.
NAMES = ("OPENAI_API_KEY", "REWRITER_API_KEY", "REWRITER_READER_API_KEY", _URL, _PASSWORD)
_MOST_CHARACTERS = 10_000


def with_secrets(env: Mapping[str, str]) -> dict[str, str]:
    """`env` with the secrets that files hold under their own names.

    Raises `ConfigurationError` for a file that cannot be read, and for a secret that is given
    twice.
    """
    given = {name: path for name in NAMES if (path := env.get(name + _SUFFIX))}
    found = {name: text for name, text in env.items() if name.removesuffix(_SUFFIX) not in given}
    for name, path in given.items():
        if env.get(name):
            raise ConfigurationError(f"{name} and {name}{_SUFFIX} are both set; unset one of them")
        found[name] = _read(name, path)
    password = found.pop(_PASSWORD, "")
    if password:
        found[_URL] = _with_password(found.get(_URL) or "redis://localhost:6379/0", password)
    return found


def _read(name: str, path: str) -> str:
    try:
        if not Path(path).is_file():
            raise ConfigurationError(f"{name}{_SUFFIX}: {path}: no such file")
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(_MOST_CHARACTERS).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}{_SUFFIX}: {path}: cannot read it: {error}") from error
    if not text:
        raise ConfigurationError(f"{name}{_SUFFIX}: {path}: the file is empty")
    return text


def _with_password(url: str, password: str) -> str:
    parts = urlsplit(url)
    if parts.password:
        raise ConfigurationError(f"{_URL} has a password, and {_PASSWORD} is set; leave one out")
    place = f"{parts.username or ''}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=place))
