"""The job of a run: everything that its articles share, made once from the settings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rewriter.completion import choosing
from rewriter.completion.asking import Backend
from rewriter.errors import ConfigurationError
from rewriter.files import atomic, objects
from rewriter.files.inputs import Item, PassedOver
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.runs.concurrency import Scheduler
from rewriter.settings import Settings
from rewriter.state import NAME, State, find_root, note_root
from rewriter.state.ledger import FreshLedger


@dataclass(frozen=True)
class Job:
    """How articles are worked on: who answers, by which prompt, and what may be written.

    `force` includes current articles. `batch` is the name of the queue's batch, None outside of the
    queue. `redelivered` is True where another worker began the article and may have finished it.
    `scheduler` orders the CPU work of all articles of the process; an `urgent` article goes first.
    `prompt_path` is that of a prompt that was named by its path.
    """

    prompt: Prompt
    backend: Backend
    state: State
    prompt_path: str | None = None
    in_place: bool = False
    force: bool = False
    batch: str | None = None
    redelivered: bool = False
    scheduler: Scheduler = field(default_factory=Scheduler)
    urgent: bool = False


def prepare(
    paths: Sequence[str],
    settings: Settings,
    *,
    out: Path | str | None = None,
    in_place: bool = False,
    force: bool = False,
    fresh: bool = False,
    dry_run: bool = False,
    max_cost: float | None = None,
    passed_over: PassedOver | None = None,
) -> tuple[Iterator[Item], Job]:
    """The articles that `paths` name (see `inputs.items`), and the job to do on them.

    Paths and `out` may be `s3://` addresses; the state directory then is that of the working folder
    or of the settings' root. `fresh` asks the model again instead of reusing stored answers, and
    implies `force`. The job of a `dry_run` asks no model and writes no file. `max_cost` is in US
    dollars.
    Raises `ConfigurationError` for settings, prompts or paths that do not go together.
    """
    stored_far = any(map(objects.is_address, (*paths, out)))
    folder = None if stored_far or out is None else Path(out)
    root = _root(() if stored_far else paths, settings, folder)
    loaded = prompt_file.load(settings.prompt, settings.prompts_dir)
    place = State(root=root)
    backend = _backend(settings, place, loaded, fresh=fresh, dry_run=dry_run, max_cost=max_cost)
    if backend.drafts and in_place:
        raise ConfigurationError(
            "the extractive engine only makes drafts, and a draft never replaces an article: "
            "use --out, or configure a model (OPENAI_API_KEY, --base-url)"
        )
    if not dry_run and not stored_far:
        _tidy(root, folder, in_place=in_place)
    found = objects.articles(
        paths, out, root, in_place=in_place, passed_over=passed_over, asks=not dry_run
    )
    named_by_path = Path(settings.prompt).suffix == ".md"
    where = os.path.realpath(settings.prompt) if named_by_path else None
    return found, Job(loaded, backend, place, where, in_place=in_place, force=force or fresh)


def _backend(
    settings: Settings,
    place: State,
    prompt: Prompt,
    *,
    fresh: bool,
    dry_run: bool,
    max_cost: float | None,
) -> Backend:
    asks = not dry_run or choosing.engine(settings) == "replay"  # it reports what is not recorded
    stored = choosing.ledger(settings, place.ledger, looking=dry_run)
    return choosing.backend(
        settings,
        FreshLedger(stored) if fresh else stored,
        prompt.rules if asks else None,
        choosing.budget(settings, max_cost),
    )


def _root(paths: Sequence[str], settings: Settings, out: Path | None) -> Path:
    root = find_root(paths, settings.root, out)
    # Inputs may be on a read-only medium. The state directory is then next to the results.
    if out and not settings.root and not os.access(root, os.W_OK):
        return Path(os.path.realpath(out))
    return root


def _tidy(root: Path, out: Path | None, *, in_place: bool) -> None:
    """Remove the temporary files that killed runs left among articles; note the root in `out`.

    The state directory may hold millions of files; `rewriter state prune` looks through it.
    """
    folder = root if in_place else out
    if folder and folder.is_dir():
        atomic.sweep(folder, passing=NAME)
    if out:
        note_root(out, root)
