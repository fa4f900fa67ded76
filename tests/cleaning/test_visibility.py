"""What a reader of an HTML page does not see is never evidence, and is told as cut."""

from __future__ import annotations

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from rewriter.article import Source
from rewriter.cleaning import clean
from rewriter.cleaning.formats.styles import Styles
from rewriter.cleaning.formats.visibility import take_hidden
from rewriter.cleaning.unseen import without_unseen
from tests.cleaning.articles import BODY, TITLE, cuts

UNSEEN = "The operator paid 999 million dollars to a company in Port Skerry, a memo says."


def _page(*parts: str) -> str:
    body = "".join(parts)
    return f"<html><head><title>{TITLE}</title></head><body><article>{body}</article></body></html>"


def _cleaned(middle: str) -> Source:
    top, rest = (f"<p>{line}</p>" for line in BODY[:2]), (f"<p>{line}</p>" for line in BODY[2:])
    return clean(_page(f"<h1>{TITLE}</h1>", *top, middle, *rest).encode(), name="a.html")


@pytest.mark.parametrize(
    "attributes",
    [
        "hidden",
        "hidden=''",
        "aria-hidden='true'",
        "style='display:none'",
        "style='color:red; DISPLAY : none !important'",
        "style='visibility: hidden'",
        "style='opacity:0'",
        "style='opacity: 0.01'",
        "style='font-size:0'",
        "style='font-size: 0px; line-height: 1'",
        "style='font-size:1px'",
        "style='position:absolute; left:-9999px'",
        "style='position:fixed;top:-2000em'",
        "style='text-indent:-9999px'",
        "style='margin-left:-10000px'",
        "style='clip: rect(0 0 0 0); position:absolute'",
        "style='clip-path: inset(50%)'",
        "style='clip-path:inset(0 100% 0 0)'",
        "style='transform:rotateY(90deg)'",
        "style='transform: matrix(0, 0, 0, 0, 5, 5)'",
        "style='position:fixed;inset:auto auto auto -9999px'",
        "style='filter:blur(12px)'",
        "style='--how:none;display:var(--how)'",
        "style='display:var(--never, none)'",
        "style='transform: scale(0)'",
        "style='height:0;overflow:hidden'",
        "style='max-height: 0px; overflow-y: hidden'",
        "style='color:#fff;background-color:#ffffff'",
        "style='color:white'",
        "style='color: rgb(255, 255, 255)'",
        "style='color:#000;background:black'",
        "style='color:transparent'",
        "style='color:hwb(0 100% 0%)'",
        "style='color:oklch(1 0 0)'",
        "style='color: color(srgb 1 1 1)'",
        "style='letter-spacing:-1em'",
        "style='word-spacing:-9999px'",
        "style='font-size:calc(0px)'",
        "style='inline-size:0;overflow:hidden'",
        "style='mask-image:linear-gradient(transparent, transparent)'",
        "style='rotate:y 90deg'",
        "class='sr-only'",
        "class='note screen-reader-text'",
        "class='visually-hidden'",
        "class='d-none'",
        "class='d-none d-print-block'",
        "class='hidden print:block'",
        "class='visible-print'",
        "class='show-for-sr'",
        "class='ng-hide'",
    ],
)
@pytest.mark.parametrize("tag", ["p", "div"])
def test_hidden_text_is_cut_as_hidden(tag: str, attributes: str) -> None:
    source = _cleaned(f"<{tag} {attributes}>{UNSEEN}</{tag}>")
    assert source.paragraphs == BODY
    assert cuts(source)["hidden"] == UNSEEN


@pytest.mark.parametrize(
    "markup",
    [
        f"<template><p>{UNSEEN}</p></template>",
        f"<details><summary></summary><p>{UNSEEN}</p></details>",
        f"<dialog><p>{UNSEEN}</p></dialog>",
        f"<font color='white'>{UNSEEN}</font>",
        f"<div style='background:#000'><p style='color:#000'>{UNSEEN}</p></div>",
        f"<div hidden><section><p>{UNSEEN}</p></section></div>",
    ],
)
def test_hidden_elements_are_cut_as_hidden(markup: str) -> None:
    source = _cleaned(markup)
    assert source.paragraphs == BODY
    assert cuts(source)["hidden"] == UNSEEN


