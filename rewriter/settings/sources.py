"""Where values of settings are read: options, environment, `rewriter.toml`, other tools' names.

A value keeps the place that it came from, so that a refusal can name it. Secrets may be in files
(`OPENAI_API_KEY_FILE=/run/secrets/openai_api_key`): a user who can list processes or inspect a
container sees its environment, but not the files that Docker, Kubernetes and systemd give it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

from rewriter.errors import ConfigurationError
from rewriter.validation import NotTomlError, nearest, toml

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


FILE_NAME = "rewriter.toml"
PREFIX = "REWRITER_"
PROFILE = f"{PREFIX}PROFILE"
PROFILES = "profiles"
_SHARED_NAMES = {
    "OPENAI_API_KEY": "api_key",
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_MODEL": "model",
}
# A settings file must not hold these: setting -> variable of the environment to use instead.
_SECRETS = {"api_key": "OPENAI_API_KEY", "reader_api_key": f"{PREFIX}READER_API_KEY"}
_WRITTEN = ("log_file", "metrics_file")
_PATHS = ("local_model", "replay", "prompts_dir", "root", *_WRITTEN)


class Given(NamedTuple):
    """A value of a setting and the place that it was read from.

    `text` is the text of the settings file, None elsewhere; `table` are the keys of the table in it
    that holds the setting.
    """

    value: object
    origin: str
    text: str | None = None
    table: tuple[str, ...] = ()

    def place(self, *keys: object) -> str:
        """The origin; in a file with the line of the innermost of `keys` that is in it."""
        if self.text is None:
            return self.origin
        return f"{self.origin}:{_line_of(self.text, (*self.table, *keys))}"

    def described(self, name: str) -> str:
        """The place of the setting `name`, and its profile."""
        return self.place(name) + (f" (profile {self.table[-1]})" if self.table else "")


class CollectedSettings(NamedTuple):
    """The first value of each setting in the documented order.

    `tables` are those of the settings file: its top, and each profile, chosen or not.
    """

    given: dict[str, Given]
    tables: list[dict[str, Given]]


def collect(
    options: Mapping[str, object], env: Mapping[str, str], cwd: Path, caller: str = ""
) -> CollectedSettings:
    """All that is given for the settings.

    A value of None in `options` is not given. A `caller` that is no command line is their place.
    Raises `ConfigurationError` for a settings file, a profile or a file of a secret that cannot be
    used.
    """
    whole = with_secrets(env)
    named = {name: f"environment variable {variable(name, env)}" for name in whole}
    chosen, tables = _nearest_file(cwd, env.get(PROFILE))
    given = {
        **{
            setting: Given(whole[name], named[name])
            for name, setting in _SHARED_NAMES.items()
            if whole.get(name)
        },
        **chosen,
        **{
            name.removeprefix(PREFIX).lower(): Given(value, named[name])
            for name, value in whole.items()
            if name.startswith(PREFIX) and name != PROFILE and value
        },
        **{
            name: Given(value, caller or f"--{name.replace('_', '-')}")
            for name, value in options.items()
            if value is not None
        },
    }
    return CollectedSettings(given, tables)


def root_in(folder: Path, env: Mapping[str, str] = os.environ) -> Path | None:
    """The content root that the `rewriter.toml` in `folder` names, None where it names none.

    Raises `ConfigurationError` for a file that cannot be read.
    """
    found = _read_file(folder / FILE_NAME, env.get(PROFILE)).given.get("root")
    return found.value if found and isinstance(found.value, Path) else None


# --- the settings file -------------------------------------------------------------------------


def _nearest_file(cwd: Path, profile: str | None) -> CollectedSettings:
    for folder in (cwd, *cwd.parents):
        path = folder / FILE_NAME
        if os.path.lexists(path):
            return _read_file(path, profile)
    if profile:
        raise ConfigurationError(
            f"profile {profile}: there is no {FILE_NAME} in {cwd} or above it; "
            f"change into the folder of the file, or unset {PROFILE}"
        )
    return CollectedSettings({}, [])


def _read_file(path: Path, profile: str | None) -> CollectedSettings:
    """The settings of a file. Those of its profile replace those at its top."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would wait for a writer for ever
            raise ConfigurationError(f"{path}: not a file; the settings stand in one, or nowhere")
        text = path.read_text(encoding="utf-8-sig")
        whole = toml(text)
    except NotTomlError as error:
        raise ConfigurationError(_not_toml(path, text, error)) from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot read the settings: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: the settings are not UTF-8; save the file so") from error
    found = _profiles(path, text, whole.pop(PROFILES, {}))
    top = dict(_of_table(path, text, whole, ()))
    profiles = {
        name: dict(_of_table(path, text, table, (PROFILES, name))) for name, table in found.items()
    }
    if profile and profile not in profiles:
        known = nearest(profile, list(profiles), "profile") if profiles else "the file has none"
        raise ConfigurationError(f"{path}: profile {profile}: no such profile; {known}")
    return CollectedSettings({**top, **profiles.get(profile or "", {})}, [top, *profiles.values()])


