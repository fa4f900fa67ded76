"""Each vendor's server is asked in a way that it accepts, and the page has a row for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from rewriter.completion.capabilities import known
from rewriter.completion.reading import read_json
from tests.completion.conftest import Connect, request
from tests.provider import Provider
from tests.provider.vendors import VENDORS

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "use-a-provider.md"
OBJECTING = [name for name, vendor in VENDORS.items() if not vendor.ignores_schema]


@pytest.mark.parametrize("name", OBJECTING)
async def test_a_vendor_answers_after_its_objections(name: str, connect: Connect) -> None:
    with Provider(vendor=name) as provider:
        completer = connect(provider.base_url)
        first = await completer.complete(request())
        calls = len(provider.calls)
        second = await completer.complete(request())
        total = len(provider.calls)

    assert read_json(first.text) == read_json(second.text)
    assert calls <= 1 + 3
    assert total == calls + 1


@pytest.mark.parametrize("name", [name for name in VENDORS if name not in OBJECTING])
async def test_a_vendor_that_ignores_the_schema_is_told_it_in_words(
    name: str, connect: Connect
) -> None:
    """Its address is known, because it never objects."""
    with Provider(vendor=name) as provider:
        completer = connect(provider.base_url)
        completer.learn("gpt-4.1-mini", known(VENDORS[name].base_url))
        completion = await completer.complete(request())
        (call,) = provider.calls

    assert isinstance(read_json(completion.text), dict)
    assert "response_format" not in call.body


@pytest.mark.parametrize("name", VENDORS)
def test_the_page_has_a_row_for_each_vendor(name: str) -> None:
    start = f"| {name} | `{VENDORS[name].base_url}` |"
    assert any(line.startswith(start) for line in PAGE.read_text(encoding="utf-8").splitlines())
