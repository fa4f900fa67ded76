"""What `make demo` runs: the examples rewritten by a provider on this machine, over HTTP.

The provider answers with the rewrites in `examples/answers`. One first answer carries a wrong
figure, which is repaired; one has the wrong subject, which the second reader finds and puts right;
one stays wrong and is held. The same examples then go through the queue:
an embedded Valkey and a Celery worker. Needs no key and no network but the loopback; Ctrl-C stops
all that was started.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import frontmatter

from examples.editor import RAW, Confusion, Editor, Mistake
from tests.provider import Provider

OUT = Path("demo-out")
REPAIRED = Mistake("exchange-fees", "$214 million", "$241 million", times=1)
HELD = Mistake("stablecoin-reserves", "$1.9 billion", "$1.6 billion", times=100)
READ = Confusion(
    "hospital-waiting-times",
    "Doctors support",
    "Hospitals support",
    times=1,
    kind="subject",
    source_says="doctors' association supports",
)
HELD_CODE = 1  # the exit code of a command that held an article
_REWRITER = (sys.executable, "-m", "rewriter")
_STOPPING = 30  # seconds


def main() -> None:
    """Rewrite all examples, show one, and rewrite all again through the queue."""
    # A shell that is not interactive starts what runs in the background with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    shutil.rmtree(OUT, ignore_errors=True)
    directly()
    queued()


def directly() -> None:
    """One command, and an excerpt of an article that it published."""
    _say(
        f"1. {len(list(RAW.iterdir()))} raw articles are rewritten. In {REPAIRED.name} the model's "
        f"first answer has {REPAIRED.wrong} for {REPAIRED.right}. In {HELD.name} all its answers "
        f"have {HELD.wrong} for {HELD.right}. In {READ.name} the first answer says "
        f'"{READ.wrong}" for "{READ.right}": all words are the source\'s, so no check can tell, '
        "and the second reader reports it."
    )
    rewrites = OUT / "rewrites"
    with Provider(answer=Editor([REPAIRED, READ, HELD])) as provider:
        raw = os.path.relpath(RAW)
        _run(_settings(provider, OUT), "rewrite", raw, "--out", rewrites, code=HELD_CODE)
    article = rewrites / f"{REPAIRED.name}.md"
    _say(f"2. From {article}:")
    print(textwrap.indent(_excerpt(article), "    "))


def queued() -> None:
    """The same by a worker of its own process, in a content root of its own."""
    root = OUT / "queue"
    shutil.copytree(RAW, root / "raw")
    _say("3. The same articles through the queue: an embedded Valkey and one Celery worker.")
    with Provider(answer=Editor([REPAIRED, READ, HELD])) as provider:
        settings = _settings(provider, root) | {"REWRITER_REDIS_URL": ""}  # so the embedded one
        with _worker(settings, OUT / "worker.log"):
            _run(settings, "submit", root / "raw", "--out", root / "rewrites", "--batch", "demo")
            _run(settings, "status", "demo", "--watch", code=HELD_CODE)
    _say(
        f"The worker and Valkey are stopped. Rewrites: {OUT / 'rewrites'} and {root / 'rewrites'}; "
        f"held rewrites and records: {OUT / '.rewriter'} and {root / '.rewriter'}."
    )


def _settings(provider: Provider, root: Path) -> dict[str, str]:
    return {
        "REWRITER_BASE_URL": provider.base_url,
        "REWRITER_ENGINE": "openai",
        "REWRITER_READER": "on",
        "REWRITER_ROOT": str(root),
    }


@contextmanager
def _worker(settings: Mapping[str, str], log: Path) -> Iterator[None]:
    """A worker in a session of its own, so that Ctrl-C reaches only the demo, which stops it."""
    print("$ rewriter worker --processes 1 &", flush=True)
    command = [*_REWRITER, "worker", "--processes", "1"]
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command,
            env={**os.environ, **settings},
            stdout=output,
            stderr=output,
            start_new_session=True,
        ) as worker,
    ):
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave it behind
            worker.terminate()
            try:
                worker.wait(_STOPPING)
            except subprocess.TimeoutExpired:
                os.killpg(worker.pid, signal.SIGKILL)


def _run(settings: Mapping[str, str], *arguments: str | Path, code: int = 0) -> None:
    """Run a command to its end; leave where its exit code is not the expected one."""
    words = [str(argument) for argument in arguments]
    print(f"$ rewriter {shlex.join(words)}", flush=True)
    command = [*_REWRITER, *words]
    met = subprocess.run(command, env={**os.environ, **settings}, check=False).returncode
    if met != code:
        sys.exit(f"the demo expected exit code {code} and met {met}")


def _say(text: str) -> None:
    print(f"\n{textwrap.fill(text, 100)}\n", flush=True)


def _excerpt(path: Path) -> str:
    """Title, Overview and the first paragraph of Details of a finished article."""
    article = frontmatter.load(str(path))
    blocks = [f"# {article['title']}", *article.content.split("\n\n")[:4], "…"]
    return "\n\n".join(textwrap.fill(block, 92) for block in blocks)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
