"""Find Chromium for the tests of pages; install Debian's where it is missing and we are root."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def find() -> str:
    """The path of the browser. Raises `RuntimeError` that says how to install it."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    raise RuntimeError("no Chromium: install it, for instance by 'apt-get install chromium'")


def main() -> None:
    """Install Chromium where it is missing and apt-get can."""
    try:
        find()
    except RuntimeError as error:
        apt = shutil.which("apt-get")
        if os.geteuid() != 0 or apt is None:
            sys.exit(f"the tests of the review page need a browser; {error}")
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                [apt, "-qq", *arguments],
                check=True,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            )


if __name__ == "__main__":
    main()
