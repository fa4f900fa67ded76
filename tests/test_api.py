"""What `import rewriter` gives other programs: its names, their types, and what they do."""

from __future__ import annotations

import asyncio
import doctest
import inspect
import re
import shutil
import subprocess
import sys
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

import rewriter
from rewriter import errors
from rewriter.api import Submitted
from rewriter.errors import SourceError
from rewriter.files import atomic
from tests import articles
from tests.cleaning.articles import BODY
from tests.items import feeds
from tests.provider import Provider
from tests.queue.servers import ROOT, RedisServer

PAGE = ROOT / "docs" / "how-to" / "use-from-python.md"
PUBLIC = [
    "Client",
    "Finding",
    "Outcome",
    "Rewrite",
    "Settings",
    "Source",
    "check",
    "clean",
    "edit",
    "errors",
    "load_settings",
    "rewrite",
    "submit",
]
# What takes longest to load, or is loaded by what does.
HEAVY = ("aiohttp", "asyncio", "celery", "jinja2", "lxml", "openai", "pydantic", "redis", "yaml")
WORDS = "Harbour Lines bought six electric ferries on Monday. "
DRAFTS = rewriter.Settings(engine="extractive")
ARTICLE = "Ferry line grows\n\n" + WORDS * 9


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def newsroom(
    tmp_path: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RedisServer]:
    """A working folder with two raw articles, a provider, and a Redis of its own."""
    (tmp_path / "raw").mkdir()
    for example, name in (("grocer-prices", "prices"), ("orchard-frost", "frost")):
        shutil.copy(ROOT / "examples" / "raw" / f"{example}.txt", tmp_path / "raw" / f"{name}.txt")
    monkeypatch.chdir(tmp_path)
    with RedisServer(tmp_path / "redis") as server:
        monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
        monkeypatch.setenv("REWRITER_REDIS_URL", server.url)
        yield server


def _python(program: str, *arguments: str) -> str:
    command = [sys.executable, *arguments, "-c", program]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


# --- the names ---------------------------------------------------------------------------------


def test_the_public_names_are_these() -> None:
    assert sorted(PUBLIC) == rewriter.__all__
    assert set(PUBLIC) <= set(dir(rewriter))


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_there_and_documented(name: str) -> None:
    value = getattr(rewriter, name)
    assert inspect.getdoc(value)
    assert f"`{name}`" in (rewriter.__doc__ or "")


def test_an_unknown_name_is_an_attribute_error_and_submodules_still_import() -> None:
    with pytest.raises(AttributeError, match="'rewriter' has no attribute 'rewrit'"):
        rewriter.rewrit  # noqa: B018
    from rewriter import document

    assert inspect.ismodule(document)


@pytest.mark.parametrize(
    "program",
    [
        "import rewriter; rewriter.errors.RewriterError; rewriter.__version__",
        "import rewriter.cli; rewriter.cli.group.main(['--version'], standalone_mode=False)",
    ],
)
def test_importing_the_package_and_its_version_load_nothing_heavy(program: str) -> None:
    program += f"\nimport sys; print([name for name in {HEAVY} if name in sys.modules])"
    assert _python(program).splitlines()[-1] == "[]"


@pytest.mark.slow
def test_cleaning_loads_no_completer_and_no_queue() -> None:
    program = (
        f"import rewriter, sys; rewriter.clean({ARTICLE!r}); "
        "print([name for name in ('aiohttp', 'celery', 'openai', 'redis') if name in sys.modules])"
    )
    assert _python(program).strip() == "[]"


def test_every_error_says_whether_a_later_call_may_succeed() -> None:
    raised = [
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, Exception)
    ]
    assert len(raised) > 20
    kinds = (errors.Transient, errors.Permanent)
    assert all(issubclass(error, kinds) for error in raised if error is not errors.RewriterError)


