from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.structure import PAGE, ROOT, Arrow, arrows, circles, drawing, reduced

NAMES = st.sampled_from("abcdef")
ARROWS = st.sets(st.tuples(NAMES, NAMES).filter(lambda arrow: arrow[0] != arrow[1]))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    files = {
        "__init__.py": "from shop import till\n",
        "prices.py": "import json\n",
        "till.py": "from shop.prices import Price\nfrom shop.stock import count\n",
        "door.py": "def enter():\n    import shop.till\n",
        "stock/__init__.py": "from shop import prices, till\n",
        "stock/shelf.py": "from shop.stock import count\nfrom shopping import bag\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def test_each_import_of_a_name_at_the_top_is_an_arrow(package: Path) -> None:
    assert arrows(package) == {
        ("door", "till"),
        ("stock", "prices"),
        ("stock", "till"),
        ("till", "prices"),
        ("till", "stock"),
    }


def test_a_circle_is_told(package: Path) -> None:
    assert circles(arrows(package)) == {"stock", "till"}
    assert "4 names, 5 arrows, in a circle: stock, till." in drawing(package)


def _reached(every: set[Arrow]) -> set[Arrow]:
    reached = set(every)
    while more := {(a, d) for a, b in reached for c, d in reached if b == c} - reached:
        reached |= more
    return reached


@given(ARROWS)
def test_the_arrows_that_are_left_lead_as_far_as_all_and_none_can_go(every: set[Arrow]) -> None:
    left = reduced(every)
    assert left <= every
    assert _reached(left) == _reached(every)
    assert all(_reached(left - {arrow}) != _reached(left) for arrow in left)


@pytest.mark.slow
def test_the_page_holds_the_drawing_of_today() -> None:
    assert drawing(ROOT / "rewriter") in PAGE.read_text("utf-8")