def _profiles(path: Path, text: str, found: object) -> dict[str, dict[str, object]]:
    if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()):
        return found
    raise ConfigurationError(
        f"{path}:{_line_of(text, [PROFILES])}: {PROFILES}: a table for each profile is wanted; "
        f"write [{PROFILES}.NAME] above its settings"
    )


def _of_table(
    path: Path, text: str, table: Mapping[str, object], keys: tuple[str, ...]
) -> Iterator[tuple[str, Given]]:
    for name, value in table.items():
        given = Given(value, str(path), text, keys)
        if name in _SECRETS:
            raise ConfigurationError(
                f"{given.place(name)}: {name}: a settings file must not hold a key, because others "
                f"read it; set {_SECRETS[name]} in the environment instead"
            )
        yield name, given._replace(value=_from_folder(name, value, path.parent, given))


def _from_folder(name: str, value: object, folder: Path, given: Given) -> object:
    """The value of a setting; a relative path starts at the file's folder.

    Raises `ConfigurationError` for what is no path, for a content root above the file, and for a
    file outside of its folder that would be written: the settings may come with a folder of
    somebody else's.
    """
    if name not in _PATHS or not isinstance(value, str):
        return value
    if "\0" in value:
        raise ConfigurationError(f"{given.place(name)}: {name}: a path has no character U+0000")
    real, path = Path(os.path.realpath(folder)), Path(os.path.realpath(folder / value))
    if name == "root" and path != real and real.is_relative_to(path):
        raise ConfigurationError(
            f"{given.place(name)}: root: {value} lies above the file; move the file there, or set "
            f"{PREFIX}ROOT"
        )
    if name in _WRITTEN and not path.is_relative_to(real):
        raise ConfigurationError(
            f"{given.place(name)}: {name}: {value} lies outside of the folder of the settings "
            f"file, which may be somebody else's; set {PREFIX}{name.upper()} instead"
        )
    return folder / value


def _line_of(text: str, keys: Sequence[object]) -> int:
    """The line of the innermost of `keys` that is in a TOML file, each below the one before."""
    at = 0
    for key in keys:
        name = re.escape(str(key))
        found = re.compile(rf"(?m)(?:^|[\[{{,.])\s*[\"']?{name}[\"']?\s*[=.\]]").search(text, at)
        if found is None:
            break
        at = found.start() + len(found[0]) - len(found[0].lstrip())
    return text.count("\n", 0, at) + 1


def _not_toml(path: Path, text: str, error: NotTomlError) -> str:
    """What is wrong with a settings file that is no TOML, by file, line and column."""
    reason, row = error.reason, text.split("\n")[error.line - 1].strip()
    written = "" if "key" in row.lower() or "://" in row else f": {row[:60]!r}"  # no secret
    return (
        f"{path}:{error.line}:{error.column}: not valid TOML: {reason[:1].lower()}{reason[1:]}"
        f"{written}; "
        'a setting is written name = value, and text is in quotes: model = "gpt-4.1-mini"'
    )
