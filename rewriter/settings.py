"""One frozen object with all that can be configured, read once and passed on.

Of several places the first that names a setting wins: the command line, the environment
(`REWRITER_<NAME>`), the nearest `rewriter.toml` of the working directory and its parents, and last
the names that other tools share (`OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL`).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Self
from urllib.parse import unquote, urlsplit

from pydantic import (
    AfterValidator,
    AnyHttpUrl,
    BaseModel,
    ConfigDict,
    Field,
    RedisDsn,
    SecretStr,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from rewriter.errors import ConfigurationError
from rewriter.escaping import several
from rewriter.prices import PRICES, Price
from rewriter.redaction import remember
from rewriter.refusals import reason
from rewriter.secret_files import with_secrets

Engine = Literal["auto", "openai", "local", "extractive", "replay"]

FILE_NAME = "rewriter.toml"
OPENAI_URL = "https://api.openai.com/v1"
_PREFIX = "REWRITER_"
_PATHS = {"local_model", "replay", "prompts_dir", "root", "log_file", "metrics_file"}
_SHARED_NAMES = {
    "OPENAI_API_KEY": "api_key",
    "OPENAI_BASE_URL": "base_url",
    "OPENAI_MODEL": "model",
}


def _web_address(value: str) -> str:
    url = TypeAdapter(AnyHttpUrl).validate_python(value)
    if url.username or url.password:
        raise ValueError("a key or password does not belong into an address; use OPENAI_API_KEY")
    if url.fragment:
        raise ValueError("an address of an API has no '#'; leave it out, and what is behind it")
    return value.rstrip("/")


def _redis_address(value: SecretStr) -> SecretStr:
    try:
        url = TypeAdapter(RedisDsn).validate_python(value.get_secret_value())
    except ValidationError as error:
        raise ValueError(
            f"no address like redis://:PASSWORD@HOST:6379/0 ({error.errors()[0]['msg']}); of a "
            "Sentinel or a Cluster no address works, name a primary itself; a "
            "password's '/', '#', '?', '@' and '%' are written %2F, %23, %3F, %40 and %25"
        ) from None  # the cause would show the password
    if not (url.path or "/0").strip("/").isdecimal():
        raise ValueError("it ends with the number of a database, as in redis://localhost:6379/0")
    if url.query:
        _try_options(value.get_secret_value())
    return value


def _try_options(address: str) -> None:
    """Raise `ValueError` for options after the `?` that a connection does not take."""
    from redis import ConnectionPool, RedisError  # late: few addresses have options

    try:
        ConnectionPool.from_url(address).make_connection()  # which connects later
    except (TypeError, ValueError, RedisError) as error:
        raise ValueError(f"the options of redis://HOST?OPTION=VALUE are wrong: {error}") from None


_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
# A host, or an IPv6 address in brackets, and a port.
_ADDRESS = r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$"
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """Everything that can be configured; `load` reads it.

    `engine`, `api_key`, `base_url`, `model` and `local_model` (a GGUF file) choose who answers;
    `timeout` bounds one call and `deadline` all attempts at one completion, in seconds;
    `max_attempts` bounds their number, `max_answer_bytes` the bytes of one answer; `concurrency` is
    the number of calls in flight.
    `reader` says whether a second reader reads each rewrite, `reader_model` who that is where it is
    not `model`, `reader_base_url` and `reader_api_key` where it is of another provider.
    `root` is the content root, `prompts_dir` replaces the shipped prompts, `replay` is the ledger
    that the engine of this name answers from. `prices` adds to the shipped table.
    `redis_url` is where the queue lives; `processes` and `in_flight` (calls a process) shape a
    worker; `queue` is the Celery queue that takes other apps' calls. `requests_per_minute`,
    `tokens_per_minute` and `daily_budget` (US dollars) bound all workers whose `fleet` has the same
    name; `batch_requests` bounds the requests of a batch of the provider, which is looked at
    every `batch_poll` seconds; `shutdown_grace` and `visibility_timeout` are in seconds.
    A worker logs in `log_format` to `log_file` or standard error, and serves its metrics at
    `metrics_address` (host:port); a run of the command line writes `log_file` and `metrics_file`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Engine = "auto"
    api_key: SecretStr | None = None
    base_url: Annotated[str, AfterValidator(_web_address)] | None = None
    # Cheap, takes strict schemas and a temperature, and has no hidden reasoning tokens to pay for.
    model: str = Field(default="gpt-4.1-mini", min_length=1)
    local_model: Path | None = None
    replay: Path | None = None

    # auto: on where a model answers over HTTP.
    reader: Literal["auto", "on", "off"] = "auto"
    reader_model: str | None = Field(default=None, min_length=1)
    reader_base_url: Annotated[str, AfterValidator(_web_address)] | None = None
    reader_api_key: SecretStr | None = None

    prompt: str = Field(default="rewrite", min_length=1)
    prompts_dir: Path | None = None
    root: Path | None = None

    concurrency: int = Field(default=8, ge=1, le=10_000)
    # An answer of 3,000 tokens takes a minute at 50 tokens a second; twice that is not coming.
    timeout: Seconds = 120.0
    deadline: Seconds = 300.0
    # At 20 % faults eight attempts all fail for 1 completion in 400,000.
    max_attempts: int = Field(default=8, ge=1, le=100)
    # An answer has some kilobytes. What is larger fills the memory, and is not read to its end.
    max_answer_bytes: int = Field(default=4_000_000, ge=10_000, le=100_000_000)
    prices: dict[str, Price] = Field(default_factory=dict)

    redis_url: Annotated[SecretStr, AfterValidator(_redis_address)] = SecretStr(
        "redis://localhost:6379/0"
    )
    # None: one for each core.
    processes: int | None = Field(default=None, ge=1, le=256)
    # Each call in flight needs two threads.
    in_flight: int = Field(default=200, ge=1, le=2_000)
    fleet: str = Field(default="default", pattern=_NAME)
    queue: str = Field(default="rewriter", pattern=_NAME)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    daily_budget: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    # The provider takes 50,000; fewer hold back fewer articles when one batch is late.
    batch_requests: int = Field(default=5_000, ge=1, le=50_000)
    batch_poll: Seconds = 60.0
    # As long as one call, so that no paid answer is thrown away.
    shutdown_grace: Seconds = 120.0
    # A task that comes again is not done again; until then nobody gets the result of a task whose
    # worker was killed right at its end.
    visibility_timeout: float = Field(default=600.0, ge=60, le=10_800)

    log_format: Literal["console", "json"] = "console"
    log_file: Path | None = None
    metrics_address: str | None = Field(default=None, pattern=_ADDRESS)
    metrics_file: Path | None = None

    @field_validator("api_key", "reader_api_key")
    @classmethod
    def _no_blank_key(cls, value: SecretStr | None) -> SecretStr | None:
        return value if value is not None and value.get_secret_value().strip() else None

    @model_validator(mode="after")
    def _redact_secrets(self) -> Self:
        for key in (self.api_key, self.reader_api_key):
            remember(key.get_secret_value() if key else None)
        remember(unquote(urlsplit(self.redis_url.get_secret_value()).password or ""))
        return self

    @property
    def price_list(self) -> Mapping[str, Price]:
        """The shipped prices with the configured ones over them."""
        return {**PRICES, **self.prices}


