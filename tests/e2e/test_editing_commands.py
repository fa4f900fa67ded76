"""An editor's journeys: hold and publish, check, restore, front matter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rewriter import frontmatter
from rewriter.cleaning import clean
from rewriter.completion.capabilities import Capabilities, encode
from rewriter.prompting.prompt_file import load
from tests.provider import Provider
from tests.provider.answers import answer_to
from tests.test_cli import run

EXAMPLES = Path(__file__).parents[2] / "examples" / "raw"
NAME = "quantum-clock.md"
RIGHT, WRONG = "371 days", "317 days"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / NAME
    path.write_bytes((EXAMPLES / NAME).read_bytes())
    return path


def _wrong_answer() -> dict[str, str]:
    request = load().request(clean((EXAMPLES / NAME).read_bytes(), name=NAME), "gpt-4.1-mini")
    answer = answer_to(encode(request, Capabilities()))
    assert RIGHT in answer
    return {"content": answer.replace(RIGHT, WRONG)}


def test_a_wrong_figure_is_repaired_and_published(article: Path, provider: Provider) -> None:
    provider.script([_wrong_answer()])
    done = run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    assert done.returncode == 0, done.stdout
    assert WRONG in done.stdout
    assert "repaired: G" in done.stdout
    assert len(provider.calls) == 2
    assert WRONG not in article.read_text(encoding="utf-8")


def test_a_figure_that_stays_wrong_is_held_until_a_person_decides(
    article: Path, provider: Provider
) -> None:
    before = article.read_bytes()
    provider.script([_wrong_answer()] * 3)
    done = run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    assert done.returncode == 1
    assert RIGHT in done.stdout, "the message quotes the source"
    assert article.read_bytes() == before
    checked = run("check", str(article.parent / ".rewriter/held"))
    assert (checked.returncode, WRONG in checked.stdout) == (1, True), checked.stderr
    published = run("publish", str(article), "--reason", "the institute has corrected it")
    assert published.returncode == 0, published.stderr
    assert published.stdout == f"published {article} -> {article}\n", "as `rewrite` prints it"
    errors = [line.strip() for line in done.stdout.splitlines() if "error: " in line]
    accepted_errors = [f"rewriter: accepted: {line.partition('error: ')[2]}" for line in errors]
    assert published.stderr.splitlines() == accepted_errors, "all that it accepts"
    assert errors
    accepted = run("check", str(article))
    assert accepted.returncode == 0
    assert "reason: the institute has corrected it" in accepted.stdout
    assert WRONG in article.read_text(encoding="utf-8")
    record = json.loads((article.parent / ".rewriter/records" / f"{NAME}.json").read_text())
    assert record["reason"] == "the institute has corrected it"
    again = run("publish", str(article), "--reason", "once more")
    assert again.returncode == 4
    assert "no rewrite of it is held" in again.stderr


def test_an_edited_document_is_checked_again_when_it_is_published(
    article: Path, provider: Provider
) -> None:
    provider.script([_wrong_answer()] * 3)
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    document = article.parent / ".rewriter/held" / f"{NAME}.md"
    mended = document.read_text("utf-8").replace(WRONG, RIGHT)
    document.write_text(mended.replace("## From author\n\n", "## From author\n\nIt cost $99,871. "))
    published, checked = (
        run("publish", str(article), "--reason", "read"),
        run("check", str(article)),
    )
    named = [re.findall(r"G\d+|'.+' is", said) for said in (published.stderr, checked.stdout)]
    assert named == [["G102", "'$99,871' is"]] * 2
    assert checked.returncode == 0


@pytest.mark.parametrize("options", [[], ["--by", "AB"]])
def test_a_document_with_a_renamed_heading_is_published_and_one_with_broken_front_matter_is_not(
    article: Path, provider: Provider, options: list[str]
) -> None:
    provider.script([_wrong_answer()] * 3)
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    document = article.parent / ".rewriter/held" / f"{NAME}.md"
    renamed = document.read_text("utf-8").replace("## From author", "## In her words")
    document.write_text(renamed.replace("---\n", "---\n[: :\n", 1))
    decide = ("publish", str(article), "--reason", "read", *options)
    broken = run(*decide)
    assert broken.returncode == 4
    assert re.search(rf"held/{re.escape(NAME)}\.md:\d+: not YAML", broken.stderr), broken.stderr
    document.write_text(renamed)
    done = run(*decide)
    assert done.returncode == 0, done.stderr
    assert "accepted: " + NAME + ": not a finished article: no heading for from_author" in (
        done.stderr
    )
    assert WRONG in done.stderr, "what it was held with"
    assert "## In her words" in article.read_text("utf-8")


def test_a_held_rewrite_of_a_changed_article_is_not_published(
    article: Path, provider: Provider
) -> None:
    provider.script([_wrong_answer()] * 3)
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    article.write_bytes(article.read_bytes() + b"\nA new line.\n")
    done = run("publish", str(article), "--reason", "fine")
    assert done.returncode == 4
    assert "changed since its rewrite was held" in done.stderr
    assert article.read_bytes().endswith(b"A new line.\n")


def test_a_restored_article_has_its_first_bytes(article: Path, provider: Provider) -> None:
    before = article.read_bytes()
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    finished = article.read_bytes()
    assert run("restore", str(article)).returncode == 0
    assert article.read_bytes() == before
    listed = run("restore", "--list", str(article)).stdout.splitlines()
    assert [line.split()[1] for line in listed] == ["original", "decided"]
    digest = listed[1].split()[2]
    assert run("restore", str(article), "--digest", digest).returncode == 0
    assert article.read_bytes() == finished


def test_a_held_rewrite_has_changed_nothing_that_comes_back(
    article: Path, provider: Provider
) -> None:
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    run("restore", str(article))
    again = run("restore", str(article))
    assert (again.returncode, again.stdout) == (0, "")
    assert "nothing changed" in again.stderr


def test_nothing_to_restore_says_so(article: Path) -> None:
    done = run("restore", str(article))
    assert done.returncode == 4
    assert "it was never rewritten here, so there is nothing to restore" in done.stderr


def test_held_rewrites_of_a_path_where_nothing_is_are_refused(article: Path) -> None:
    done = run("held", str(article.with_name("mistyped.txt")))
    assert done.returncode == 4
    assert "mistyped.txt: there is no such file or folder" in done.stderr
    assert run("held", str(article)).returncode == 0


def test_restore_leaves_an_article_that_was_rewritten_into_another_file(
    article: Path, provider: Provider
) -> None:
    out = article.with_name("out")
    run("rewrite", str(article), "--out", str(out), "--base-url", provider.base_url)
    edited = article.read_bytes() + b"One more line.\n"
    article.write_bytes(edited)
    done = run("restore", str(article))
    assert done.returncode == 4
    assert "was not rewritten in place" in done.stderr
    assert article.read_bytes() == edited


def test_check_takes_the_kept_source_or_a_named_one(article: Path, provider: Provider) -> None:
    raw = article.with_name("raw.md")
    raw.write_bytes(article.read_bytes())
    run("rewrite", str(article), "--in-place", "--base-url", provider.base_url)
    assert run("check", str(article)).returncode == 0
    article.write_bytes(article.read_bytes().replace(RIGHT.encode(), WRONG.encode()))
    kept = run("check", str(article))
    named = run("check", str(article), "--source", str(raw))
    assert (kept.returncode, named.returncode) == (1, 1)
    assert WRONG in kept.stdout
    assert kept.stdout == named.stdout


def test_check_finds_the_source_of_a_file_written_elsewhere(
    article: Path, tmp_path: Path, provider: Provider
) -> None:
    out = tmp_path / "out"
    run("rewrite", str(article), "--out", str(out), "--base-url", provider.base_url)
    done = run("check", str(out / NAME), "--root", str(tmp_path))
    assert done.returncode == 0, done.stderr


def test_front_matter_is_set_without_another_byte(article: Path) -> None:
    before = article.read_bytes()
    shown = run("frontmatter", "set", str(article), "ai.version=2", "--out", "-")
    assert shown.returncode == 0, shown.stderr
    assert article.read_bytes() == before
    done = run("frontmatter", "set", str(article), "ai.version=2")
    assert done.returncode == 0
    assert article.read_text(encoding="utf-8") == shown.stdout
    assert frontmatter.read(article.read_bytes()).metadata["ai"] == {"version": 2}


@pytest.mark.parametrize(
    ("text", "assignment", "complaint"),
    [
        ("---\nai: x\n---\n", "ai.version=2", "a.md:2: "),
        ("no front matter\n", "ai.version=2", "no front matter"),
    ],
)
def test_front_matter_that_cannot_be_set_says_where(
    tmp_path: Path, text: str, assignment: str, complaint: str
) -> None:
    path = tmp_path / "a.md"
    path.write_text(text)
    done = run("frontmatter", "set", str(path), assignment)
    assert done.returncode == 4
    assert complaint in done.stderr
    assert path.read_text() == text


@pytest.mark.parametrize(
    "args",
    [
        ["frontmatter", "set", "a.md", "nonsense"],
        ["frontmatter", "set", "a.md", "a=[1"],
        ["publish", "a.md", "--reason", " "],
        ["rewrite", "a.md", "--max-cost", "-1"],
    ],
)
def test_wrong_usage_exits_2(args: list[str], tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\na: 1\n---\n")
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_a_held_rewrite_is_published_with_a_root_elsewhere(
    article: Path, tmp_path: Path, provider: Provider
) -> None:
    provider.script([_wrong_answer()] * 3)
    place = ("--root", str(tmp_path / "state"))
    out = ("--out", str(tmp_path / "out"))
    held = run("rewrite", str(article), *out, *place, "--base-url", provider.base_url)
    assert held.returncode == 1
    done = run("publish", str(article), "--reason", "it is right", *place)
    assert done.returncode == 0, done.stderr
    assert WRONG in (tmp_path / "out" / NAME).read_text(encoding="utf-8")


def test_a_full_standard_output_is_an_error_not_a_traceback(article: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "rewriter", "clean", str(article)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 4
    assert "cannot write the output: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def test_published_articles_of_every_format_are_checked_against_the_sources_that_are_kept(
    tmp_path: Path, provider: Provider
) -> None:
    """A kept source is read as what it is, whatever its article is called now."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in (NAME, "exchange-fees.json", "tram-extension.html", "bridge-tolls.txt"):
        (raw / name).write_bytes((EXAMPLES / name).read_bytes())
    options = ("--root", ".", "--out", "site", "--base-url", provider.base_url)
    assert run("rewrite", "raw", *options, cwd=tmp_path).returncode == 0
    checked = run("check", "site", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout + checked.stderr
