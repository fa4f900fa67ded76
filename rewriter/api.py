"""The functions of `import rewriter`: the stages on values, for other programs.

An article is given as text (`str`), as the bytes of a file, or as a `pathlib.Path`, which is read.
Without `settings` the functions use what the environment and the nearest `rewriter.toml` say.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, get_args

from rewriter import cleaning, document, frontmatter
from rewriter import settings as configuration
from rewriter.article import Finding, Rewrite, Source, Value
from rewriter.checks import Evidence, check_headline, check_rewrite
from rewriter.errors import ConfigurationError, FrontMatterError, SourceError
from rewriter.files import atomic, inputs
from rewriter.prompting import prompt_file
from rewriter.rules import Rules
from rewriter.settings import Settings

if TYPE_CHECKING:
    from rewriter.completion.asking import Backend
    from rewriter.pipeline import Outcome
    from rewriter.prompting.prompt import Prompt
    from rewriter.queue.batches import Priority
    from rewriter.queue.message import Api

Article: TypeAlias = str | bytes | Path
Text = TypeVar("Text", str, bytes)
T = TypeVar("T")

_log = logging.getLogger(__name__)


# --- one article -------------------------------------------------------------------------------


def clean(article: Article, *, name: str = "") -> Source:
    """The cleaned article: title, paragraphs, sentences, and each cut block with its reason.

    `name` is a file name. Its suffix (`.txt`, `.md`, `.html`, `.htm`, `.json`) tells the format.
    Without one the content tells it; a `Path` brings its own name.

    Raises `SourceError` for what is not an article or has front matter that is not understood, and
    `FileError` for a file that cannot be read.

    >>> import rewriter
    >>> text = "Ferry line grows\\n\\nHarbour Lines bought six electric ferries on Monday."
    >>> source = rewriter.clean(text)
    >>> source.title, source.words
    ('Ferry line grows', 8)
    """
    with _naming(article):
        return cleaning.clean(_bytes_of(article), name=name or _name_of(article))


def rewrite(
    article: Article | Source,
    *,
    settings: Settings | None = None,
    prompt: str | Path | None = None,
    max_cost: float | None = None,
) -> Outcome:
    """Clean an article, have it rewritten, check the answer, and have failed sections repaired.

    `prompt` is the name of a prompt or the path of a prompt file; it replaces the settings'.
    `max_cost` is in US dollars.

    The outcome's `status` is `published`, `held` (an error is left) or `drafted` (no model is
    configured). `rewrite` is the typed answer, None where the source is too short to ask about.
    `document` is the finished file's text. For Markdown with front matter only our own keys of it
    change; a `Source` gets new front matter. `spent.paid` has tokens and their cost in US dollars.

    No article is written. Where the settings name a `root`, answers are stored in its ledger and
    are never paid for again; without one they live as long as the call.

    Each call opens a connection of its own; `Client` keeps one. Raises what `Client.rewrite`
    raises, and `RuntimeError` inside of an event loop: use `Client` there.

    >>> import rewriter
    >>> text = "Ferry line grows\\n\\n" + "Harbour Lines bought six new ferries on Monday. " * 9
    >>> outcome = rewriter.rewrite(text, settings=rewriter.Settings(engine="extractive"))
    >>> outcome.status, outcome.title
    ('drafted', 'Ferry line grows')
    """

    async def once() -> Outcome:
        async with Client(settings, prompt=prompt, max_cost=max_cost) as client:
            return await client.rewrite(article)

    return _run(once, "use `async with rewriter.Client(...)` and await its `rewrite`")


class Client:
    """Rewrites many articles over one connection, inside of an event loop.

    Any number of `rewrite` may be awaited together; the settings' `concurrency` bounds how many
    are in progress. `max_cost` (US dollars) is for all of them. Without a `root` in the settings,
    answers live as long as the client.

    Raises `ConfigurationError` for settings and prompts that cannot be used.

    >>> import asyncio, rewriter
    >>> async def titles(*texts):
    ...     async with rewriter.Client(rewriter.Settings(engine="extractive")) as client:
    ...         outcomes = await asyncio.gather(*map(client.rewrite, texts))
    ...     return [outcome.title for outcome in outcomes]
    >>> text = "Ferry line grows\\n\\n" + "Harbour Lines bought six new ferries on Monday. " * 9
    >>> asyncio.run(titles(text, text))
    ['Ferry line grows', 'Ferry line grows']
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        prompt: str | Path | None = None,
        max_cost: float | None = None,
    ) -> None:
        settings = settings or configuration.load()
        self._prompt = _prompt(settings, prompt)
        self._backend = _backend(settings, self._prompt, max_cost)
        self._in_progress = asyncio.Semaphore(settings.concurrency)

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection. The next `rewrite` would open another one."""
        await self._backend.aclose()

    async def rewrite(self, article: Article | Source) -> Outcome:
        """The outcome for one article, as the function `rewrite` describes it.

        Raises `Transient` where a later call may succeed, and `Permanent` otherwise:
        `SourceError`, `FileError`, `FrontMatterError`, `ProviderError` (also for an answer that
        stays useless), `BudgetSpentError`, and `ConfigurationError`.
        """
        from rewriter import pipeline  # late: `clean` and `check` need no completer
        from rewriter.completion.asking import Asker

        async with self._in_progress:
            source, original = _source_of(article, self._prompt.rules)
            outcome = await pipeline.rewrite(source, self._prompt, Asker(self._backend))
        return replace(outcome, document=_document(outcome, source, original, self._prompt))


def check(
    text: Article | Rewrite,
    source: Article | Source,
    *,
    settings: Settings | None = None,
    prompt: str | Path | None = None,
) -> tuple[Finding, ...]:
    """The findings of the checks in `text`, in order; `text` passes without an `error`.

    `text` is a finished article, plain text, or a `Rewrite`. Plain text is checked for what it
    says, a finished article and a `Rewrite` for their form too, by the rules of `prompt`. A finding
    that a comment in the text silences is left out. `span` counts code points.

    Raises `SourceError`, `FrontMatterError`, `FileError` and `ConfigurationError`.

    >>> import rewriter
    >>> source = "Ferry line grows\\n\\nHarbour Lines bought six electric ferries on Monday."
    >>> [finding.code for finding in rewriter.check("Harbour Lines bought 12 ferries.", source)]
    ['G101']
    """
    from rewriter.runs.checking import texts  # late: a `Rewrite` needs no records and no places

    rules = _prompt(settings or configuration.load(), prompt).rules
    known, _ = _source_of(source, rules)
    if isinstance(text, Rewrite):
        evidence = Evidence(known)
        found = check_rewrite(text, known, rules, evidence)
        about_title = check_headline(text.headline, rules, evidence) if text.headline else ()
        return (*found, *about_title)
    with _naming(text):
        placed = texts.judge(_bytes_of(text), known, rules).placed().findings
    return tuple(one.finding for one in placed if one.decision is None)


def edit(article: Text | Path, changes: Mapping[str, object]) -> Text | bytes:
    """The text with `changes` merged into its front matter, every other byte as it was.

    The front matter is YAML, TOML or JSON. Nested mappings merge. A single value replaces a single
    value. Text gives text and bytes give bytes. The file at a `Path` is replaced whole, unless it
    changed since, and its new bytes are returned.

    Raises `FrontMatterError` where the front matter is missing or not understood, `FileError` where
    the file cannot be read or written, `FileChangedError` where it changed since.

    >>> import rewriter
    >>> rewriter.edit("---\\ntitle:   'A'  # kept\\n---\\nText\\n", {"ai": {"version": 2}})
    "---\\ntitle:   'A'  # kept\\nai:\\n  version: 2\\n---\\nText\\n"
    """
    before = _bytes_of(article, "surrogatepass")
    with _naming(article):
        data = frontmatter.edit(before, changes)
    if isinstance(article, Path):
        if data != before:
            atomic.replace(article, data, before)
        return data
    return data.decode("utf-8", "surrogatepass") if isinstance(article, str) else data


# --- the queue ---------------------------------------------------------------------------------


class Submitted(Value):
    """A batch and what became of the paths: numbers of articles.

    `queued` wait for a worker, `skipped` are current, `failed` cannot be worked on.
    """

    batch: str
    queued: int
    skipped: int
    failed: int


def submit(
    paths: Path | str | Iterable[Path | str],
    *,
    out: Path | str | None = None,
    in_place: bool = False,
    settings: Settings | None = None,
    batch: str | None = None,
    priority: Priority = "normal",
    api: Api = "direct",
    max_cost: float | None = None,
    force: bool = False,
    fresh: bool = False,
    on_failure: Callable[[str, str], object] | None = None,
) -> Submitted:
    """Queue the articles that `paths` name (files, folders, globs, `s3://` addresses).

    Results go below the folder `out`, or over each article with `in_place`. The settings name
    `redis_url` and the content `root` of inputs and results. The same `batch` again adds what is
    new. `priority="high"` goes before all articles that wait. `api="batch"` uses the provider's
    batch API. The batch pauses before it costs more than `max_cost` US dollars. `force` queues
    current articles too, and `fresh` also asks again for stored answers. `on_failure` is called
    with path and reason of each article that cannot be queued.

    Raises `ConfigurationError` for arguments, settings and paths that do not go together, and
    `QueueError` where Redis cannot be reached for 30 s. Inside of an event loop it raises
    `RuntimeError`: await `asyncio.to_thread(rewriter.submit, ...)` there.

    >>> import rewriter
    >>> settings = rewriter.load_settings({"root": "."})
    >>> rewriter.submit("raw", out="site", settings=settings, batch="monday")
    Submitted(batch='monday', queued=2, skipped=0, failed=0)
    """
    from rewriter.queue import submitting  # late: the rest needs no Redis
    from rewriter.queue.embedded import with_redis
    from rewriter.queue.message import batch_name

    _refuse_wrong(priority, api, max_cost)
    name = batch_name(batch)
    submission = submitting.Submission(name, out, in_place, force, fresh, priority, max_cost, api)
    named = [str(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    failed = on_failure or (lambda path, reason: None)

    async def submitted() -> submitting.Tally:
        with_queue, _ = with_redis(settings or configuration.load())
        return await submitting.connect_and_submit(
            named, submission, with_queue, _log.warning, failed
        )

    tally = _run(submitted, "await `asyncio.to_thread(rewriter.submit, ...)`")
    return Submitted(batch=name, **vars(tally))


def _refuse_wrong(priority: object, api: object, max_cost: float | None) -> None:
    """Raise `ConfigurationError` for an argument of `submit` that has no meaning."""
    from rewriter.queue import batches, message

    known = {"priority": get_args(batches.Priority), "api": get_args(message.Api)}
    for name, given in (("priority", priority), ("api", api)):
        if given not in known[name]:
            words = " or ".join(known[name])
            raise ConfigurationError(f"{name}: {words} is wanted, not {given!r}")
    if max_cost is not None and not max_cost > 0:
        raise ConfigurationError(f"max_cost: an amount of US dollars above 0, not {max_cost}")


# --- what several of them need -----------------------------------------------------------------


def _run(work: Callable[[], Coroutine[Any, Any, T]], otherwise: str) -> T:
    """Run a coroutine to its end; inside of an event loop raise and name the way to do it there."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work())
    raise RuntimeError(f"an event loop runs here: {otherwise} instead")