class _Given(NamedTuple):
    """A value and the place that it was read from, for messages."""

    value: object
    origin: str
    in_file: bool = False
    text: str = ""  # of the file

    def place(self, keys: Sequence[object]) -> str:
        """The origin, of a file with the line of the innermost of `keys` that stands in it."""
        return f"{self.origin}:{_line_of(self.text, keys)}" if self.in_file else self.origin


def load(
    overrides: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
) -> Settings:
    """The settings of this run; `overrides` are the command line's, None in them is not given.

    Raises `ConfigurationError` that names every unknown or wrong setting and its place.
    """
    env = with_secrets(env)
    given = {
        **_from_shared_names(env),
        **_from_file((cwd or Path.cwd()).absolute()),
        **_from_environment(env),
        **_from_overrides(overrides or {}),
    }
    _refuse_strange_addresses(given, env)
    try:
        return Settings.model_validate({name: found.value for name, found in given.items()})
    except ValidationError as error:
        problems = [_describe(wrong, given) for wrong in error.errors()]
        raise ConfigurationError(several(problems)) from None  # the cause would show the key


def _refuse_strange_addresses(given: Mapping[str, _Given], env: Mapping[str, str]) -> None:
    """Raise where a settings file would have a key of the environment sent to its own address.

    The file may come with a folder of somebody else's.
    """
    own_reader = "reader_base_url" in given
    for address, keys in (
        ("base_url", ("api_key",) if own_reader else ("api_key", "reader_api_key")),
        ("reader_base_url", ("reader_api_key",)),
    ):
        named = given.get(address)
        sent = next((given[key].origin for key in keys if key in given), None)
        if sent is None or named is None or not named.in_file:
            continue
        trusted = (OPENAI_URL, env.get("OPENAI_BASE_URL", "") if address == "base_url" else "")
        if str(named.value).rstrip("/") in (url.rstrip("/") for url in trusted):
            continue
        option = " or --base-url" if address == "base_url" else ""
        raise ConfigurationError(
            f"{named.origin}: {address}: the key of {sent} is not sent to an address that only a "
            f"settings file names ({named.value}); if you trust it, name it by the environment "
            f"variable {_PREFIX}{address.upper()}{option}, otherwise remove it or unset the key"
        )


