"""All settings as one frozen value, which is read once and passed on.

A setting may be given in several places. The first of these that names it wins: the command line,
the environment (`REWRITER_<NAME>`), the nearest `rewriter.toml` of the working directory and its
parents (there a profile before the top of the file), and the names that other tools share
(`OPENAI_API_KEY`, `OPENAI_BASE_URL`, `OPENAI_MODEL`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, Self
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
from rewriter.escaping import remember, several
from rewriter.prices import Price, shipped
from rewriter.settings.sources import PREFIX, PROFILES, Given, collect, masked, with_password
from rewriter.validation import nearest, reason

Engine = Literal["auto", "openai", "local", "extractive", "replay"]

OPENAI_URL = "https://api.openai.com/v1"
REDIS_URL = "redis://localhost:6379/0"


def _web_address(value: str) -> str:
    try:
        url = TypeAdapter(AnyHttpUrl).validate_python(value)
    except ValidationError as error:
        problem = error.errors()[0]["msg"].removeprefix("Input should be a valid URL, ")
        raise ValueError(f"an address such as {OPENAI_URL} is wanted ({problem})") from None
    if url.username or url.password:
        raise ValueError("an address must not hold a key or password; set OPENAI_API_KEY")
    if url.fragment:
        raise ValueError("an address of an API has no '#'; remove it with what follows it")
    return value.rstrip("/")


def _redis_address(value: SecretStr) -> SecretStr:
    try:
        url = TypeAdapter(RedisDsn).validate_python(value.get_secret_value())
    except ValidationError as error:
        raise ValueError(
            f"an address such as redis://:PASSWORD@HOST:6379/0 is wanted "
            f"({error.errors()[0]['msg']}); write '/', '#', '?', '@' and '%' of a password as "
            "%2F, %23, %3F, %40 and %25; for a Sentinel give the address of the primary, and a "
            "Cluster is not supported"
        ) from None  # the cause would show the password
    if not (url.path or "/0").strip("/").isdecimal():
        raise ValueError(
            "the number of a database is wanted at its end, as in redis://localhost:6379/0"
        )
    if url.query:
        _try_options(value.get_secret_value())
    return value


def _try_options(address: str) -> None:
    """Raise `ValueError` for options after the `?` that a connection does not accept."""
    from redis import ConnectionPool, RedisError  # late: few addresses have options

    try:
        ConnectionPool.from_url(address).make_connection()  # opens no socket
    except (TypeError, ValueError, RedisError) as error:
        raise ValueError(f"the options of redis://HOST?OPTION=VALUE are wrong: {error}") from None


_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
# A host, or an IPv6 address in brackets, and a port.
_ADDRESS = r"^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$"
# A bucket, and the beginning of keys.
_STORE = r"^s3://[A-Za-z0-9][A-Za-z0-9._-]{1,254}(/[^\x00-\x1f#]*)?$"
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """All settings; `load` reads them.

    `rewriter.template.toml` says what each one means, as does `docs/reference/settings.md`. Times
    are in seconds, money is in US dollars. None means: not set, and no limit where it is a limit.
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
    object_store: str | None = Field(default=None, pattern=_STORE, examples=["s3://news/2027"])

    concurrency: int = Field(default=8, ge=1, le=10_000)
    # An answer of 3,000 tokens takes a minute at 50 tokens a second. This is twice as long.
    timeout: Seconds = 120.0
    deadline: Seconds = 300.0
    # If 20 % of the calls fail, all eight attempts fail for 1 answer in 400,000.
    max_attempts: int = Field(default=8, ge=1, le=100)
    # An answer has some kilobytes. A larger one would fill the memory; it is not read to its end.
    max_answer_bytes: int = Field(default=4_000_000, ge=10_000, le=100_000_000)
    prices: dict[str, Price] = Field(default_factory=dict)

    redis_url: Annotated[SecretStr, AfterValidator(_redis_address)] = SecretStr(REDIS_URL)
    # None: one for each core.
    processes: int | None = Field(default=None, ge=1, le=256)
    # Each call in progress needs two threads.
    in_flight: int = Field(default=200, ge=1, le=2_000)
    fleet: str = Field(default="default", pattern=_NAME, examples=["newsroom-2"])
    queue: str = Field(default="rewriter", pattern=_NAME, examples=["newsroom-2"])
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    daily_budget: float | None = Field(default=None, ge=0, allow_inf_nan=False)
    # OpenAI accepts 50,000. When a smaller batch is late, fewer articles wait for it.
    batch_requests: int = Field(default=5_000, ge=1, le=50_000)
    batch_poll: Seconds = 60.0
    # As long as one call, so that no paid answer is lost.
    shutdown_grace: Seconds = 120.0

    log_format: Literal["console", "json"] = "console"
    log_file: Path | None = None
    metrics_address: str | None = Field(default=None, pattern=_ADDRESS, examples=["127.0.0.1:9464"])
    metrics_file: Path | None = None

    @field_validator("api_key", "reader_api_key")
    @classmethod
    def _sendable_key(cls, value: SecretStr | None) -> SecretStr | None:
        """The key without white space around it; a header of HTTP carries printable ASCII alone."""
        key = value.get_secret_value().strip() if value else ""
        if not (key.isascii() and key.isprintable()):
            raise ValueError(
                "the key has a line end, a curly quote or another character that no key has; "
                "copy it again, without quotes around it"
            )
        return SecretStr(key) if key else None

    @model_validator(mode="after")
    def _redact_secrets(self) -> Self:
        for key in (self.api_key, self.reader_api_key):
            remember(key.get_secret_value() if key else None)
        remember(unquote(urlsplit(self.redis_url.get_secret_value()).password or ""))
        return self

    @property
    def price_list(self) -> Mapping[str, Price]:
        """The shipped prices of the providers, with the configured ones over them."""
        of_reader = shipped(self.reader_base_url) if self.reader_base_url else {}
        return {**of_reader, **shipped(self.base_url), **self.prices}


