"""Author and dates by the lines between the title and the text of a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rewriter.article import Source
from tests.cleaning.articles import BODY, TITLE, cleaned

_MENU = ("Local", "Weather", "Tides", "Jobs", "Shop", "Archive", "Letters", "Harbour cams")


def _page(*head: str, menu: tuple[str, ...] = _MENU) -> Source:
    return cleaned(*menu, TITLE, *head, *BODY, *_MENU)


@pytest.mark.parametrize(
    ("head", "author"),
    [
        (("Tom Arbuthnot | 29 January 2026",), "Tom Arbuthnot"),
        (("Tom Arbuthnot", "29. Januar 2026, 14:20 Uhr"), "Tom Arbuthnot"),
        (("29 januari 2026", "Ana Ruiz och Tom Arbuthnot"), "Ana Ruiz; Tom Arbuthnot"),
        (("Ana Ruiz, Tom Arbuthnot", "Publicerad 14.14"), "Ana Ruiz; Tom Arbuthnot"),
        (("Tom Arbuthnot2 minutes ago",), "Tom Arbuthnot"),
        (("Tom Arbuthnot / LEDGER.EXAMPLE / Jan 29, 2026, 17:07 IST",), "Tom Arbuthnot"),
        (("Von", "Tom Arbuthnot"), "Tom Arbuthnot"),
        (("Ein Kommentar von Tom Arbuthnot",), "Tom Arbuthnot"),
        (("Tom Arbuthnot",), None),
        (("Harbour Cams", "29 January 2026"), None),
        (("Calder Lines", "29 January 2026"), None),
        (("The Lamp", "29 January 2026"), None),
        (("Harbor Ledger Media", "29 January 2026"), None),
        (("Anadolu Ajansı", "29 Ocak 2026"), None),
        (("29 January 2026", "Bild Tom Arbuthnot"), None),
        (("Tom Arbuthnot Fotos", "29 January 2026"), None),
        (("Ocean Warming", "29 January 2026"), None),
        (("Mount Isabel", "29 January 2026"), None),
        (("North Shore", "2 hours ago"), None),
        (("Gore Tex Paclite", "29 January 2026 8:30 am"), None),
        (("記者 森下花子", "29 January 2026"), "森下花子"),
        (("記者 社会部", "29 January 2026"), None),
        (("Por Tristana Quell", "29 January 2026"), "Tristana Quell"),
        (("Read Aloud", "Save", "Print", "Share", "29 January 2026"), None),
    ],
)
def test_a_persons_name_beside_the_date_is_the_authors(
    head: tuple[str, ...], author: str | None
) -> None:
    source = _page(*head)
    assert source.author == author
    assert author is None or source.paragraphs == BODY
    assert author is None or not any(author in note for note in source.notes)


@pytest.mark.parametrize("when", ["2 hours ago", "29 January 2026"])
@pytest.mark.parametrize("label", ["By", "Von", "Written by:"])
def test_a_label_leaves_the_text_with_the_name_below_it(label: str, when: str) -> None:
    source = _page(label, "Tom Arbuthnot", when, menu=())
    assert (source.author, source.paragraphs) == ("Tom Arbuthnot", BODY)
    assert any(label in cut.text.split("\n") for cut in source.removed)
    assert not source.notes


def test_a_name_that_stands_above_the_title_is_a_section() -> None:
    source = _page("Port Ellery", "29 January 2026", menu=(*_MENU, "Port Ellery"))
    assert source.author is None


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("Ledger staff 29.01.2026, 14.20 Uhr 7 min", datetime(2026, 1, 29, 14, 20, tzinfo=UTC)),
        ("Do 29.01.26 | 14:20 Uhr | Ledger", datetime(2026, 1, 29, 14, 20, tzinfo=UTC)),
        ("Published Thu, Jan 29 20262:20 PM EST", datetime(2026, 1, 29, 19, 20, tzinfo=UTC)),
        (
            "29/01/2026 14:20 Actualizado a 30/01/2026 9:15",
            datetime(2026, 1, 29, 14, 20, tzinfo=UTC),
        ),
        ("29. ledna 2026", datetime(2026, 1, 29, tzinfo=UTC)),
        ("The quay at Port Ellery after the storm that broke it, on 29 January 2026", None),
    ],
)
def test_a_date_line_of_the_page_is_read_though_it_says_more(
    line: str, published: datetime | None
) -> None:
    assert _page(line).published_at == published