def _from_shared_names(env: Mapping[str, str]) -> dict[str, _Given]:
    return {
        setting: _Given(env[name], f"environment variable {name}")
        for name, setting in _SHARED_NAMES.items()
        if env.get(name)
    }


def _from_environment(env: Mapping[str, str]) -> dict[str, _Given]:
    return {
        name.removeprefix(_PREFIX).lower(): _Given(value, f"environment variable {name}")
        for name, value in env.items()
        if name.startswith(_PREFIX) and value
    }


def _from_overrides(overrides: Mapping[str, object]) -> dict[str, _Given]:
    return {
        name: _Given(value, f"--{name.replace('_', '-')}")
        for name, value in overrides.items()
        if value is not None
    }


def _from_file(cwd: Path) -> dict[str, _Given]:
    for folder in (cwd, *cwd.parents):
        path = folder / FILE_NAME
        if os.path.isfile(path):
            return dict(_read_file(path))
    return {}


def root_in(folder: Path) -> Path | None:
    """The content root that the `rewriter.toml` in `folder` names, None where it names none.

    Raises `ConfigurationError` for a file that cannot be read.
    """
    found = dict(_read_file(folder / FILE_NAME)).get("root")
    return found.value if found and isinstance(found.value, Path) else None


def _read_file(path: Path) -> Iterator[tuple[str, _Given]]:
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_not_toml(path, text, error)) from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot read the settings: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: the settings are not UTF-8; save the file so") from error
    for name, shared in (
        ("api_key", "OPENAI_API_KEY"),
        ("reader_api_key", f"{_PREFIX}READER_API_KEY"),
    ):
        if name in table:
            raise ConfigurationError(
                f"{path}:{_line_of(text, [name])}: {name}: a key does not belong into a file that "
                f"others read; set {shared} in the environment instead"
            )
    for name, value in table.items():
        yield name, _Given(_from_folder(name, value, path.parent), str(path), True, text)


def _is_below(folder: Path, root: Path) -> bool:
    return Path(os.path.realpath(folder)).is_relative_to(root)


def _from_folder(name: str, value: object, folder: Path) -> object:
    """A relative path in a settings file starts at the file's folder.

    Raises `ConfigurationError` for a content root above it: the file may come with a folder of
    somebody else's, whose links would lead anywhere in that root.
    """
    if name == "root" and isinstance(value, str):
        root = Path(os.path.realpath(folder / value))
        if root != Path(os.path.realpath(folder)) and _is_below(folder, root):
            raise ConfigurationError(
                f"{folder / FILE_NAME}: root: {value} lies above the file; move the file there, or "
                f"set {_PREFIX}ROOT"
            )
    is_path = name in _PATHS
    return folder / value if is_path and isinstance(value, str) else value


def _describe(wrong: ErrorDetails, given: Mapping[str, Any]) -> str:
    name = str(wrong["loc"][0])
    inside = "".join(f".{part}" for part in wrong["loc"][1:])
    problem = reason(wrong, Settings, "key" if inside else "setting")
    return f"{given[name].place(wrong['loc'])}: {name}{inside}: {problem}"


def _line_of(text: str, keys: Sequence[object]) -> int:
    """The line of the innermost of `keys` that stands in a TOML file, each below the one before."""
    at = 0
    for key in keys:
        name = re.escape(str(key))
        found = re.compile(rf"(?m)(?:^|[\[{{,.])\s*[\"']?{name}[\"']?\s*[=.\]]").search(text, at)
        if found is None:
            break
        at = found.start() + len(found[0]) - len(found[0].lstrip())
    return text.count("\n", 0, at) + 1


def _not_toml(path: Path, text: str, error: tomllib.TOMLDecodeError) -> str:
    """What is wrong with a settings file that is no TOML, by file, line and column."""
    told, _, at = str(error).partition(" (at ")
    numbers = re.findall(r"\d+", at)
    rows = text.splitlines() or [""]
    line, column = map(int, numbers) if len(numbers) == 2 else (len(rows), len(rows[-1]))
    row = rows[min(line, len(rows)) - 1].strip()
    written = "" if "key" in row.lower() or "://" in row else f": {row[:60]!r}"  # no secret
    return (
        f"{path}:{line}:{column}: not valid TOML: {told[:1].lower()}{told[1:]}{written}; "
        'a setting is written name = value, and text stands in quotes: model = "gpt-4.1-mini"'
    )
