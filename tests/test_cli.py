"""The command line parses, calls and prints; commands are tested by running them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest

from rewriter import __version__
from rewriter.cli.check import FORMATS
from rewriter.cli.options import ENGINES
from rewriter.runs.checking import reports
from rewriter.settings import Engine
from tests.articles import RAW
from tests.queue.conftest import write_articles

HEAVY = ("openai", "celery", "trafilatura", "pydantic", "rich", "asyncio")


def run(
    *args: str,
    cwd: Path | None = None,
    stdin: bytes = b"",
    settings: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `rewriter` as a user without any configuration would."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("REWRITER_", "OPENAI_")) or name == "REWRITER_READER"
    }
    done = subprocess.run(
        [sys.executable, "-m", "rewriter", *args],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        env={**environment, **(settings or {})},
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_a_cold_start_loads_nothing_heavy(option: str) -> None:
    code = (
        "import sys\n"
        "from rewriter.cli import main\n"
        f"sys.argv = ['rewriter', {option!r}]\n"
        "try:\n    main()\n"
        "finally:\n"
        f"    print('LOADED', [name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "LOADED []" in done.stdout


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"rewriter {__version__}\n"


def test_help_lists_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for name in ("rewrite", "check", "clean"):
        assert f"\n  {name} " in done.stdout


@pytest.mark.parametrize(
    ("args", "complaint"),
    [
        (["nosuch"], "No such command"),
        (["rewrite"], "Missing argument"),
        (["rewrite", "x", "--engine", "magic"], "Invalid value"),
        (["rewrite", "x", "--max-cost", "nan"], "not a finite number"),
        (["submit", "x", "--max-cost", "inf"], "not a finite number"),
        (["requeue", "first", "--max-cost", "-1"], "Invalid value"),
        (["regress", "record", "--max-cost", "nan"], "not a finite number"),
        (["rewrite", "x", "--out", "o", "--in-place"], "exclude each other"),
        (["rewrite", "x", "--in-place"], "a draft never replaces an article"),
        (["rewrite", "x", "--engine", "openai"], "needs a key"),
        (["rewrite", "x", "--prompt", "nosuch"], "with --prompt, there are: brief, rewrite"),
        (["rewrite", "x", "--concurrency", "0"], "--concurrency: at least 1"),
        (["check", "x", "--select", "G1,X9"], "--select: no finding's code begins with 'X9'"),
        (["check", "x", "--ignore", "G1011"], "--ignore: no finding's code begins with 'G1011'"),
        (["check", "--jsonl", "x", "--format", "sarif"], "--jsonl names its sources itself"),
        (["check", "--jsonl", "x", "--source", "y"], "--jsonl names its sources itself"),
        (["publish", "", "--reason", "read"], "'PATH': an empty path"),
        (["restore", ""], "'PATH': an empty path"),
        (["check", "x", "--source", ""], "'--source': an empty path"),
        (["state", "verify", ".", "--root", ""], "'--root': an empty path"),
        (["--profile", "", "config"], "a profile's name is wanted"),
        (["regress", "run", "--base", ""], "'--base': it is empty"),
        (["status", ""], "'[ID]': it is empty"),
        (["status", "--check", "monday"], "--check is about the whole queue"),
        (["status", "--watch", "--json"], "--watch shows the counts of batches"),
        (["publish", "x", "--reason", " "], "'--reason': it is empty"),
        (["restore", "x", "--digest", ""], "'--digest': it is empty"),
    ],
)
def test_wrong_usage_exits_2_and_says_what_is_wrong(
    args: list[str], complaint: str, tmp_path: Path
) -> None:
    done = run(*args, cwd=tmp_path)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["clean", "check"])
def test_a_missing_file_exits_4(command: str, tmp_path: Path) -> None:
    done = run(command, "nosuch.txt", cwd=tmp_path)
    assert done.returncode == 4
    assert "nosuch.txt: cannot read it: No such file or directory" in done.stderr


@pytest.mark.parametrize("command", ["rewrite", "clean", "check", "restore", "publish --reason x"])
def test_a_name_that_no_file_can_have_is_a_message(command: str, tmp_path: Path) -> None:
    done = run(*command.split(), "x" * 300 + ".txt", cwd=tmp_path)
    assert done.returncode == 4
    assert "Traceback" not in done.stderr


def test_clean_names_each_article_of_a_file_and_goes_on_after_a_broken_one(tmp_path: Path) -> None:
    items = [
        {"id": str(number), "title": f"Story {number}", "body": "Rain..."} for number in range(2)
    ]
    (tmp_path / "api.json").write_text(json.dumps(items))
    (tmp_path / "feed.xml").write_text(
        "<rss><channel><item><title>Pier</title><description>Rain.</description>"
        "<item><title>Mole</title><description>Sun.</description></item></channel></rss>"
    )
    done = run("clean", "api.json", cwd=tmp_path)
    heads = [line for line in done.stdout.splitlines() if line.startswith("--- ")]
    assert [head.rpartition("-")[0] for head in heads] == [
        "--- api.json#story-0",
        "--- api.json#story-1",
    ]
    assert done.stdout.count("Held: ") == 2
    done = run("clean", "feed.xml", cwd=tmp_path)
    assert done.returncode == 4
    assert "feed.xml#pier-" in done.stderr
    assert "--- feed.xml#mole-" in done.stdout


@pytest.mark.parametrize("command", ["clean --json", "ingest --out raw"])
def test_keys_that_the_rules_of_the_prompt_name_are_read(command: str, tmp_path: Path) -> None:
    (tmp_path / "own.prompt.md").write_text(
        (Path(__file__).parents[1] / "prompts" / "rewrite.prompt.md")
        .read_text("utf-8")
        .replace("\nrules:\n", "\nrules:\n  keys: {author: [pluma]}\n", 1)
    )
    (tmp_path / "a.md").write_text(f"---\npluma: Ana Ruiz\n---\n{RAW}")
    (tmp_path / "rewriter.toml").write_text('prompt = "own.prompt.md"\n')
    done = run(*command.split(), "a.md", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = done.stdout + "".join(path.read_text("utf-8") for path in tmp_path.glob("raw/*.md"))
    assert "Ana Ruiz" in told


@pytest.mark.parametrize(
    ("wrong", "told"),
    [("", ""), ("prompt = 'nosuch'\n", "nosuch"), ("modle = 'm'\n", "")],
)
def test_settings_that_cleaning_does_not_need_hinder_no_cleaning(
    wrong: str, told: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(RAW)
    (tmp_path / "rewriter.toml").write_text(wrong)
    for command in ("clean", "ingest --out raw"):
        done = run(*command.split(), "a.txt", cwd=tmp_path, settings={"REWRITER_API_KEY": "“k”"})
        assert done.returncode == 0, done.stderr
        assert ("no names of keys" in done.stderr) == bool(told)
        assert told in done.stderr


def test_check_takes_folders_and_standard_input(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("Calder Rail lost $2.56 billion in spring, it said.")
    (tmp_path / "texts").mkdir()
    for name in ("a.txt", "b.md", "c.png"):
        (tmp_path / "texts" / name).write_text("Calder Rail lost $2.65 billion.")
    done = run(
        "check", "texts", "-", "--source", "source.txt", "--json", cwd=tmp_path, stdin=b"17%"
    )
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(f["path"], f["code"]) for f in found] == [
        (str(Path("texts", "a.txt")), "G102"),
        (str(Path("texts", "b.md")), "G102"),
        ("-", "G103"),
    ]


def test_a_pair_that_is_not_utf8_is_an_error_of_its_line(tmp_path: Path) -> None:
    pair = b'{"id": 1, "source": "It lost 4% in spring.", "text": "It lost 4%."}\n'
    (tmp_path / "pairs.jsonl").write_bytes(
        b"\xef\xbb\xbf" + pair + b'{"id": 2, "source": "\xe9"}\n'
    )
    done = run("check", "--jsonl", "pairs.jsonl", cwd=tmp_path)
    good, bad = map(json.loads, done.stdout.splitlines())
    assert (done.returncode, good) == (4, {"id": 1, "findings": []})
    assert bad == {"id": 2, "error": "line 2: not UTF-8"}


def test_interrupting_a_check_of_pairs_leaves_no_traceback(tmp_path: Path) -> None:
    pair = '{"id": 1, "source": "It lost 4% in spring.", "text": "It lost 4%."}\n'
    command = [sys.executable, "-m", "rewriter", "check", "--jsonl", "-"]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs inherit to ignore it
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches all processes of the terminal
    ) as running:
        assert running.stdin and running.stdout and running.stderr
        running.stdin.write(pair * 1000)
        running.stdin.flush()
        running.stdout.readline()
        os.killpg(running.pid, signal.SIGINT)
        assert running.wait(30) == 130
        assert running.stderr.read().strip() == "rewriter: interrupted"


def test_interrupting_the_start_leaves_no_traceback() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    command = [sys.executable, "-X", "importtime", "-m", "rewriter", "doctor"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        next(line for line in running.stderr if line.endswith(" click.types\n"))  # of many imports
        running.send_signal(signal.SIGINT)
        left = running.stderr.read()
        assert (running.wait(30), "Traceback" in left) == (130, False)


def test_a_closed_pipe_ends_the_command_without_a_word(tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.jsonl"
    pairs.write_text("no pair\n" * 5000)  # far more output than a pipe holds
    command = f"'{sys.executable}' -m rewriter check --jsonl '{pairs}' | head -n 1"
    done = subprocess.run(
        ["/bin/bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("options", "left"), [([], "stdout"), ([], "stderr"), (["--json"], "stdout")]
)
def test_articles_that_go_to_files_are_all_done_when_the_reader_has_left(
    tmp_path: Path, options: list[str], left: str
) -> None:
    assert _rewrite_for_nobody(tmp_path, ["--out", "out", *options], left) == 0
    assert len(list(tmp_path.glob("out/*.md"))) == 3


def test_a_preview_ends_when_its_reader_has_left(tmp_path: Path) -> None:
    assert _rewrite_for_nobody(tmp_path, [], "stdout") == 1


def _rewrite_for_nobody(folder: Path, options: list[str], left: str) -> int:
    """The exit code of a rewrite of three articles that nobody reads the output of."""
    write_articles(folder, 3)
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "rewriter", "rewrite", "raw", "--root", ".", *options]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | {left: writer}
    try:
        with subprocess.Popen(command, cwd=folder, **streams) as process:  # type: ignore[call-overload]
            return int(process.wait(60))
    finally:
        os.close(writer)


def test_results_are_utf_8_in_any_locale(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text(
        "银行公布业绩\n\n银行的利润今年增长了三成，客户也更多了。\n", encoding="utf-8"
    )
    done = subprocess.run(
        [sys.executable, "-m", "rewriter", "clean", str(article)],
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "银行公布业绩" in done.stdout.decode("utf-8")


def test_the_choices_that_help_shows_are_those_that_work() -> None:
    """They are written twice, since `--help` loads neither the settings nor the reports."""
    assert get_args(Engine) == ENGINES
    assert tuple(reports.FORMATS) == FORMATS


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["rewrit", "x"], "Did you mean 'rewrite'"),
        (["prompt", "lst"], "Did you mean 'list'?"),
        (["regress", "acept"], "Did you mean 'accept'?"),
        (["check", "--selct", "G1", "x"], "'--select'"),
        (["explain", "G119"], "did you mean"),
        (["prompt", "show", "rewrit"], "did you mean rewrite?"),
    ],
)
def test_a_mistyped_word_is_told_with_the_nearest_one(typed: list[str], told: str) -> None:
    done = run(*typed)
    assert done.returncode == 2
    assert told in done.stderr


def test_a_finding_is_explained_with_an_example_and_what_to_do() -> None:
    told = run("explain", "g101", "S107").stdout
    assert "“1,520 bonds” for 1,250 bonds" in told
    assert "### What the recall costs" in told
    for way in ("Mend it:", "rewriter: ignore G101", "rewriter publish", "ignore: [G101]"):
        assert way in told
    assert "rewriter publish" not in run("explain", "S122").stdout  # there is no rewrite
    listed = run("explain", "S20").stdout.splitlines()
    assert [line.split()[0] for line in listed] == ["S201", "S202"]


def test_a_prompt_is_listed_shown_and_copied_but_never_over_a_file(tmp_path: Path) -> None:
    assert "rewrite *" in run("prompt", "list", cwd=tmp_path).stdout
    text = run("prompt", "show", "brief").stdout
    assert run("prompt", "copy", "brief", "mine.md", cwd=tmp_path).returncode == 0
    assert (tmp_path / "mine.md").read_text(encoding="utf-8") == text
    assert run("prompt", "copy", "brief", "mine.md", cwd=tmp_path).returncode == 4
    assert run("plan", "--prompt", "mine.md", "mine.md", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (b"---\nname: [a\n---\n", ":3: not valid YAML: "),
        (b"---\n- a\n---\n", ":1: a table of keys and values is wanted"),
        (b"---\nname: a\nversion: x\n---\n", ":3: version: a whole number is wanted, not 'x'"),
        (b"", ":1: a prompt starts with front matter"),
        (b"\xff\xfe\x00", ": a prompt file is UTF-8, this one is not"),
    ],
)
def test_a_broken_prompt_is_told_and_the_others_are_listed(
    text: bytes, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "broken.prompt.md").write_bytes(text)
    (tmp_path / "fine.prompt.md").write_text("---\nname: fine\nversion: 2\nrules: {}\n---\n")
    settings = {"REWRITER_PROMPTS_DIR": str(tmp_path)}
    done = run("prompt", "list", cwd=tmp_path, settings=settings)
    assert done.returncode == 2
    assert f"rewriter: {tmp_path}/broken.prompt.md{complaint}" in done.stderr
    assert "\nfine  " in done.stdout


def test_a_folder_without_prompts_is_no_empty_list(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        done = run("prompt", "list", cwd=tmp_path, settings={"REWRITER_PROMPTS_DIR": str(folder)})
        assert (done.returncode, done.stdout) == (2, "")
        assert f"{folder}: no prompt file (*.prompt.md) in it" in done.stderr


@pytest.mark.parametrize(
    ("data", "complaint"), [(b"", "is empty"), (b"\0\1\2\xff" * 90, "is binary"), (None, "a pipe")]
)
def test_an_article_that_can_be_no_case_leaves_no_suite(
    data: bytes | None, complaint: str, tmp_path: Path
) -> None:
    if data is None:
        os.mkfifo(tmp_path / "raw.txt")
    else:
        (tmp_path / "raw.txt").write_bytes(data)
    settings = {"REWRITER_BASE_URL": "http://127.0.0.1:1/v1"}
    done = run("regress", "init", "raw.txt", "--suite", "suite", cwd=tmp_path, settings=settings)
    assert done.returncode == 4
    assert done.stderr.startswith("rewriter: raw.txt: ")
    assert complaint in done.stderr
    assert not (tmp_path / "suite").exists()


def test_a_feed_among_the_articles_is_refused_before_a_prompt_is_made(tmp_path: Path) -> None:
    item = "<item><title>A</title><description>A text of one item.</description></item>"
    feed = tmp_path / "articles" / "feed.xml"
    feed.parent.mkdir()
    feed.write_text(f"<rss version='2.0'><channel>{item}{item.replace('A<', 'B<')}</channel></rss>")
    settings = {"REWRITER_BASE_URL": "http://127.0.0.1:1/v1"}
    given = ["articles", "--suite", "suite", "--prompt", "own.prompt.md"]
    done = run("regress", "init", *given, cwd=tmp_path, settings=settings)
    assert done.returncode == 4
    assert "here each file is one article" in done.stderr
    assert not (tmp_path / "own.prompt.md").exists()


def test_a_damaged_record_of_a_held_rewrite_is_told(tmp_path: Path) -> None:
    held = tmp_path / ".rewriter" / "held"
    held.mkdir(parents=True)
    (held / "ferries.txt.json").write_text("{")
    done = run("held", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert f"rewriter: {held}/ferries.txt.json: not a record" in done.stderr


def test_a_text_that_is_empty_is_not_checked_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text("The council kept the ferry fare at 2.40 euros.")
    (tmp_path / "text.md").write_text("\n \n")
    done = run("check", "text.md", "--source", "source.txt", cwd=tmp_path)
    assert done.returncode == 4
    assert "rewriter: text.md: there is no text to check" in done.stderr


@pytest.mark.parametrize(
    ("options", "environment", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_are_those_that_are_asked_for(
    options: list[str], environment: dict[str, str], coloured: bool, tmp_path: Path
) -> None:
    (tmp_path / "source.txt").write_text("The share rose by 12%. " * 20)
    (tmp_path / "text.txt").write_text("The share rose by 17%.")
    command = ["check", "text.txt", "--source", "source.txt"]
    before = run(*options, *command, cwd=tmp_path, settings=environment)
    behind = run(*command, *options, cwd=tmp_path, settings=environment)
    assert before.stdout == behind.stdout
    assert ("\x1b[" in before.stdout) == coloured
    assert "G103" in before.stdout


def test_the_shell_completes_commands_and_options() -> None:
    def completed(words: str) -> list[str]:
        count = str(len(words.split()) - 1)
        asked = {"_REWRITER_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
        return [line.partition(",")[2] for line in run(settings=asked).stdout.splitlines()]

    assert completed("rewriter exp") == ["explain"]
    assert completed("rewriter rewrite --in-") == ["--in-place"]
    for command in ("rewrite", "plan", "check", "review", "held", "submit", "ingest", "clean"):
        asked = {"COMP_WORDS": f"rewriter {command} news", "COMP_CWORD": "2"}
        done = run(settings=asked | {"_REWRITER_COMPLETE": "bash_complete"})
        assert done.stdout == "file,news\n", command


@pytest.mark.parametrize("command", [("check", "--jsonl"), ("doctor",)])
@pytest.mark.parametrize("kind", ["pipe", "loop", "nothing"])
def test_what_is_no_file_is_told_and_not_waited_for(
    command: tuple[str, ...], kind: str, tmp_path: Path
) -> None:
    place = tmp_path / "x"
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "loop":
        place.symlink_to(place)
    done = run(*command, "x", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("rewriter: x: ")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_leads_nowhere(closed: str, tmp_path: Path) -> None:
    write_articles(tmp_path, 1)
    command = f"'{sys.executable}' -m rewriter rewrite - raw --engine extractive --out site"
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} {closed}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        input="",
    )
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)  # of nothing to read
    assert len(list(tmp_path.glob("site/*.md"))) == 1


def test_a_working_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    command = f"rmdir '{tmp_path}'; '{sys.executable}' -m rewriter plan ."
    done = subprocess.run(["/bin/sh", "-c", command], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 4
    assert done.stderr == "rewriter: the working folder: No such file or directory\n"