@pytest.mark.slow
def test_a_users_program_type_checks_strictly(tmp_path: Path) -> None:
    """`py.typed` is there, and the types reach the user through the late imports."""
    user = tmp_path / "user.py"
    user.write_text(
        "import rewriter\n"
        "async def title(text: str) -> str:\n"
        "    async with rewriter.Client(rewriter.Settings()) as client:\n"
        "        outcome = await client.rewrite(text)\n"
        "    found: tuple[rewriter.Finding, ...] = rewriter.check(text, rewriter.clean(text))\n"
        "    edited: bytes = rewriter.edit(b'', {'title': len(found)})\n"
        "    del edited\n"
        "    return outcome.title\n"
        "def wrong() -> int:\n"
        "    return rewriter.rewrite('', max_cost='1').status\n"
    )
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", "cache"]
    done = subprocess.run(
        [*command, str(user)], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    wrong = re.findall(r"^\S*user\.py:(\d+): error: .*\[([\w-]+)\]$", done.stdout, re.MULTILINE)
    assert wrong == [("10", "return-value"), ("10", "arg-type")], done.stdout


# --- the examples ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Client", "clean", "rewrite", "check", "edit", "submit"])
@pytest.mark.usefixtures("newsroom")
def test_the_example_of_a_docstring_gives_what_it_says(name: str) -> None:
    (example,) = doctest.DocTestFinder(recurse=False).find(getattr(rewriter, name), name, globs={})
    assert example.examples
    assert doctest.DocTestRunner().run(example).failed == 0


@pytest.mark.slow
@pytest.mark.usefixtures("newsroom")
def test_every_block_of_the_page_runs_and_prints_what_it_says(
    capsys: pytest.CaptureFixture[str], provider: Provider
) -> None:
    page = PAGE.read_text(encoding="utf-8")
    blocks = re.findall(
        r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", page, re.DOTALL | re.MULTILINE
    )
    assert len(blocks) == page.count("```python") > 5
    names: dict[str, object] = {}
    for program, printed in blocks:
        exec(compile(program, str(PAGE), "exec"), names)  # noqa: S102 - the page's own programs
        assert capsys.readouterr().out == printed, program
    # The article that was rewritten alone came from the ledger the second time.
    assert len(provider.calls) == 2


# --- what the functions promise ----------------------------------------------------------------


def test_markdown_keeps_its_front_matter_and_a_source_gets_its_own(
    provider: Provider,
) -> None:
    settings = rewriter.Settings(base_url=provider.base_url)
    body = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    raw = f"---\ntitle:  'Kept'   # as it is\nid: 007\n---\n{body}"
    kept = rewriter.rewrite(raw, settings=settings)
    assert kept.document is not None
    assert kept.document.startswith("---\ntitle:  'Kept'   # as it is\nid: 007\n")
    fresh = rewriter.rewrite(rewriter.clean(raw), settings=settings)
    assert fresh.document is not None
    assert "id: 007" not in fresh.document
    assert fresh.document.split("\n## ", 1)[1] == kept.document.split("\n## ", 1)[1]


def test_answers_are_paid_once_where_the_settings_name_a_root(
    provider: Provider, tmp_path: Path
) -> None:
    text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    stored = rewriter.Settings(base_url=provider.base_url, root=tmp_path)
    first, second = (rewriter.rewrite(text, settings=stored) for _ in range(2))
    assert first.rewrite == second.rewrite
    assert (first.spent.replayed, second.spent.replayed) == (0, first.spent.attempts)
    assert second.spent.paid.output_tokens == 0
    calls = len(provider.calls)
    rewriter.rewrite(text, settings=rewriter.Settings(base_url=provider.base_url))
    assert len(provider.calls) == 2 * calls
    assert [path.name for path in tmp_path.iterdir()] == [".rewriter"]


def test_what_is_not_a_source_is_refused_before_anything_is_asked(provider: Provider) -> None:
    settings = rewriter.Settings(base_url=provider.base_url)
    with pytest.raises(errors.SourceError, match="front matter is not understood"):
        rewriter.rewrite("---\ntitle: [\n---\n" + ARTICLE, settings=settings)
    short = rewriter.rewrite("Too short.", settings=settings)
    assert (short.status, short.rewrite, short.document) == ("held", None, None)
    with pytest.raises(errors.ConfigurationError, match="no-such-prompt"):
        rewriter.rewrite(ARTICLE, settings=settings, prompt="no-such-prompt")
    assert provider.calls == []


def test_a_budget_stops_before_the_call(provider: Provider) -> None:
    text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    settings = rewriter.Settings(base_url=provider.base_url)
    with pytest.raises(errors.BudgetSpentError):
        rewriter.rewrite(text, settings=settings, max_cost=0.000001)
    assert provider.calls == []


@pytest.mark.parametrize("fault", ["unauthorized"])
def test_the_providers_refusal_is_one_of_the_public_errors(provider: Provider, fault: str) -> None:
    provider.script([fault])
    text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    with pytest.raises(errors.ProviderError):
        rewriter.rewrite(text, settings=rewriter.Settings(base_url=provider.base_url))


async def test_inside_an_event_loop_the_functions_name_what_to_use() -> None:
    with pytest.raises(RuntimeError, match=r"async with rewriter\.Client"):
        rewriter.rewrite(ARTICLE, settings=DRAFTS)
    with pytest.raises(RuntimeError, match=r"asyncio\.to_thread\(rewriter\.submit, \.\.\.\)"):
        rewriter.submit("raw", out="site", settings=DRAFTS)


async def test_a_client_keeps_its_connections_answers_and_budget(provider: Provider) -> None:
    text = (ROOT / "examples" / "raw" / "harbor-ferries.txt").read_text(encoding="utf-8")
    settings = rewriter.Settings(base_url=provider.base_url, concurrency=2)
    async with rewriter.Client(settings, max_cost=1.0) as client:
        outcomes = await asyncio.gather(*(client.rewrite(f"{n}. {text}") for n in range(6)))
        again = await client.rewrite(f"0. {text}")
    assert all(outcome.document for outcome in outcomes)
    assert again.spent.replayed == again.spent.attempts
    assert provider.connections == 2
    async with rewriter.Client(settings, max_cost=0.000001) as poor:
        with pytest.raises(errors.BudgetSpentError):
            await poor.rewrite(text)


def test_a_rewrite_and_a_finished_article_are_checked_alike() -> None:
    source = articles.source()
    good, wrong = articles.rewrite(), articles.rewrite(overview="It spent $421 million on ferries.")
    assert not [found for found in rewriter.check(good, source) if found.severity == "error"]
    codes = {found.code for found in rewriter.check(wrong, source)}
    assert "G102" in codes
    draft = rewriter.rewrite(source, settings=DRAFTS)
    assert draft.document is not None
    assert draft.rewrite is not None
    of_document = rewriter.check(draft.document, source)
    assert {f.code for f in of_document} <= {f.code for f in rewriter.check(draft.rewrite, source)}


def test_a_finding_that_the_text_silences_is_left_out() -> None:
    text = "Harbour Lines bought 12 ferries.\n"
    assert [found.code for found in rewriter.check(text, ARTICLE)] == ["G101"]
    comment = "<!-- rewriter: ignore G101 our own interview -->\n"
    assert rewriter.check(comment + text, ARTICLE) == ()


@pytest.mark.parametrize("text", [articles.RAW_WITH_FRONT_MATTER, "---\r\na: 1\r\n---\r\n\ud800"])
def test_edit_gives_back_the_kind_of_text_that_it_got(text: str, tmp_path: Path) -> None:
    edited = rewriter.edit(text, {"draft": True})
    newline = "\r\n" if "\r\n" in text else "\n"
    assert edited == text.replace(f"---{newline}", f"---{newline}", 1).replace(
        f"{newline}---{newline}", f"{newline}draft: true{newline}---{newline}", 1
    )
    data = text.encode("utf-8", "surrogatepass")
    assert rewriter.edit(data, {"draft": True}) == edited.encode("utf-8", "surrogatepass")
    path = tmp_path / "article.md"
    atomic.write(path, data)
    written: typing.Any = rewriter.edit(path, {"draft": True})
    assert written == path.read_bytes() == edited.encode("utf-8", "surrogatepass")


def test_errors_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "article.md"
    path.write_bytes(b"")
    with pytest.raises(errors.SourceError, match=re.escape(f"{path}: the input is empty")):
        rewriter.clean(path)
    with pytest.raises(errors.FrontMatterError, match=re.escape(f"{path}:1: ")):
        rewriter.edit(path, {"draft": True})
    with pytest.raises(errors.FrontMatterError, match=r"^line 1: "):
        rewriter.edit("Text.\n", {"draft": True})
    with pytest.raises(errors.FileError, match=re.escape(str(tmp_path / "none.md"))):
        rewriter.check(tmp_path / "none.md", ARTICLE)


@pytest.mark.parametrize("article", [None, 5, [], bytearray(b"text")])
def test_what_is_no_article_is_named(article: typing.Any) -> None:
    kind = type(article).__name__
    for call in (
        rewriter.clean,
        lambda given: rewriter.check(given, ARTICLE),
        lambda given: rewriter.check(ARTICLE, given),
        lambda given: rewriter.edit(given, {}),
        lambda given: rewriter.rewrite(given, settings=DRAFTS),
    ):
        with pytest.raises(TypeError, match=rf"text \(str\), bytes or a pathlib\.Path, not {kind}"):
            call(article)


def test_a_folder_is_not_taken_for_a_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in (Path(), tmp_path):
        with pytest.raises(errors.FileError, match="not a file"):
            rewriter.clean(folder)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"priority": "urgent"}, "priority: high or normal is wanted, not 'urgent'"),
        ({"api": "async"}, "api: direct or batch is wanted, not 'async'"),
        ({"max_cost": -1}, "max_cost: an amount of US dollars above 0, not -1"),
        ({"max_cost": float("nan")}, "not nan"),
        ({"batch": "a b"}, "batch 'a b': 1 to 64 letters"),
        ({"in_place": True}, "either --out DIR or --in-place"),
    ],
)
def test_submit_refuses_a_wrong_argument(
    wrong: dict[str, typing.Any], said: str, tmp_path: Path
) -> None:
    settings = rewriter.Settings(root=tmp_path, redis_url=SecretStr("redis://127.0.0.1:1"))
    with pytest.raises(errors.ConfigurationError, match=re.escape(said)):
        rewriter.submit(tmp_path, out=tmp_path / "site", settings=settings, **wrong)