@pytest.mark.parametrize("markup", [f"<!-- <p>{UNSEEN}</p> -->", f"<p title='{UNSEEN}'></p>"])
def test_comments_and_attributes_are_no_text(markup: str) -> None:
    source = _cleaned(markup)
    assert source.paragraphs == BODY
    assert UNSEEN not in source.model_dump_json()


@pytest.mark.parametrize(
    "attributes",
    [
        "style='color:#fff;background:#003'",
        "class='hero-dark' style='color:white'",
        "class='hidden md:block'",
        "class='d-none d-lg-block'",
        "aria-hidden='false'",
        "style='opacity:0.9'",
        "style='left:-10px;display:block'",
        "style='height:0'",
        "style='-webkit-line-clamp:3;overflow:hidden'",
        "style='clip-path:inset(0)'",
        "style='letter-spacing:-0.02em;word-spacing:-1px'",
        "style='color:oklch(0.25 0 0)'",
        "style='color:hwb(0 0% 100%)'",
        "style='color:oklch(0.97 0.2 25)'",
        "style='font-size:calc(0px + 1rem)'",
        "style='mask-image:linear-gradient(black, transparent)'",
    ],
)
def test_what_is_seen_stays(attributes: str) -> None:
    source = _cleaned(f"<p {attributes}>{UNSEEN}</p>")
    assert source.paragraphs == (*BODY[:2], UNSEEN, *BODY[2:])


def test_open_details_and_dialogs_are_seen() -> None:
    source = _cleaned(f"<details open><summary>The memo</summary><p>{UNSEEN}</p></details>")
    assert UNSEEN in source.paragraphs
    assert "hidden" not in cuts(source)


def test_a_word_that_is_hidden_inside_a_sentence_leaves_the_rest() -> None:
    source = _cleaned("<p>It carried <span style='display:none'>999</span> 6.3 million people.</p>")
    assert source.paragraphs[2] == "It carried 6.3 million people."


PARTS = st.sampled_from(
    ["<div hidden>", "<p>", "six ships", "</p>", "</div>", "<b hidden>", "tail"]
)


@given(st.lists(PARTS))
def test_hidden_and_seen_text_is_told(parts: list[str]) -> None:
    page = _page(f"<p>{BODY[0]}</p>", *parts, f"<p>{BODY[1]}</p>")
    source = clean(page.encode(), name="a.html")
    told = " ".join([*source.paragraphs, *(cut.text for cut in source.removed)])
    assert all(part in told for part in parts if not part.startswith("<"))


@pytest.mark.parametrize(
    "style",
    [
        ".q{display:none}",
        "/* a note */ .z1, .q { VISIBILITY : hidden }",
        "#memo{position:absolute;left:-9999px}",
        "article .q{opacity:0}",
        "article > p.q {font-size:0}",
        ".q{color:#fefefe}",
        "body{background:#111} .q{color:#101010;background-color:#111}",
        "@media screen and (min-width:600px){.q{display:none}}",
        "@supports (display:grid){@media all{.q{display:none}}}",
        ".q{display:none!important} #memo{display:block}",
        "p{display:block} p.q{display:none}",
        ".\\71 {clip-path:circle(0)} .q{clip-path:circle(0)}",
        "p[id^=me]{display:none}",
        "article{color:black; & .q{display:none}}",
        "article:has(> h1) .q{display:none}",
        "p:has(+ p){color:black} .q:not(:has(b)){display:none}",
        "@scope (article){.q{display:none}}",
        "@media (width >= 600px){.q{display:none}}",
        ".q{height:0;overflow:clip}",
        "article &gt; .q{display:none}",
    ],
)
def test_style_sheets_inside_of_the_page_hide(style: str) -> None:
    source = _cleaned(f"<style>{style}</style><p class='q' id='memo'>{UNSEEN}</p>")
    assert source.paragraphs == BODY
    assert cuts(source)["hidden"] == UNSEEN