class SettingsRead(NamedTuple):
    """The settings, and the place of each one that was given."""

    settings: Settings
    places: Mapping[str, str]


def load(
    overrides: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    only: Collection[str] = (),
) -> Settings:
    """The settings of this run. `overrides` are those of the command line; None is not given.

    With `only` the others keep their defaults, and nobody looks at what is given for them. Raises
    `ConfigurationError`, which names each unknown or wrong setting with its place.
    """
    return read(overrides, env=env, cwd=cwd, only=only).settings


def load_settings(
    overrides: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
) -> Settings:
    """The settings for another program; `overrides` come first, and None is not given.

    Raises `ConfigurationError`, which names each unknown or wrong setting with its place.
    """
    return read(overrides, env=env, cwd=cwd, caller="load_settings()").settings


def read(
    overrides: Mapping[str, object] | None = None,
    *,
    env: Mapping[str, str] = os.environ,
    cwd: Path | None = None,
    caller: str = "",
    only: Collection[str] = (),
) -> SettingsRead:
    """The settings of this run with their places. Raises `ConfigurationError` as `load` does.

    The place of an override is `caller`, or the option of its name.
    """
    whole, tables = collect(overrides or {}, env, (cwd or Path.cwd()).absolute(), caller)
    given, *tables = (
        {n: found for n, found in one.items() if not only or n in only} for one in (whole, *tables)
    )
    _refuse_strange_addresses(given, env)
    _add_password(given)
    problems = [problem for table in tables for problem in _misfits(table)]
    try:
        settings = Settings.model_validate({name: found.value for name, found in given.items()})
    except ValidationError as error:
        problems += [_describe(wrong, given) for wrong in error.errors()]
    if problems:
        raise ConfigurationError(several(dict.fromkeys(problems)))
    return SettingsRead(settings, {name: found.described(name) for name, found in given.items()})


def _misfits(table: Mapping[str, Given]) -> Iterator[str]:
    """What is wrong in a table of a settings file. A number in quotes is wrong, too."""
    values = json.dumps({name: found.value for name, found in table.items()}, default=str)
    try:
        Settings.model_validate_json(values, strict=True)
    except ValidationError as error:
        yield from (_describe(wrong, table) for wrong in error.errors())


def _add_password(given: dict[str, Given]) -> None:
    """Put the password of the environment into the address of Redis."""
    password = given.get("redis_password")
    if password is None or password.text is not None:
        return
    url = given.get("redis_url", Given(REDIS_URL, "the default address"))
    whole = with_password(str(url.value), str(password.value))
    given["redis_url"] = Given(whole, f"{url.described('redis_url')}, with {password.origin}")
    del given["redis_password"]


def _refuse_strange_addresses(given: Mapping[str, Given], env: Mapping[str, str]) -> None:
    """Raise where a settings file would have a secret of the environment sent to its own address.

    The file may come with a folder of somebody else's.
    """
    own_reader = "reader_base_url" in given
    for address, secrets in (
        ("base_url", ("api_key",) if own_reader else ("api_key", "reader_api_key")),
        ("reader_base_url", ("reader_api_key",)),
        ("redis_url", ("redis_password",)),
    ):
        named = given.get(address)
        sent = next((given[name].origin for name in secrets if name in given), None)
        if sent is None or named is None or named.text is None:
            continue
        trusted = (OPENAI_URL, env.get("OPENAI_BASE_URL", "") if address == "base_url" else "")
        if str(named.value).rstrip("/") in (url.rstrip("/") for url in trusted):
            continue
        option = " or --base-url" if address == "base_url" else ""
        raise ConfigurationError(
            f"{named.place(address)}: {address}: the secret of {sent} is not sent to an address "
            f"that only a settings file names ({masked(str(named.value))}); if you trust it, give "
            f"it by the environment variable {PREFIX}{address.upper()}{option}, otherwise remove "
            "it or unset the secret"
        )


def _describe(wrong: ErrorDetails, given: Mapping[str, Given]) -> str:
    name = str(wrong["loc"][0])
    inside = "".join(f".{part}" for part in wrong["loc"][1:])
    noun = "key" if inside else "setting"
    problem = reason(wrong, Settings, noun)
    is_top_of_file = given[name].text is not None and not given[name].table
    if wrong["type"] == "extra_forbidden" and is_top_of_file and not inside:
        known = [*Settings.model_fields, PROFILES]
        problem = f"no such {noun}; {nearest(name, known, noun)}"
    place = given[name].place(*wrong["loc"])
    named = f"{place}{inside}" if place.startswith("--") else f"{place}: {name}{inside}"
    return f"{named}: {problem}"
