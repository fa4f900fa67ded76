"""What `make demo` runs: drafts without a model, then rewrites by the test provider over HTTP.

Two of the provider's first answers carry a wrong figure: one is repaired, one stays wrong and is
held. Needs no key, no Redis and no network but the loopback.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from rewriter.cleaning import clean
from rewriter.completion.wire import Dialect, encode
from rewriter.prompting.prompt_file import load
from tests.provider import Provider
from tests.provider.answers import answer_to

RAW = Path("examples/raw")
OUT = Path("demo-out")
MODEL = "gpt-4.1-mini"


def main() -> None:
    """Draft all examples, then rewrite two of them through a provider that makes mistakes."""
    print("1. Without a model: every example becomes a draft\n", flush=True)
    _rewrite(0, str(RAW), "--engine", "extractive", "--out", str(OUT / "drafts"))
    with Provider() as provider:
        print("\n2. A wrong figure in the model's answer: found, repaired, published\n", flush=True)
        provider.script([_wrong("exchange-fees.json", "$214 million", "$241 million")])
        _ask(0, provider, "exchange-fees.json")
        print("\n3. The same mistake again in every repair: held, with the reason\n", flush=True)
        mistake = _wrong("stablecoin-reserves.txt", "$1.9 billion", "$1.6 billion")
        provider.script([mistake, mistake, mistake])
        _ask(1, provider, "stablecoin-reserves.txt")
    print(
        f"\nDrafts: {OUT / 'drafts'}   rewrites: {OUT / 'rewrites'}   traces: {OUT / '.rewriter'}"
    )


def _wrong(name: str, right: str, wrong: str) -> dict[str, str]:
    """The provider's own good answer to an example, with one figure replaced."""
    request = load().request(clean((RAW / name).read_bytes(), name=name), MODEL)
    answer = answer_to(encode(request, Dialect()))
    return {"content": json.dumps(json.loads(answer.replace(right, wrong)), ensure_ascii=False)}


def _ask(expected: int, provider: Provider, name: str) -> None:
    options = ["--engine", "openai", "--model", MODEL, "--base-url", provider.base_url]
    _rewrite(
        expected, str(RAW / name), *options, "--out", str(OUT / "rewrites"), "--force", "--fresh"
    )


def _rewrite(expected: int, *arguments: str) -> None:
    command = [sys.executable, "-m", "rewriter", "rewrite", *arguments, "--root", str(OUT)]
    code = subprocess.run(command, check=False).returncode
    if code != expected:
        sys.exit(f"the demo expected exit code {expected} and met {code}")


if __name__ == "__main__":
    main()