@pytest.mark.parametrize(
    "style",
    [
        "@media print{.q{display:none}}",
        "@media (max-width:600px){.q{display:none}}",
        ".q{display:none} p.q{display:block}",
        ".q{display:none} #memo{display:block}",
        ".q{display:none} .q[id]{display:block}",
        ".q:hover{display:none}",
        ".q:has(b){display:none}",
        ".q:lang(de){display:none}",
        "@media (width <= 600px){.q{display:none}}",
        "@supports not (display:grid){.q{display:none}}",
        "@keyframes fade{from{opacity:0}}",
        "nav .q{display:none}",
        "nav&gt;p{display:none}",
        ".q{color:white;background:#013}",
        ".q{color:#333}",
        "<link rel=stylesheet href=a.css><style>.q{color:white}",
    ],
)
def test_rules_that_do_not_hold_hide_nothing(style: str) -> None:
    source = _cleaned(f"<style>{style}</style><p class='q' id='memo'>{UNSEEN}</p>")
    assert source.paragraphs == (*BODY[:2], UNSEEN, *BODY[2:])


@pytest.mark.parametrize(
    ("around", "inside"),
    [
        ("visibility:hidden", "visibility:visible"),
        ("font-size:0", "font-size:16px"),
        ("color:#fff", "color:#222"),
    ],
)
def test_what_is_shown_again_inside_of_hidden_text_stays(around: str, inside: str) -> None:
    seen = "The second memo names the yard in Turku and its six ships."
    source = _cleaned(f"<div style='{around}'>{UNSEEN}<p style='{inside}'>{seen}</p></div>")
    assert source.paragraphs == (*BODY[:2], seen, *BODY[2:])
    assert cuts(source)["hidden"] == UNSEEN


def test_letters_of_a_share_of_no_size_have_none() -> None:
    source = _cleaned(f"<div style='font-size:0'><p style='font-size:2em'>{UNSEEN}</p></div>")
    assert source.paragraphs == BODY


@pytest.mark.parametrize("hiding", ["style='opacity:0'", "class='hide'", "style='display:none'"])
def test_an_article_that_a_script_shows_is_read(hiding: str) -> None:
    text = "".join(f"<p>{line}</p>" for line in BODY * 3)
    page = f"<html><body><nav><a href='/'>Home</a></nav><div {hiding}>{text}</div></body></html>"
    source = clean(page.encode(), name="a.html")
    assert source.paragraphs[: len(BODY)] == BODY
    assert any("A script shows" in note for note in source.notes)


def test_hidden_text_does_not_replace_an_article_that_is_seen() -> None:
    hidden = "".join(f"<p>{UNSEEN} It is told {n} times.</p>" for n in range(40))
    assert _cleaned(f"<div style='display:none'>{hidden}</div>").paragraphs == BODY


# --- the same in Markdown, plain text and items --------------------------------------------------

MARKUP = (
    f"<p hidden>{UNSEEN}</p>",
    f"<div style='display:none'>\n\n{UNSEEN}\n\n</div>",
    f"<span class='sr-only'>{UNSEEN}</span>",
    f"<font color=white>{UNSEEN}</font>",
    f"<!-- {UNSEEN} -->",
    f"<template>{UNSEEN}</template>",
    f"<details><summary></summary>{UNSEEN}</details>",
    f"<style>.q{{display:none}}</style><p class='q'>{UNSEEN}</p>",
)


@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.json"])
def test_hidden_text_in_other_formats_is_cut(markup: str, name: str) -> None:
    text = "\n\n".join((*BODY[:2], markup, *BODY[2:]))
    whole = json.dumps({"title": TITLE, "body": text}) if name == "a.json" else f"{TITLE}\n\n{text}"
    source = clean(whole.encode(), name=name)
    assert [line for line in source.paragraphs if line != TITLE] == list(BODY)
    assert UNSEEN in cuts(source)["hidden"]


