"""`rewriter clean`: show the cleaned article, and each cut block with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from rewriter.cli.options import GivenPath, names_of_keys, prompt_option
from rewriter.cli.output import echo
from rewriter.errors import SourceError
from rewriter.escaping import counted, json_text, lines

if TYPE_CHECKING:
    from rewriter.article import Source


@click.command("clean")
@click.argument("path", type=GivenPath())
@click.option(
    "--json", "as_json", is_flag=True, help="Print the cleaned article as one JSON object."
)
@prompt_option
def command(path: str, as_json: bool, prompt: str | None) -> None:
    """Show the article in PATH as the model sees it, what was cut, and why.

    With - it reads standard input. Of a file with several articles it shows each.
    """
    from rewriter.cleaning import clean  # late: loads pydantic and the extractors
    from rewriter.files import inputs

    keys, broken = names_of_keys(prompt), list[str]()
    for article in (None,) if path == inputs.STDIN else inputs.opened(Path(path)):
        try:
            source = clean(inputs.read(article), name=article.name if article else "", keys=keys)
        except SourceError as error:
            broken.append(f"{article or path}: {error}")
            continue
        if as_json:
            echo(json_text(source.model_dump_json(indent=2)))
            continue
        if article and str(article) != path:
            echo(lines(f"--- {article}\n"))
        echo(lines(_describe(source)))
    if broken:
        raise SourceError("\n".join(broken))


def _describe(source: Source) -> str:
    facts = {
        "Title": source.title,
        "Publisher": source.publisher,
        "Author": source.author,
        "Published": source.published_at and source.published_at.isoformat(),
        "Language": source.lang,
        "Words": str(source.words),
    }
    rows = [f"{name + ':':<11}{value}" for name, value in facts.items() if value]
    rows += ["", *(f"{paragraph}\n" for paragraph in source.paragraphs)]
    rows += [f"Q: {pair.question}\nA: {pair.answer}\n" for pair in source.qa]
    rows += [f"Removed: {counted(len(source.removed), 'block')}"]
    rows += [f"  [{cut.reason}] {_one_line(cut.text)}" for cut in source.removed]
    rows += [f"Held: {defect.message}" for defect in source.defects]
    rows += [f"Note: {note}" for note in source.notes]
    return "\n".join(rows)


def _one_line(text: str, width: int = 100) -> str:
    text = " ".join(text.split())
    return text if len(text) <= width else f"{text[: width - 1]}…"
