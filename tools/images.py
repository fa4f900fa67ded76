"""Pins the images of the Dockerfile and of docker-compose.yml by digest.

`make pin-images` runs it. It asks the registry of each image by the `docker` command, and changes
nothing where the registry cannot be reached.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
FILES = ("Dockerfile", "docker-compose.yml")
# An image with its exact tag, and the digest that it may have already.
IMAGE = re.compile(r"(?m)^((?:FROM| +image:) +)([\w./-]+:[\w.-]+)(@sha256:[0-9a-f]{64})?")
_DIGEST = re.compile(r"^Digest:\s+(sha256:[0-9a-f]{64})$", re.MULTILINE)


def main() -> None:
    """Write the digests into the files, or say why not."""
    docker = shutil.which("docker")
    if docker is None:
        sys.exit("the command docker is needed to ask a registry")
    for name in FILES:
        path = ROOT / name
        path.write_text(pinned(path.read_text("utf-8"), lambda image: _ask(docker, image)), "utf-8")
        print(f"{name}: pinned")


def pinned(text: str, digest_of: Callable[[str], str]) -> str:
    """`text` with a digest behind each image."""
    return IMAGE.sub(lambda found: f"{found[1]}{found[2]}@{digest_of(found[2])}", text)


def _ask(docker: str, image: str) -> str:
    done = subprocess.run(
        [docker, "buildx", "imagetools", "inspect", image],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = _DIGEST.search(done.stdout)
    if done.returncode or not found:
        sys.exit(f"{image}: its registry gave no digest, nothing was changed: {done.stderr[:300]}")
    return found[1]


if __name__ == "__main__":
    main()
