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
# Each may be given by a file.
NAMES = (
    "OPENAI_API_KEY",
    "REWRITER_API_KEY",
    "REWRITER_READER_API_KEY",
    "REWRITER_REDIS_URL",
    "REWRITER_REDIS_PASSWORD",
)
MASK = "***"
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
    return found


def variable(name: str, env: Mapping[str, str]) -> str:
    """The variable that gives the secret `name` in `env`: its own, or that of its file."""
    return name + _SUFFIX if name in NAMES and env.get(name + _SUFFIX) else name


def with_password(url: str, password: str) -> str:
    """The address of a Redis with a password; what is no address stays as it is.

    Raises `ConfigurationError` where it has a password already.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return url  # it is refused as an address
    if parts.password:
        raise ConfigurationError(
            "redis_url has a password, and REWRITER_REDIS_PASSWORD is set; leave one of them out"
        )
    place = f"{parts.username or ''}:{quote(password, safe='')}@{parts.netloc.rpartition('@')[2]}"
    return urlunsplit(parts._replace(netloc=place))


def masked(url: str) -> str:
    """An address without its password and its options, which may hold one."""
    try:
        parts = urlsplit(url)
    except ValueError:  # no address, so nobody knows which part is a password
        return MASK
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    place = f"{name}:{MASK}@{host}" if user else host
    return urlunsplit(parts._replace(netloc=place, query=MASK if parts.query else ""))


def _read(name: str, path: str) -> str:
    try:
        if not Path(path).is_file():
            problem = "not a regular file" if Path(path).exists() else "no such file"
            raise ConfigurationError(f"{name}{_SUFFIX}: {path}: {problem}")
        with Path(path).open(encoding="utf-8") as file:
            text = file.read(_MOST_CHARACTERS).strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{name}{_SUFFIX}: {path}: cannot read it: {error}") from error
    if not text:
        raise ConfigurationError(f"{name}{_SUFFIX}: {path}: the file is empty")
    return text
