"""Every command of the pages about prompts and their suite does what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.blocks import PAGES
from tests.docs.following import OF_A_SUITE, follow


def test_the_pages_are_there() -> None:
    assert set(OF_A_SUITE) <= set(PAGES)


@pytest.mark.slow
@pytest.mark.parametrize("page", OF_A_SUITE, ids=lambda page: str(page.name))
def test_the_commands_of_a_page_do_what_it_says(page: Path, tmp_path: Path) -> None:
    follow(page, tmp_path)
