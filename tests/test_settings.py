from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from rewriter.cli import group
from rewriter.completion import choosing
from rewriter.completion.choosing import ReplayCompleter
from rewriter.completion.extractive import ExtractiveCompleter
from rewriter.completion.local import LocalCompleter
from rewriter.completion.remote import RemoteCompleter
from rewriter.errors import ConfigurationError
from rewriter.prices import PRICES
from rewriter.settings import Settings, load, read
from rewriter.settings.sources import root_in
from rewriter.state import find_root
from rewriter.state.ledger import FileLedger, NoLedger
from tests import articles
from tests.asking import ask

KEY = "sk-very-secret-0123456789"


def loaded(
    folder: Path, toml: str = "", env: dict[str, str] | None = None, **over: object
) -> Settings:
    if toml:
        (folder / "rewriter.toml").write_text(toml, encoding="utf-8")
    return load(over, env=env or {}, cwd=folder)


def test_without_anything_the_defaults_hold(tmp_path: Path) -> None:
    assert loaded(tmp_path) == Settings()


def test_command_line_beats_environment_beats_file_beats_shared_names(tmp_path: Path) -> None:
    shared = {"OPENAI_MODEL": "shared"}
    own = {**shared, "REWRITER_MODEL": "own"}
    toml = 'model = "file"'

    assert loaded(tmp_path, env=shared).model == "shared"
    assert loaded(tmp_path, toml, env=shared).model == "file"
    assert loaded(tmp_path, toml, env=own).model == "own"
    assert loaded(tmp_path, toml, env=own, model="given").model == "given"
    assert loaded(tmp_path, toml, env=own, model=None).model == "own"


def test_the_nearest_file_of_the_parents_is_read_and_its_paths_start_beside_it(
    tmp_path: Path,
) -> None:
    (tmp_path / "rewriter.toml").write_text('root = "content"\nlocal_model = "/models/a.gguf"')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)

    found = load(env={}, cwd=below)

    assert found.root == tmp_path / "content"
    assert found.local_model == Path("/models/a.gguf")


def test_empty_variables_are_not_given(tmp_path: Path) -> None:
    env = {"OPENAI_API_KEY": "", "REWRITER_MODEL": "", "OPENAI_BASE_URL": ""}

    assert loaded(tmp_path, env=env) == Settings()


_SITES = """model = "file"
concurrency = 2

[profiles.sport]
model = "sport"
root = "sites/sport"

[profiles.sport.prices.m]
input = -1
"""


def test_a_byte_order_mark_is_no_part_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "rewriter.toml").write_text('model = "file"', encoding="utf-8-sig")

    assert loaded(tmp_path).model == "file"


def test_a_profile_stands_above_the_rest_of_its_file(tmp_path: Path) -> None:
    toml = _SITES.partition("[profiles.sport.prices")[0]
    env = {"REWRITER_PROFILE": "sport"}
    (tmp_path / "rewriter.toml").write_text(toml)

    found, places = read({"timeout": 3}, env=env | {"OPENAI_MODEL": "shared"}, cwd=tmp_path)

    assert (found.model, found.concurrency, found.root) == ("sport", 2, tmp_path / "sites/sport")
    assert places == {
        "model": f"{tmp_path}/rewriter.toml:5 (profile sport)",
        "concurrency": f"{tmp_path}/rewriter.toml:2",
        "root": f"{tmp_path}/rewriter.toml:6 (profile sport)",
        "timeout": "--timeout",
    }
    assert loaded(tmp_path, env=env | {"REWRITER_MODEL": "own"}).model == "own"
    assert loaded(tmp_path).model == "file", "without a profile"
    assert root_in(tmp_path, env) == tmp_path / "sites/sport"
    assert root_in(tmp_path, {}) is None


