"""What users read covers what there is: commands, options, settings, finding codes."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from rewriter import __version__
from rewriter.checks.catalogue import CATALOGUE, STRUCTURE
from rewriter.cli import COMMANDS, group
from rewriter.prompting import prompt_file
from rewriter.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


def _text(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    sections = re.split(r"^## ", _text("reference/commands.md"), flags=re.MULTILINE)
    (section,) = [part for part in sections if part.startswith(f"rewriter {name}")]
    inner = command.commands.values() if isinstance(command, click.Group) else [command]
    options = [option for part in inner for parameter in part.params for option in parameter.opts]
    missing = [option for option in options if option.startswith("--") and option not in section]
    assert not missing


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_text(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    inner = command.commands.values() if isinstance(command, click.Group) else [command]
    options = [p for part in inner if part for p in part.params if isinstance(p, click.Option)]
    assert not [option.name for option in options if not option.help]


def test_every_setting_is_documented() -> None:
    text = _text("reference/settings.md")
    assert not [name for name in Settings.model_fields if f"`{name}`" not in text]


def test_every_finding_code_is_documented() -> None:
    code = re.compile(r'"([SGCKV]\d{3})"')
    used = {
        found
        for path in (ROOT / "rewriter").rglob("*.py")
        for found in code.findall(path.read_text(encoding="utf-8"))
    }
    text = _text("reference/findings.md")
    assert used
    assert not [found for found in sorted(used) if found not in text]


@pytest.mark.parametrize("page", sorted([ROOT / "README.md", *DOCS.rglob("*.md")]))
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_every_page_is_in_the_site_navigation() -> None:
    site = (ROOT / "zensical.toml").read_text(encoding="utf-8")
    listed = re.findall(r'= "([\w/-]+\.md)"', site)
    assert sorted(listed) == sorted(str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md"))


def test_every_finding_code_has_an_anchor_and_the_words_of_the_catalogue() -> None:
    text = _text("reference/findings.md")
    for entry in CATALOGUE.values():
        cells = (entry.severity, entry.title, entry.explanation.strip(), entry.example)
        assert f'<a id="{entry.code.lower()}"></a>{entry.code} | {" | ".join(cells)} |' in text
    for told in STRUCTURE.values():
        row = f"{told.code} | {told.severity} | {told.title} |"
        assert f'<a id="{told.code.lower()}"></a>{row}' in text


def test_the_shipped_headings_are_documented() -> None:
    page = _text("reference/format.md")
    for lang, table in prompt_file.load().rules.headings.items():
        assert f"| `{lang}` | {' | '.join(table.model_dump().values())} |" in page


def test_the_changelog_begins_with_this_version() -> None:
    latest = re.search(
        r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert latest is not None
    assert latest[1] == __version__
