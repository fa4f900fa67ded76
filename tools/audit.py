"""Are the packages of the image free to use, and free of known vulnerabilities?

`make check` runs it over requirements-image.lock. Licences are read from the installed packages.
Vulnerabilities are asked of the OSV database (https://osv.dev, `POST /v1/querybatch`); where it
cannot be reached, that is said, and the check goes on. It exits with 1 for a licence that is not
known to be free of conditions on our users' texts and code, and for a known vulnerability.
"""

from __future__ import annotations

import json
import re
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements-image.lock"
OSV = "https://api.osv.dev/v1/querybatch"
_SECONDS = 5.0
_PINNED = re.compile(r"(?m)^([A-Za-z0-9._-]+)==([^ ;\\]+)")
_FREE = re.compile(
    r"\b(?:MIT|BSD|Apache|PSF|Python Software Foundation|ISC|MPL|Mozilla Public|Unlicense|0BSD|Zlib"
    r"|CC0|Public Domain|MIT-0)\b",
    re.IGNORECASE,
)
_BOUND = re.compile(r"\b(?:A?GPL|SSPL|BUSL|Commons Clause)", re.IGNORECASE)


def main() -> None:
    """Print what is wrong; exit with 1 where anything is."""
    packages = dict(_PINNED.findall(LOCK.read_text("utf-8")))
    problems = list(licences(packages))
    try:
        problems += vulnerabilities(packages)
        checked = "no known vulnerability"
    except OSError as error:
        checked = f"known vulnerabilities NOT checked, {OSV} cannot be reached ({error})"
    for problem in problems:
        print(problem)
    print(f"{len(packages)} packages: {len(problems)} problems; licences checked; {checked}")
    sys.exit(1 if problems else 0)


def licences(packages: Mapping[str, str]) -> Iterator[str]:
    """The packages whose licence is not known to be free."""
    for name in packages:
        try:
            licence = _licence(distribution(name))
        except PackageNotFoundError:
            continue  # for another system or version of Python
        if not _FREE.search(licence) or (_BOUND.search(licence) and " OR " not in licence):
            yield f"{name}: licence {licence or 'unknown'}"


def _licence(package: Distribution) -> str:
    """The licence as the package states it, with its classifiers."""
    metadata = package.metadata
    stated_licences = (metadata.get_all(name) or [""] for name in ("License-Expression", "License"))
    stated = next((first[0][:100] for first in stated_licences if first[0]), "")
    classifiers = metadata.get_all("Classifier") or []
    return "; ".join([stated, *(c for c in classifiers if c.startswith("License"))]).strip("; \n")


def vulnerabilities(packages: Mapping[str, str], url: str = OSV) -> list[str]:
    """The packages with known vulnerabilities. Raises `OSError` where nobody answers."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages.items()
    ]
    request = urllib.request.Request(  # noqa: S310 - an address of our own
        url, json.dumps({"queries": queries}).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 - as above
        results = json.load(response)["results"]
    return [
        f"{name} {version}: {', '.join(one['id'] for one in found['vulns'])}"
        for (name, version), found in zip(packages.items(), results, strict=True)
        if found.get("vulns")
    ]


if __name__ == "__main__":
    main()