@pytest.mark.parametrize(
    ("toml", "profile", "words"),
    [
        (_SITES, "sprot", "rewriter.toml: profile sprot: no such profile; did you mean sport?"),
        ("model = 'm'", "sport", "profile sport: no such profile"),
        ("", "sport", "profile sport: there is no rewriter.toml in"),
        (_SITES, "sport", "rewriter.toml:9: prices.m.input: at least 0.0 is wanted"),
        ("profiles = 'sport'", "", "rewriter.toml:1: profiles: a table for each profile is wanted"),
        ("[profiles]\nsport = 1", "sport", "rewriter.toml:1: profiles: a table for each"),
        (f"[profiles.a]\napi_key = '{KEY}'", "a", "rewriter.toml:2: api_key: a settings file must"),
        ("[profiles.a]\nroot = '..'", "a", "rewriter.toml:2: root: .. lies above the file"),
        ("[profiles.a]\nlog_file = '../a.log'", "a", "toml:2: log_file: ../a.log lies outside of"),
        ("metrics_file = '/etc/a.prom'", "", "toml:1: metrics_file: /etc/a.prom lies outside of"),
        ('log_file = "a\\u0000b"', "", "toml:1: log_file: a path has no character U+0000"),
        ("[profiles.a]\nmodle = 'm'", "a", "rewriter.toml:2: modle: no such setting; did you mean"),
        ("profile = 'a'", "", "rewriter.toml:1: profile: no such setting"),
        (
            "[profile.a]\nmodel = 'm'",
            "",
            "toml:1: profile: no such setting; did you mean profiles?",
        ),
        ("[profiles.a]\nmodle = 'm'", "", "rewriter.toml:2: modle: no such setting; did you mean"),
        (
            "[profiles.a]\nmodel = 'm'\n[profiles.b]\ntimeout = '1'",
            "a",
            "toml:4: timeout: a number",
        ),
        ("[profiles.a]\nroot = '..'", "", "rewriter.toml:2: root: .. lies above the file"),
    ],
)
def test_a_profile_that_cannot_be_used_is_told_with_its_place(
    toml: str, profile: str, words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml, {"REWRITER_PROFILE": profile})

    assert words in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_command_config_shows_values_and_places_and_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rewriter.toml").write_text(
        _SITES.replace("-1", "1\noutput = 1\nas_of = 2026-11-01")
    )
    (tmp_path / "key").write_text(KEY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OPENAI_API_KEY_FILE", "key")
    monkeypatch.setenv("REWRITER_REDIS_URL", f"redis://me:{KEY}@queue:6379/0?socket_timeout=3")
    monkeypatch.setenv("REWRITER_PROFILE", "another")  # and the option counts more

    options = ["--profile", "sport", "config", "--model", "given"]
    shown = CliRunner().invoke(group, options)
    lines = CliRunner().invoke(group, [*options, "--json"]).output.splitlines()

    found = {one["name"]: (one["value"], one["place"]) for one in map(json.loads, lines)}
    assert list(found) == list(Settings.model_fields)
    assert found["model"] == ("given", "--model")
    assert found["api_key"] == ("***", "environment variable OPENAI_API_KEY_FILE")
    assert found["redis_url"][0] == "redis://me:***@queue:6379/0?***"
    assert found["prices"][1] == f"{tmp_path}/rewriter.toml:8 (profile sport)"
    assert found["timeout"] == (120.0, "default")
    assert all(name in shown.output for name in Settings.model_fields)
    assert KEY not in shown.output + "".join(lines)


@pytest.mark.parametrize("installed", [True, False])
def test_the_command_config_shows_the_embedded_valkey_where_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, installed: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REWRITER_ROOT", str(tmp_path))
    monkeypatch.delenv("REWRITER_REDIS_URL", raising=False)
    monkeypatch.setattr("rewriter.cli.config.find_spec", lambda _: installed or None)
    lines = CliRunner().invoke(group, ["config", "--json"]).output.splitlines()
    found = {one["name"]: (one["value"], one["place"]) for one in map(json.loads, lines)}
    embedded = (None, f"default: an embedded Valkey in {tmp_path}/.rewriter/valkey")
    assert found["redis_url"] == (
        embedded if installed else ("redis://localhost:6379/0", "default")
    )


@pytest.mark.parametrize(
    ("toml", "env", "over", "words"),
    [
        (
            "",
            {"REWRITER_CONCURRENCY": "many"},
            {},
            "CONCURRENCY: concurrency: a whole number is wanted, not 'many'",
        ),
        ("", {}, {"concurrency": 0}, "--concurrency: at least 1"),
        ("", {"OPENAI_BASE_URL": "api.example"}, {}, "variable OPENAI_BASE_URL: base_url: "),
        ("", {}, {"base_url": "http://a b/"}, "--base-url: "),
        ("", {}, {"base_url": "http://user:pw@host/v1"}, "must not hold a key or password"),
        ("base_url = 'ftp://a/v1'", {}, {}, "an address such as https://api.openai.com/v1 is"),
        ("concurrency = true", {}, {}, "toml:1: concurrency: a whole number is wanted, not true"),
        (
            "[prices.m]\ninput = true",
            {},
            {},
            "prices.m.input: a number is wanted, not true",
        ),
        ("reader = false", {}, {}, "toml:1: reader: 'auto', 'on' or 'off' is wanted, not false"),
        ("model = true", {}, {}, "toml:1: model: text is wanted, not true"),
        ("concurrency = '8'", {}, {}, "toml:1: concurrency: a whole number is wanted, not '8'"),
        ("timeout = '60'", {}, {}, "toml:1: timeout: a number is wanted, not '60'"),
        ("[prices.m]\ninput = '1'", {}, {}, "toml:2: prices.m.input: a number is wanted, not '1'"),
        ("[prices.m]\ninput = nan", {}, {}, "toml:2: prices.m.input: a finite number is wanted"),
        ("timeout = 0", {}, {}, "rewriter.toml:1: timeout: more than 0"),
        ("fleet = 'a b'", {}, {}, "rewriter.toml:1: fleet: text such as newsroom-2 is wanted, not"),
        ("speed = 1", {}, {}, "rewriter.toml:1: speed: no such setting; the settings are api_key"),
        ("", {"REWRITER_SPEED": "1"}, {}, "variable REWRITER_SPEED: speed: no such setting"),
        ("model = ", {}, {}, "rewriter.toml:1:8: not valid TOML: invalid value: 'model ='"),
        (
            "\n\nconcurrency = 'many'",
            {},
            {},
            "rewriter.toml:3: concurrency: a whole number is wanted",
        ),
        ("[prices.m]\ninput = -1", {}, {}, "rewriter.toml:2: prices.m.input: "),
        ("[prices.m]\ninput = 1\noutput = 1", {}, {}, "rewriter.toml:1: prices.m.as_of: "),
        (f'api_key = "{KEY}"', {}, {}, "set OPENAI_API_KEY in the environment"),
    ],
)
def test_a_wrong_value_is_told_with_its_key_and_place(
    toml: str, env: dict[str, str], over: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, toml, env, **over)

    assert words in str(caught.value)
    assert KEY not in str(caught.value)
    assert "pw" not in str(caught.value)


def test_all_wrong_values_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        loaded(tmp_path, "timeout = 0\nspeed = 1", {}, concurrency=-1)

    assert len(str(caught.value).splitlines()) == 3


def test_the_key_never_shows(tmp_path: Path) -> None:
    settings = loaded(tmp_path, env={"OPENAI_API_KEY": KEY})

    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == KEY
    assert KEY not in repr(settings) + str(settings) + settings.model_dump_json()


def test_configured_prices_stand_over_the_shipped_ones(tmp_path: Path) -> None:
    toml = '[prices."gpt-4o"]\ninput = 9\noutput = 9\nas_of = 2026-11-21\n'
    settings = loaded(tmp_path, toml)

    assert settings.price_list["gpt-4o"].input == 9
    assert settings.price_list["gpt-5"] is PRICES["gpt-5"]


# --- what the settings choose ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "kind", "model"),
    [
        ({}, ExtractiveCompleter, "extractive"),
        ({"api_key": KEY}, RemoteCompleter, "gpt-4.1-mini"),
        ({"base_url": "http://127.0.0.1:1/v1", "model": "m"}, RemoteCompleter, "m"),
        ({"api_key": KEY, "engine": "extractive"}, ExtractiveCompleter, "extractive"),
        ({"engine": "local", "local_model": "/models/a.gguf"}, LocalCompleter, "a"),
        ({"api_key": KEY, "local_model": "/models/a.gguf"}, RemoteCompleter, "gpt-4.1-mini"),
        ({"api_key": KEY, "local_model": "/models/a.gguf", "model": "a"}, LocalCompleter, "a"),
        ({"engine": "replay", "replay": "recordings"}, ReplayCompleter, "gpt-4.1-mini"),
    ],
)
def test_the_engine_follows_from_the_settings(
    given: dict[str, object], kind: type, model: str
) -> None:
    settings = Settings.model_validate(given)

    assert type(choosing.build(settings, articles.rules())) is kind
    assert choosing.model(settings) == model


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("openai", "set OPENAI_API_KEY, or --base-url"),
        ("local", "set REWRITER_LOCAL_MODEL"),
        ("replay", "set REWRITER_REPLAY"),
    ],
)
def test_an_engine_that_lacks_a_setting_says_which(engine: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        choosing.build(Settings.model_validate({"engine": engine}), articles.rules())


def test_only_answers_that_were_paid_for_are_kept(tmp_path: Path) -> None:
    remote = choosing.ledger(Settings.model_validate({"api_key": KEY}), tmp_path)
    replay = choosing.ledger(
        Settings.model_validate({"engine": "replay", "replay": tmp_path / "recorded"}), tmp_path
    )

    assert isinstance(remote, FileLedger)
    assert remote.folder == tmp_path
    assert isinstance(replay, FileLedger)
    assert replay.folder == tmp_path / "recorded"
    assert isinstance(choosing.ledger(Settings(), tmp_path), NoLedger)


async def test_an_engine_without_fees_passes_any_budget() -> None:
    settings = Settings()
    completer = choosing.build(settings, articles.rules())
    request = articles.request(model=choosing.model(settings))
    budget = choosing.budget(settings, 0.0)

    answer = await ask(request, completer, NoLedger(), str, budget=budget)

    assert answer.spent.usage.cost == 0.0


@pytest.mark.parametrize(
    "address",
    [
        "foo://x",
        "localhost:6379",
        "unix:///run/redis.sock",
        "redis://localhost:abc/0",
        "redis://localhost:6379/first",
        "redis://localhost/0?color=red",
        "redis://localhost/0?db=first",
        "rediss://localhost/0?ssl_cert_reqs=perhaps",
        f"redis://:{KEY}/x@localhost/0",
    ],
)
def test_an_address_that_is_no_redis_is_refused_without_its_password(
    address: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=r"REDIS_URL: redis_url: .*redis://") as refused:
        loaded(tmp_path, env={"REWRITER_REDIS_URL": address})
    assert KEY not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "redis://localhost",
        "redis:///0",
        "redis://[::1]:6379",
        "redis://user:p%2Fw@redis.example:6380/15",
        "rediss://redis.example/0?ssl_cert_reqs=required",
    ],
)
def test_an_address_of_a_redis_is_taken_as_it_is(address: str, tmp_path: Path) -> None:
    given = loaded(tmp_path, env={"REWRITER_REDIS_URL": address})
    assert given.redis_url.get_secret_value() == address


