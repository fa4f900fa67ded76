"""`python -m tests.provider`: run the provider until it is interrupted; prints its base URL."""

from __future__ import annotations

import argparse
import asyncio
import contextlib

from tests.provider.faults import FAULTS, MIXED, OBJECTIONS
from tests.provider.server import ProviderApp, Traits, serve
from tests.provider.shapes import SHAPES
from tests.provider.vendors import VENDORS


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.provider", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--fail-rate", type=float, default=0.0, help="share of calls that fail")
    parser.add_argument(
        "--fault", action="append", choices=sorted(FAULTS | SHAPES), help="draw from these"
    )
    parser.add_argument("--refuse", action="append", choices=sorted(OBJECTIONS), default=[])
    parser.add_argument("--vendor", choices=VENDORS, help="refuse what this vendor's server does")
    parser.add_argument("--rpm", type=int, help="answer 429 above so many requests a minute")
    parser.add_argument("--batch-delay", type=float, default=0.0, help="seconds a batch takes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=int, default=10_000, help="calls that /_calls remembers")
    parser.add_argument("--script", nargs="*", default=[], help="answers of the first calls")
    return parser.parse_args()


async def _serve(arguments: argparse.Namespace) -> None:
    traits = Traits(
        latency=arguments.latency,
        fail_rate=arguments.fail_rate,
        faults=tuple(arguments.fault or MIXED),
        seed=arguments.seed,
        refuse=tuple(arguments.refuse),
        vendor=arguments.vendor,
        rpm=arguments.rpm,
        keep=arguments.keep,
        batch_delay=arguments.batch_delay,
    )
    app = ProviderApp(traits)
    app.script.extend(arguments.script)
    runner, port = await serve(app, arguments.port)
    print(f"http://127.0.0.1:{port}/v1", flush=True)  # noqa: T201 - the command's result
    try:
        await asyncio.Event().wait()
    finally:
        await runner.cleanup()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(_arguments()))
