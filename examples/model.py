"""`python -m examples.model`: a stand-in for a model, for the tutorial. Ctrl-C stops it.

It answers over HTTP with the rewrites in `examples/answers`. Two articles have a wrong figure in
every answer, so that they are held; one has it in the first answer only, and is repaired.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from examples.demo import HELD, READ, REPAIRED
from examples.editor import Editor, Mistake
from tests.provider.server import ProviderApp, Traits, serve

ALSO_HELD = Mistake("bridge-tolls", "26 years", "36 years", times=100)


async def answer_at(port: int, model: Callable[[Mapping[str, Any]], str]) -> None:
    """Answer with what `model` makes of the body of each request, until it is stopped."""
    runner, port = await serve(ProviderApp(Traits(answer=model)), port)
    print(f"answers at http://127.0.0.1:{port}/v1", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m examples.model", description=__doc__)
    parser.add_argument("--port", type=int, default=8700)
    with contextlib.suppress(KeyboardInterrupt):
        editor = Editor([REPAIRED, READ, HELD, ALSO_HELD])
        asyncio.run(answer_at(parser.parse_args().port, editor))