@pytest.mark.parametrize(
    ("given", "model"),
    [
        ({"base_url": "http://localhost:1/v1"}, "gpt-4.1-mini"),
        ({"base_url": "http://localhost:1/v1", "reader_model": "other"}, "other"),
        ({"base_url": "http://localhost:1/v1", "reader": "off"}, None),
        ({"engine": "replay"}, None),
        ({"engine": "replay", "reader": "on"}, "gpt-4.1-mini"),
        ({"engine": "local", "local_model": "m.gguf"}, None),
        ({"engine": "local", "local_model": "m.gguf", "reader": "on"}, "m"),
        ({}, None),
    ],
)
def test_a_second_reader_reads_where_a_model_answers_over_http(
    given: dict[str, object], model: str | None
) -> None:
    reader = choosing.reader(Settings.model_validate(given))
    assert (reader.model if reader else None) == model


def test_drafts_have_no_second_reader() -> None:
    with pytest.raises(ConfigurationError, match="a second reader needs a model"):
        choosing.reader(Settings.model_validate({"reader": "on"}))


# --- a folder of somebody else's ------------------------------------------------------------------

_STRANGE = 'base_url = "https://collector.example/v1"'


@pytest.mark.parametrize(
    ("toml", "env", "sent"),
    [
        (_STRANGE, {"OPENAI_API_KEY": KEY}, "OPENAI_API_KEY"),
        (_STRANGE, {"REWRITER_API_KEY": KEY}, "REWRITER_API_KEY"),
        (_STRANGE, {"REWRITER_READER_API_KEY": KEY}, "REWRITER_READER_API_KEY"),
        (f"reader_{_STRANGE}", {"REWRITER_READER_API_KEY": KEY}, "REWRITER_READER_API_KEY"),
        (_STRANGE, {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://own.example/v1"}, "OPENAI"),
    ],
)
def test_a_settings_file_has_no_key_sent_to_its_own_address(
    tmp_path: Path, toml: str, env: dict[str, str], sent: str
) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "rewriter.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=f"{sent}.*is not sent.*REWRITER_") as refused:
        load({}, env=env, cwd=tmp_path / "inner")
    assert KEY not in str(refused.value)


def test_what_is_no_address_is_refused_as_such(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"toml:1: base_url: .*names \(\*\*\*\)"):
        loaded(tmp_path, f'base_url = "http://me:{KEY}@[own"', {"OPENAI_API_KEY": KEY})
    env = {"REWRITER_REDIS_URL": "redis://[own", "REWRITER_REDIS_PASSWORD": KEY}
    with pytest.raises(ConfigurationError, match=r"REDIS_URL, .*redis_url: .*wanted") as refused:
        load({}, env=env, cwd=tmp_path / "inner")
    assert KEY not in str(refused.value)


@pytest.mark.parametrize(
    ("toml", "env", "over"),
    [
        (_STRANGE, {}, {}),
        (_STRANGE, {"OPENAI_API_KEY": KEY}, {"base_url": "https://own.example/v1"}),
        (_STRANGE, {"OPENAI_API_KEY": KEY, "REWRITER_BASE_URL": "https://own.example/v1"}, {}),
        (_STRANGE, {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://collector.example/v1"}, {}),
        (f"reader_{_STRANGE}", {"OPENAI_API_KEY": KEY}, {}),
        ('base_url = "https://api.openai.com/v1"', {"OPENAI_API_KEY": KEY}, {}),
    ],
)
def test_an_address_that_the_user_named_gets_the_key(
    tmp_path: Path, toml: str, env: dict[str, str], over: dict[str, str]
) -> None:
    loaded(tmp_path, toml, env=env, **over)


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "nowhere"])
def test_settings_that_are_no_file_are_refused(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "rewriter.toml"
    match kind:
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case "loop":
            place.symlink_to(place)
        case "nowhere":
            place.symlink_to(tmp_path / "gone")
    below = tmp_path / "raw"
    below.mkdir()
    with pytest.raises(ConfigurationError, match=r"rewriter\.toml: "):
        load(env={}, cwd=below)
    with pytest.raises(ConfigurationError, match=r"rewriter\.toml: "):
        find_root([str(below)])