@pytest.mark.parametrize("markup", MARKUP[:6])
def test_hidden_text_in_a_field_of_an_item_is_dropped(markup: str) -> None:
    item = {"title": f"{TITLE} {markup}", "author": markup, "body": "\n\n".join(BODY)}
    source = clean(json.dumps(item).encode(), name="a.json")
    assert source.title == TITLE
    assert UNSEEN not in source.model_dump_json()


def test_code_that_shows_hidden_text_is_text() -> None:
    code = "Write `<p hidden>x</p>` to hide a line, the manual of the yard says."
    assert code in clean("\n\n".join((*BODY, code)).encode(), name="a.md").paragraphs


# --- characters ----------------------------------------------------------------------------------


def test_messages_in_characters_that_are_not_shown_are_cut_and_told() -> None:
    tags = "".join(chr(0xE0000 + ord(letter)) for letter in "Pay 9")
    selectors = "".join(chr(0xE0100 + ord(letter) - 16) for letter in "Say 7")
    line = f"{BODY[0]}{tags} It was 😀{selectors} late."
    source = clean("\n\n".join((line, *BODY[1:])).encode(), name="a.txt")
    assert f"{BODY[0]} It was 😀 late." in source.paragraphs[0]
    assert "Pay 9" in cuts(source)["order"]
    assert "Say 7" in cuts(source)["order"]


def test_what_a_page_hides_is_hidden_whatever_it_says() -> None:
    """Menus and buttons have the words of orders, and no model is given them."""
    form = '<form style="display:none">Schreiben Sie hier Ihren Kommentar zum Artikel: Auto</form>'
    page = "".join(f"<p>{line}</p>" for line in (*BODY, *BODY))
    source = clean(f"<html><body><article>{page}{form}</article></body></html>".encode())
    assert "Kommentar" in cuts(source)["hidden"]
    assert "order" not in cuts(source)


@pytest.mark.parametrize("text", ["می‌خواهم", "क्‍ष", "👩‍🚀"])
def test_joiners_that_a_script_needs_stay(text: str) -> None:
    assert without_unseen(text) == text


@given(st.text())
def test_only_unseen_characters_go(text: str) -> None:
    kept = without_unseen(text)
    assert without_unseen(kept) == kept
    assert [c for c in text if c.isascii()] == [c for c in kept if c.isascii()]


def test_slides_of_which_a_style_sheet_shows_the_first_are_read() -> None:
    style = "<style>.slide{display:none} .slide.first{display:block}</style>"
    slides = [f"<div class='slide'><p>{line} {BODY[n]}</p></div>" for n, line in enumerate(BODY)]
    slides[0] = slides[0].replace("slide", "slide first")
    page = f"<html><body><h1>{TITLE}</h1>{style}{''.join(slides * 2)}</body></html>"
    source = clean(page.encode(), name="a.html")
    assert all(any(line in paragraph for paragraph in source.paragraphs) for line in BODY)


@pytest.mark.parametrize(
    "drawn",
    [
        "<span class='katex'><span class='katex-mathml' style='position:absolute;clip:rect(1px,1px"
        ",1px,1px)'>{}</span><span class='katex-html' aria-hidden='true'>E=mc2</span></span>",
        "<mjx-container class='MathJax'><mjx-math aria-hidden='true'></mjx-math>"
        "<mjx-assistive-mml style='clip:rect(1px,1px,1px,1px)'>{}</mjx-assistive-mml>"
        "</mjx-container>",
    ],
)
def test_a_drawn_formula_is_read_from_its_hidden_copy(drawn: str) -> None:
    """The drawing has no text; words in the copy are hidden text as everywhere."""
    formula = "<math><mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></math>"
    page = "<p>The energy {} of the boat was measured in the harbour on Monday morning.</p>"
    shown = _cleaned(page.format(drawn.format(formula))).paragraphs
    assert any("The energy E=mc² of the boat" in text for text in shown)
    told = "<math><mtext>Profit rose by 99 percent</mtext></math>"
    assert not any("99" in text for text in _cleaned(page.format(drawn.format(told))).paragraphs)