def _bytes_of(article: object, damaged: str = "replace") -> bytes:
    """The article as a file has it; `damaged` says what becomes of lone surrogates in text."""
    if isinstance(article, Path):
        return inputs.read(article)
    if isinstance(article, str):
        return article.encode("utf-8", damaged)
    if isinstance(article, bytes):
        return article
    kind = type(article).__name__
    raise TypeError(f"an article is text (str), bytes or a pathlib.Path, not {kind}")


def _name_of(article: Article) -> str:
    return article.name if isinstance(article, Path) else ""


@contextmanager
def _naming(article: object) -> Iterator[None]:
    """Name the file, where the article is one, in what its readers raise."""
    if not isinstance(article, Path):
        yield
        return
    try:
        yield
    except FrontMatterError as error:
        raise error.at(article) from error
    except SourceError as error:
        raise SourceError(f"{article}: {error}") from error


def _source_of(article: Article | Source, rules: Rules) -> tuple[Source, bytes | None]:
    """The cleaned article, and the bytes of one whose front matter is to be kept."""
    if isinstance(article, Source):
        return article, None
    data = _bytes_of(article)
    with _naming(article):
        source = cleaning.clean(data, name=_name_of(article), keys=rules.keys)
        if source.kind != "markdown":
            return source, None
        document.refuse_uneditable(data, rules)  # before anything is paid
    return source, data


def _prompt(settings: Settings, name: str | Path | None) -> Prompt:
    return prompt_file.load(str(name or settings.prompt), settings.prompts_dir)


def _backend(settings: Settings, prompt: Prompt, max_cost: float | None) -> Backend:
    from rewriter.completion import choosing
    from rewriter.state import State, find_root
    from rewriter.state.ledger import MemoryLedger

    engine = choosing.engine(settings)
    # Without a root there is no place for paid answers; the other engines need none.
    keeps = settings.root is None and engine in ("openai", "local")
    folder = State(find_root([], settings.root)).ledger
    return choosing.backend(
        settings,
        MemoryLedger() if keeps else choosing.ledger(settings, folder),
        prompt.rules,
        choosing.budget(settings, max_cost),
    )


def _document(
    outcome: Outcome, source: Source, original: bytes | None, prompt: Prompt
) -> str | None:
    from rewriter.runs import publishing

    data = publishing.compose(outcome, source, original, prompt, datetime.now(UTC))
    return None if data is None else document.text(data)
