"""The `rewriter` command without its checks, to see what they cost."""

from __future__ import annotations

from rewriter import pipeline
from rewriter.cli import main


def skip_checks() -> None:
    """Judge nothing and collect no evidence in this process from now on."""
    vars(pipeline).update(
        Evidence=lambda *_: None,
        check_rewrite=lambda *_, **__: iter(()),
        check_headline=lambda *_, **__: iter(()),
        supports=lambda *_: (),
        coverage=lambda *_: None,
    )


if __name__ == "__main__":
    skip_checks()
    main()