def test_many_hidden_words_in_one_paragraph_are_taken_out_in_proportion() -> None:
    tree = html.document_fromstring(f"<p>A{'<i hidden>x</i> b' * 30_000}</p>")
    start = process_time()
    assert len(take_hidden(tree).texts) == 30_000
    assert process_time() - start < 2.0  # seconds; was 5
    assert tree.text_content() == f"A{' b' * 30_000}"


def test_the_name_of_a_box_is_looked_for_in_so_many_letters_only() -> None:
    """Without a bound, a class of many such names takes time with the square of its length."""
    for between, shown in (("-people" * 4, False), ("-people" * 40, True)):
        source = _cleaned(f'<p class="tooltip{between}-text">{UNSEEN}</p>')
        assert (UNSEEN in source.paragraphs) is shown


def test_a_box_that_opens_on_hover_is_unseen_and_its_word_is_not() -> None:
    person = (
        '<span class="rollover-people"><a class="rollover-people-link" href="/p">Ruth Adeyemi</a>'
        '<span class="rollover-people-block"><a href="/1">Ruth Adeyemi wins 900 votes</a></span>'
        '</span> and <span class="tooltip">knots<span class="tooltiptext">1.85 km/h</span></span>'
    )
    middle = f"<p>The captain {person} were named by the port of Tarn on Monday morning.</p>"
    text = "\n".join(_cleaned(middle).paragraphs)
    assert "Ruth Adeyemi and knots were named" in text
    assert "900" not in text and "1.85" not in text


