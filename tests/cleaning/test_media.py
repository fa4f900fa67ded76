"""Media of a Markdown body: a lead picture and the excerpt's mark are kept, the rest is named."""

from __future__ import annotations

import pytest

from rewriter.cleaning import clean
from rewriter.cleaning.media import media_of

PROSE = "The line ordered six ferries from a yard in Turku.\n\nThe yard builds all of them.\n"


@pytest.mark.parametrize(
    "image",
    [
        "![A ship](ship.jpg)",
        '![A ship](ship_(1).jpg "title")',
        "![A ship][ship]",
        "![[ship.jpg]]",
        '<img src="ship.jpg" alt="A ship">',
        '{{< figure src="ship.jpg" >}}',
        "{% asset_img ship.jpg A ship %}",
        "[![A ship](ship.jpg)](https://ships.example)",
        '<figure>\n<img src="ship.jpg">\n<figcaption>A ship</figcaption>\n</figure>',
    ],
)
def test_a_picture_above_the_text_is_kept_and_one_in_it_is_told(image: str) -> None:
    assert media_of(f"# Title\n\n{image}\n\n{PROSE}").lead_image == image
    below = media_of(f"{PROSE}\n{image}\n")
    assert (below.lead_image, below.left_out) == ("", ("1 image",))


@pytest.mark.parametrize(
    ("media", "told"),
    [
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "1 table"),
        ("```sh\n![no](image.png)\n```", "1 code block"),
        ("A claim[^1].\n\n[^1]: A note.\n", "1 footnote"),
        ('<iframe src="https://video.example"></iframe>', "1 embed"),
        ("{{< youtube abc >}}\n\n{{< vimeo 1 >}}", "2 embeds"),
        ("<video src='a.mp4'></video>\n\n<audio src='b'></audio>", "2 videos or sounds"),
        ("<Gallery of={3} />", "1 embed"),
        ("::gallery{of=3}\n::", "1 embed"),
        ("https://www.youtube.com/watch?v=abc", "1 embed"),
        ("$$\nx^2\n$$", "1 formula"),
        ("import Gallery from './gallery.astro'", "1 import"),
    ],
)
def test_what_a_rewrite_leaves_out_is_named(media: str, told: str) -> None:
    assert media_of(f"{PROSE}\n{media}\n").left_out == (told,)


@pytest.mark.parametrize("mark", ["<!-- more -->", "<!--more-->", "{/* truncate */}"])
def test_the_excerpts_end_is_known_and_no_text(mark: str) -> None:
    source = clean(
        f"# Six ferries\n\n{PROSE.replace(chr(10) * 2, f'{chr(10)}{mark}{chr(10)}')}".encode(),
        name="a.md",
    )
    assert source.more == mark
    assert not any("more" in text or "truncate" in text for text in source.paragraphs)


def test_a_referred_picture_keeps_its_address() -> None:
    body = f"![A ship][1]\n\n{PROSE}\n[1]: ship.jpg 'A ship'\n"
    assert media_of(body).lead_image == "![A ship](ship.jpg 'A ship')"


@pytest.mark.parametrize(
    "line",
    [
        *("import Map from './map.astro'", "export const a = 1", '<Map id="1" />', "{: .lead}"),
        *(":::note", "!!! note", "[1]: https://a.example 'Title'"),
        *('![A ship](a.jpg "x"){.wide}', "![A ship][1]"),
    ],
)
def test_a_line_of_code_is_neither_text_nor_a_heading(line: str) -> None:
    source = clean(f"{PROSE}\n{line}\n\n{PROSE}".encode(), name="a.mdx")
    assert not any(line in text for text in source.paragraphs)
    assert [cut.text for cut in source.removed if cut.text == line] == [line]


@pytest.mark.parametrize("line", ["{{ page.title }} is here", "$$", "| a | b |", "<b>Fees</b>"])
def test_no_line_with_markup_becomes_a_heading(line: str) -> None:
    source = clean(f"{PROSE}\n{line}\n\n{PROSE}".encode(), name="a.md")
    assert not any(text.startswith("#") and line in text for text in source.paragraphs)


def test_prose_has_no_media() -> None:
    assert media_of(PROSE + "\nA price of $5 --- or 3 | 4 --- is [a link](x).\n").left_out == ()


def test_two_hundred_thousand_marks_take_linear_time() -> None:
    assert media_of("![" * 100_000).left_out == ()


def test_markdown_is_read_without_its_escapes_and_footnotes() -> None:
    raw = "# Six \\*new\\* ferries\n\nThe line ordered six ferries[^1] for \\$420 million.\n"
    source = clean(raw.encode(), name="a.md")
    assert source.title == "Six *new* ferries"
    assert source.paragraphs == ("The line ordered six ferries for $420 million.",)
