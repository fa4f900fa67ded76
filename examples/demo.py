"""What `make demo` runs: the examples rewritten by a provider on this machine, over HTTP.

The provider answers with the rewrites in `examples/answers`. One first answer carries a wrong
figure, which is repaired; one stays wrong and is held. Needs no key and no network but the
loopback.
"""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import frontmatter

from examples.editor import RAW, Editor, Mistake
from tests.provider import Provider

OUT = Path("demo-out")
REPAIRED = Mistake("exchange-fees", "$214 million", "$241 million", times=1)
HELD = Mistake("stablecoin-reserves", "$1.9 billion", "$1.6 billion", times=100)
HELD_CODE = 1  # the exit code of a command that held an article


def main() -> None:
    """Rewrite all examples, and show what became of them."""
    rewrites = OUT / "rewrites"
    print(
        f"1. {len(list(RAW.iterdir()))} raw articles are rewritten. In {REPAIRED.name} the model "
        f"first writes {REPAIRED.wrong} for {REPAIRED.right};\n"
        f"   in {HELD.name} it writes {HELD.wrong} for {HELD.right}, in its repairs too.\n",
        flush=True,
    )
    with Provider(answer=Editor([REPAIRED, HELD])) as provider:
        _rewriter(HELD_CODE, provider, "rewrite", os.path.relpath(RAW), "--out", str(rewrites))
    article = rewrites / f"{REPAIRED.name}.md"
    print(f"\n2. From {article}:\n")
    print(textwrap.indent(_excerpt(article), "   "))
    print(f"\nRewrites: {rewrites}   held rewrites and records: {OUT / '.rewriter'}")


def _rewriter(expected: int, provider: Provider, *arguments: str) -> None:
    """Run a command to its end; leave with its exit code where another is expected."""
    command = [sys.executable, "-m", "rewriter", *arguments, "--root", str(OUT)]
    settings = {"REWRITER_BASE_URL": provider.base_url, "REWRITER_ENGINE": "openai"}
    settings["REWRITER_READER"] = (
        "off"  # its answers are written by hand, and nobody wrote readings
    )
    code = subprocess.run(command, check=False, env={**os.environ, **settings}).returncode
    if code != expected:
        sys.exit(f"the demo expected exit code {expected} and met {code}")


def _excerpt(path: Path) -> str:
    """Title, Overview and the first paragraph of Details of a finished article."""
    article = frontmatter.load(str(path))
    blocks = [f"# {article['title']}", *article.content.split("\n\n")[:4], "…"]
    return "\n\n".join(textwrap.fill(block, 92) for block in blocks)


if __name__ == "__main__":
    main()