def test_text_with_lone_surrogates_is_cleaned_like_the_rest() -> None:
    assert rewriter.clean("\ud800" + ARTICLE).words == rewriter.clean(ARTICLE).words


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rooot": "."}, "load_settings(): rooot: no such setting; did you mean root?"),
        ({"max_attempts": "few"}, "load_settings(): max_attempts: a whole number"),
        ({"prices": 3}, "load_settings(): prices: a table"),
    ],
)
def test_a_wrong_setting_is_named_by_its_key_and_not_as_an_option(
    wrong: dict[str, object], told: str
) -> None:
    with pytest.raises(errors.ConfigurationError) as caught:
        rewriter.load_settings(wrong)
    assert str(caught.value).startswith(told)


def test_submitting_the_same_batch_again_adds_what_is_new(newsroom: RedisServer) -> None:
    settings = rewriter.load_settings({"root": "."})
    failures: list[str] = []

    def submit(*paths: str) -> Submitted:
        return rewriter.submit(
            paths,
            out="site",
            settings=settings,
            batch="monday",
            on_failure=lambda path, reason: failures.append(path),
        )

    assert submit("raw/frost.txt").queued == 1
    again = submit("raw", "none.txt")
    assert (again.batch, again.failed, failures) == ("monday", 1, ["none.txt"])
    named = rewriter.submit("raw", out="site", settings=settings)
    assert re.fullmatch(r"\d{8}-\d{6}-[0-9a-f]{4}", named.batch)
    with pytest.raises(errors.ConfigurationError, match="batch 'a/b'"):
        rewriter.submit("raw", out="site", settings=settings, batch="a/b")


@pytest.mark.parametrize("name", ["feed.xml", "feed.txt"])
def test_an_article_of_a_file_of_several_is_cleaned_by_the_name_that_the_refusal_gives(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    path.write_text(feeds.TWO, encoding="utf-8")
    with pytest.raises(SourceError, match="name one of the saved file as FILE#NAME") as refused:
        rewriter.clean(path)
    assert "save it" not in str(refused.value)
    named = str(refused.value).partition("as in FILE#")[2].partition(";")[0]
    assert rewriter.clean(path.with_name(f"{name}#{named}")).paragraphs == BODY
