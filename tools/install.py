"""Does the built wheel work for a user of plain pip, without this project's lock file?

`make test-install` runs it: it builds the wheel, installs it in a new environment from the package
index with the pip that this Python brings, and uses what was installed. It exits with 1 at the
first command that fails. It stands apart from the tests because they reach no network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
_LINE = "The council kept the ferry fare at 2.40 euros on Monday, after two months of debate."
_MORE = (
    "The harbour company had asked for 3 euros because diesel has become dearer since spring. "
    "Members said that commuters from the northern shore have no bridge within 40 kilometres."
)
_PAGE = f"""<html><body><article>
<h1>Ferry fares stay</h1><p>{_LINE}</p><p>{_MORE}</p>
</article></body></html>"""
# Without these, settings of whoever runs this would reach the commands, and a key a provider.
_OURS = ("REWRITER_", "OPENAI_", "PYTHON", "PIP_REQUIRE", "PIP_CONSTRAINT")
_IMPORT_ALL = """
import importlib, pkgutil, rewriter
for module in pkgutil.walk_packages(rewriter.__path__, "rewriter."):
    importlib.import_module(module.name)
"""


def main() -> None:
    """Build, install, and use it."""
    with tempfile.TemporaryDirectory() as folder:
        bin_folder = _installed(Path(folder))
        work = Path(folder) / "work"
        work.mkdir()
        _use(bin_folder, work)
    print("the wheel works in a new environment")


def _installed(folder: Path) -> Path:
    """A new environment's folder of commands; only the built wheel was asked for."""
    _run(ROOT, sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder))
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    bin_folder = folder / "venv" / "bin"
    print(_run(folder, bin_folder / "python", "-m", "pip", "--version").split(" from ")[0])
    _run(folder, bin_folder / "python", "-m", "pip", "install", "--quiet", str(wheel))
    return bin_folder


def _use(bin_folder: Path, work: Path) -> None:
    """Fail unless the commands do what a user expects of them."""
    (work / "page.html").write_text(_PAGE, encoding="utf-8")
    rewriter = bin_folder / "rewriter"
    _run(work, bin_folder / "python", "-m", "pip", "check")
    _run(work, bin_folder / "python", "-c", _IMPORT_ALL)
    _expect(_run(work, rewriter, "--version"), "rewriter ")
    checks = [json.loads(line) for line in _run(work, rewriter, "doctor", "--json").splitlines()]
    _expect(str([check["status"] for check in checks if check["name"] == "cleaning"]), "['ok']")
    _expect(_run(work, rewriter, "clean", "page.html"), _LINE)
    _run(work, rewriter, "rewrite", "page.html", "--out", "out", "--engine", "extractive")
    _expect((work / "out" / "page.md").read_text(encoding="utf-8"), "2.40 euros")
    _expect(_run(work, bin_folder / "celery", "-A", "rewriter.worker", "report"), "redis")


def _run(folder: Path, *command: str | Path) -> str:
    """The standard output of a command that must end with 0."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(_OURS)}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def _expect(text: str, part: str) -> None:
    if part not in text:
        sys.exit(f"{part!r} is not in what was told:\n{text}")


if __name__ == "__main__":
    main()
