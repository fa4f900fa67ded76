"""`rewriter held`, `publish` and `restore`: decide about what was held; bring an original back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rewriter.cli.options import ARTICLE, PLACE, TEXT, json_lines_option, prompt_option, root_option
from rewriter.cli.output import color_option, echo, echo_error, json_line, painted
from rewriter.errors import FileError

if TYPE_CHECKING:
    from rewriter.article import Finding
    from rewriter.files.places import Place
    from rewriter.state import State
    from rewriter.state.records import Record


@click.command("held")
@click.argument("paths", nargs=-1, type=PLACE, metavar="[PATH]...")
@json_lines_option
@root_option
@color_option
def held(paths: tuple[str, ...], as_json: bool, root: Path | None) -> int:
    """List the held rewrites of the articles at or below PATH, with their errors.

    PATH is a raw article, a result, or a folder. Without PATH it lists all of the content root. The
    exit code is 1 when it lists any, and 4 where the record of a held rewrite is damaged.
    """
    from rewriter import settings
    from rewriter.files.inputs import is_there
    from rewriter.files.objects import near
    from rewriter.state import State, find_root

    state = State(root=find_root(near(paths), settings.load({"root": root}).root))
    count, damaged = 0, list[FileError]()
    for record in _held(state, paths, damaged.append):
        count += 1
        if as_json:
            echo(json_line(_as_object(state, record)))
        else:
            for text in _lines(record, state):
                echo(painted(text))
    for error in damaged:
        echo_error(error)
    if damaged:
        return FileError.exit_code
    if not count:
        if missing := [path for path in paths if not is_there(path)]:
            raise FileError(
                f"{missing[0]}: there is no such file or folder, and no held rewrite of it"
            )
        echo(f"rewriter: nothing is held in {state.held}", err=True)
    return int(count > 0)


def _held(
    state: State, paths: Sequence[str], damaged: Callable[[FileError], object]
) -> Iterator[Record]:
    from rewriter.state import records

    wanted = [Path(os.path.realpath(path)) for path in paths]
    for record in records.every(state.held, damaged=damaged):
        places = [record.input or str(state.root / record.name), record.target or ""]
        real = [Path(os.path.realpath(place)) for place in places if place]
        if not wanted or any(place.is_relative_to(one) for place in real for one in wanted):
            yield record


def _lines(record: Record, state: State) -> Iterator[str]:
    from rewriter.cli.reporting import advice, shown

    path = str(shown(record.input or record.name))
    yield f"held {path}  ({record.finished_at:%Y-%m-%d %H:%M} UTC)"
    errors = (finding for finding in record.findings if finding.severity == "error")
    yield from (f"    error: {finding}" for finding in errors)
    advised = advice(path, record.findings, state.root, is_rewritten=record.rewrite is not None)
    yield from (f"    {row}" for row in advised)


def _as_object(state: State, record: Record) -> dict[str, Any]:
    from rewriter.state import held as held_rewrites

    document = held_rewrites.document_at(state, record.name)
    return {
        "path": record.input or record.name,
        "target": record.target,
        "document": str(document) if os.path.exists(document) else None,
        "title": record.title,
        "at": record.finished_at.isoformat(),
        "findings": [finding.model_dump(mode="json") for finding in record.findings],
    }


@click.command("publish")
@click.argument("path", type=ARTICLE)
@click.option(
    "--reason",
    type=TEXT,
    required=True,
    help="Why it is right to publish it. The record keeps the reason.",
)
@click.option("--by", type=TEXT, help="Your initials. The article notes them as ai.reviewed.")
@prompt_option
@root_option
def publish(
    path: Path | str, reason: str, by: str | None, prompt: str | None, root: Path | None
) -> None:
    """Publish the held rewrite of the article PATH after you have read its findings.

    It is checked again, as you may have edited it. What is wrong with it is listed: it counts as
    accepted from now on.
    """
    from rewriter import document, settings
    from rewriter.cli.reporting import shown
    from rewriter.files.objects import near
    from rewriter.prompting import prompt_file
    from rewriter.runs.checking import texts
    from rewriter.state import State, find_root
    from rewriter.state import held as held_rewrites

    configured = settings.load({"root": root, "prompt": prompt})
    state = State(root=find_root(near([path]), configured.root))
    edit: Callable[[bytes], bytes] = bytes
    if by is not None:
        rules = prompt_file.load(configured.prompt, configured.prompts_dir).rules
        edit = partial(document.reviewed, rules=rules, by=by, now=datetime.now(UTC))
    left: list[Finding] = []
    accepted: list[str] = []

    def judge(record: Record, source: bytes, text: bytes) -> list[Finding]:
        left.extend(texts.left_to_accept(configured, record, source, text, accepted.append))
        return left

    target = held_rewrites.publish(state, path, reason, edit=edit, judge=judge)
    echo(f"published {path} -> {shown(target.address)}")
    for told in (*accepted, *(finding for finding in left if finding.severity == "error")):
        echo(f"rewriter: accepted: {told}", err=True)


@click.command("restore")
@click.argument("path", type=ARTICLE)
@click.option("--list", "as_list", is_flag=True, help="List the kept versions, oldest first.")
@click.option(
    "--digest", type=TEXT, help="The version to restore: the first characters of its digest."
)
@root_option
def restore(path: Path | str, as_list: bool, digest: str | None, root: Path | None) -> None:
    """Restore the article PATH, byte for byte, to what it was before its rewrite."""
    from rewriter import settings
    from rewriter.files import inputs, objects
    from rewriter.state import State, find_root, originals, records

    state = State(root=find_root(objects.near([path]), settings.load({"root": root}).root))
    place = objects.place_at(str(path))
    file = path if isinstance(path, Path) else None
    name = inputs.name_of(file, state.root) if file else objects.name_of(place)
    if not as_list:
        if not digest:
            _refuse_other_targets(place, records.load(state.records, name))
            if file:
                _refuse_result(file, records.of_target(state.records, file, state.root))
        there = place.read_if_there()
        if originals.restore(state, name, place, digest or "") == (there and there.data):
            echo(f"rewriter: {path} has that content already; nothing changed", err=True)
        else:
            echo(f"restored {path}")
        return
    for kept in originals.history(state, name):
        echo(f"{kept.at:%Y-%m-%dT%H:%M:%SZ}  {kept.kind:<8}  {kept.digest[:12]}  {kept.size}")


def _refuse_other_targets(place: Place, record: Record | None) -> None:
    """Raise `FileError` for an article whose rewrite went to another place."""
    from rewriter.state import records

    targets = [one.target for one in record.each() if one.target] if record else []
    if targets and not any(records.is_same(target, place.address) for target in targets):
        raise FileError(
            f"{place}: was not rewritten in place, so there is nothing to restore; its rewrite is "
            f"{' and '.join(targets)}. --list shows the kept versions, --digest brings one back"
        )


def _refuse_result(path: Path, record: Record | None) -> None:
    """Raise `FileError` for the rewrite of an article that is still where it was."""
    if record and record.input and os.path.realpath(record.input) != os.path.realpath(path):
        raise FileError(
            f"{path}: is the rewrite of {record.input}, which was never changed, so there is "
            "nothing to restore"
        )