@pytest.mark.parametrize(
    ("sheet", "hidden"),
    [
        (":root{--paper:#fff} .note{color:var(--paper)}", True),
        (":root{--ink:#111} .dark{--ink:#fff} .note{color:var(--ink)}", False),
        (".note{color:hwb(0 99% 0%)}", True),
        (".note{letter-spacing:-1em}", True),
        (".note{block-size:0;overflow:hidden}", True),
        (".note{line-height:0;overflow:hidden}", True),
        (".note{line-height:1;overflow:hidden}", False),
        (".note{translate:0 -100vh}", True),
        (".note{mask-image:url(a.png);mask-size:0 0}", True),
        ("body{background:#111;color:#eee} .note{color:#131313}", True),
        ("body{background:#111;color:#eee} .note{color:#bbb}", False),
        ("article{background:#fff} .note{position:relative;z-index:-1}", True),
        (".note{position:relative;z-index:-1}", False),
        ("article{background:#fff} .note{position:absolute;z-index:-1}", True),
        (".note{position:absolute;z-index:-1}", False),
        (
            "article{background:#fff;position:relative;z-index:0}"
            ".note{position:absolute;z-index:-1}",
            False,
        ),
        ("article{background:#fff;z-index:2} .note{position:relative;z-index:-1}", True),
        (".note{animation:go 1ms both} @keyframes go{from{opacity:1}99%,to{opacity:0}}", True),
        (".note{animation:go 1s both reverse} @keyframes go{from{opacity:1}to{opacity:0}}", False),
        (".note{animation:go 1s both infinite} @keyframes go{from{opacity:1}to{opacity:0}}", False),
        (".note{animation:go 1ms} @keyframes go{from{opacity:1}to{opacity:0}}", False),
        (".note{opacity:0;animation:in 1s forwards} @keyframes in{to{opacity:1}}", False),
        (".note{animation:go 1s infinite} @keyframes go{from,to{opacity:0}}", True),
        (".note{animation:go 1s infinite} @keyframes go{50%{opacity:0}}", False),
        (".note{animation:go 1s paused} @keyframes go{from{opacity:0}}", True),
        (
            ".note{animation-name:go;animation-fill-mode:forwards} @keyframes go{to{opacity:0}}",
            True,
        ),
        *(
            (f"article{{background:#fff;{said}}} .note{{position:relative;z-index:-1}}", hidden)
            for said, hidden in (
                ("opacity:.9", False),
                ("opacity:1", True),
                ("isolation:isolate", False),
                ("isolation:auto", True),
                ("will-change:scroll-position, transform", False),
                ("will-change:auto", True),
                ("perspective:10em", False),
                ("clip-path:inset(0)", False),
                ("mix-blend-mode:multiply", False),
                ("mix-blend-mode:normal", True),
            )
        ),
        *(
            (f".note{{opacity:0{rule}}} @keyframes glow{{{frames}}}", hidden)
            for rule, frames, hidden in (
                (";animation:glow 2s infinite alternate", "from{opacity:0}to{opacity:.8}", False),
                (";animation:glow 2s infinite", "50%{opacity:1}", False),
                (";animation:glow 2s infinite", "from{opacity:0}to{opacity:.01}", True),
                ("!important;animation:glow 2s infinite", "50%{opacity:1}", True),
                (";animation:glow 2s reverse both", "from{opacity:0}to{opacity:1}", True),
                (";animation:glow .05s reverse forwards", "from{opacity:0}to{opacity:1}", True),
                (";animation:glow 2s alternate 4 forwards", "from{opacity:0}to{opacity:1}", True),
                (";animation:glow 2s alternate 3 forwards", "from{opacity:0}to{opacity:1}", False),
                (";animation:glow 2s infinite paused", "to{opacity:1}", True),
                (";animation:glow 0s infinite", "to{opacity:1}", True),
                (";animation:glow 50ms linear 2s infinite", "to{opacity:1}", True),
                (
                    ";animation:glow 2s infinite;animation-duration:0.01s",
                    "to{opacity:1}",
                    True,
                ),
                (";animation-delay:0s;animation:glow 2s infinite", "to{opacity:1}", False),
                (";animation:glow 2s steps(2,end) 0s infinite", "to{opacity:1}", False),
                (
                    ";animation:glow 2s infinite;animation:glow 2s",
                    "from{opacity:1}",
                    True,
                ),
                (";animation:x 2s infinite,glow 0s infinite", "to{opacity:1}", True),
                (";animation:glow 1s 2h", "to{opacity:1}", True),
                (";animation:glow 1s 90s both", "to{opacity:1}", True),
                (";animation:glow 1s 900ms both", "to{opacity:1}", False),
                (
                    ";animation-name:x,glow;animation-duration:1s;animation-fill-mode:none,both",
                    "to{opacity:1}",
                    False,
                ),
                (
                    ";animation-name:glow;animation-fill-mode:both;animation-delay:100s",
                    "to{opacity:1}",
                    True,
                ),
                (
                    ";-webkit-animation-name:glow;-webkit-animation-duration:1s;"
                    "-webkit-animation-iteration-count:infinite",
                    "to{opacity:1}",
                    False,
                ),
                (";animation:glow 1ms", "from{opacity:1}", True),
                (";animation:glow 1ms", "0%{opacity:0}50%{opacity:1}100%{opacity:0}", True),
                (";animation:glow 1ms forwards", "to{opacity:1}", False),
            )
        ),
    ],
)
def test_a_style_sheet_hides_by_variables_and_newer_properties(sheet: str, hidden: bool) -> None:
    source = _cleaned(f"<style>{sheet}</style><p class='note'>{UNSEEN}</p>")
    assert (UNSEEN in source.paragraphs) is not hidden


def test_many_animations_are_read_in_time() -> None:
    frames = "".join(f"@keyframes a{n}{{to{{opacity:1}}}}" for n in range(6_000))
    rules = "".join(f".b{n}{{animation:a{n} 1s both}}" for n in range(6_000))
    names = " ".join(f"b{n}" for n in range(6_000))
    began = process_time()
    Styles(html.fromstring(f"<style>{frames}{rules}</style><p class='{names}'>{BODY[0]}</p>"))
    assert process_time() - began < 4
