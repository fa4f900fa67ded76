"""The pages as text: nothing of an article is markup, and nothing is fetched."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from rewriter.article import Passage
from rewriter.review import articles, pages
from rewriter.settings import Settings
from tests.review.conftest import load, rewrite
from tests.test_cli import run

HOSTILE = '</script><img src=x onerror="alert(1)"> [x](javascript:alert(2)) \u202egnp.exe\x00'


def test_the_page_of_a_repaired_article(shared_site: Path, settings: Settings) -> None:
    reviewed = load(shared_site / "exchange-fees.md", settings)
    changed = pages.repairs(reviewed)
    assert [(c.section, c.place) for c in changed] == [("overview", "paragraph 1")]
    sides = {piece.side: piece.text.strip() for piece in changed[0].pieces}
    assert (sides["removed"], sides["added"]) == ("$241", "$214")
    page = pages.article(reviewed)
    assert "<del>$241 </del><ins>$214 </ins>" in page
    assert "1 finding repaired" in page
    assert "gpt-4.1-mini" in page


def test_front_matter_shows_what_the_rewrite_changed(shared_site: Path, settings: Settings) -> None:
    pieces = pages.front_matter(load(shared_site / "quantum-clock.md", settings))
    added = "\n".join(piece.text for piece in pieces if piece.side == "added")
    assert "rewritten: true" in added
    assert any(piece.side == "same" and "title:" in piece.text for piece in pieces)


def test_an_article_cannot_put_markup_into_the_page(shared_site: Path, settings: Settings) -> None:
    reviewed = load(shared_site / "exchange-fees.md", settings)
    source = reviewed.source.model_copy(update={"title": HOSTILE, "notes": (HOSTILE,)})
    passages = (Passage("overview", "paragraph 1", HOSTILE),)
    page = pages.article(replace(reviewed, source=source, passages=passages))
    assert "<img" not in page
    assert "⟨U+202E⟩" in page
    assert "\u202e" not in page
    assert "\0" not in page
    assert page.count("<script>") == page.count("</script>") == 1
    assert not re.findall(r'(?:src|href)="(?!#|data:,)', page)


def test_the_policy_allows_only_the_own_script(shared_site: Path, settings: Settings) -> None:
    page = pages.article(load(shared_site / "exchange-fees.md", settings))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    assert "default-src &#39;none&#39;" in policy[1]
    assert "unsafe" not in policy[1]


@pytest.mark.slow
def test_the_command_writes_an_index_and_pages(shared_site: Path, settings: Settings) -> None:
    out = shared_site.parent / "review.html"
    done = run(
        "review", str(shared_site.parent), "--out", str(out), "--root", str(shared_site.parent)
    )
    assert (done.returncode, done.stdout) == (0, "")
    index = out.read_text(encoding="utf-8")
    assert re.findall(r'href="(review-articles/\d+\.html)"', index) == [
        "review-articles/0001.html",
        "review-articles/0002.html",
        "review-articles/0003.html",
    ]
    assert "held" in (out.parent / "review-articles" / "0001.html").read_text(encoding="utf-8")


def test_an_index_tells_two_results_of_one_article_apart(site: Path, settings: Settings) -> None:
    root = site.parent
    raw = root / "raw" / "quantum-clock.md"
    rewrite(raw, settings.model_copy(update={"root": root}), out=root / "brief")
    entries = articles.entries([str(raw)], settings)
    page = pages.index(entries, [str(number) for number in range(len(entries))])
    assert "raw/quantum-clock.md → site/quantum-clock.md" in page
    assert "raw/quantum-clock.md → brief/quantum-clock.md" in page


def test_an_index_of_500_articles_is_small(shared_site: Path, settings: Settings) -> None:
    entries = articles.entries([str(shared_site.parent)], settings)
    many = [entries[number % 3] for number in range(500)]
    started = time.process_time()
    page = pages.index(many, [f"{number}.html" for number in range(500)])
    assert time.process_time() - started < 5
    assert len(page.encode()) < 5_000_000


def test_the_first_section_with_an_error_is_offered(shared_site: Path, settings: Settings) -> None:
    reviewed = load(shared_site.parent / "raw" / "stablecoin-reserves.txt", settings)
    errors = [f for f in reviewed.findings if f.finding.severity == "error"]
    moved = {"section": "details"}
    only = [one._replace(finding=one.finding.model_copy(update=moved)) for one in errors]
    page = pages.article(replace(reviewed, findings=tuple(only)), address="/article/x")
    assert '<option value="details" selected>' in page


def test_what_a_person_accepted_is_no_error_of_the_index(
    shared_site: Path, settings: Settings
) -> None:
    held = load(shared_site.parent / "raw" / "stablecoin-reserves.txt", settings).entry
    assert held.count("error") > 0
    update = {"status": "published", "reason": "read"}
    accepted = replace(held, record=held.record.model_copy(update=update))
    assert accepted.count("error") == 0


def test_an_article_held_without_a_rewrite_has_no_empty_boxes(
    tmp_path: Path, settings: Settings
) -> None:
    short = tmp_path / "raw" / "short.txt"
    short.parent.mkdir()
    short.write_text("The bridge opens\n\nIt opens on Monday.\n", "utf-8")
    rewrite(short, settings, out=tmp_path / "out")
    page = pages.article(load(short, settings), address="/article/x")
    assert 'id="decide"' not in page
    assert "<dt>Model</dt>" not in page
    assert "mend the article and run <code>rewriter rewrite</code> again" in page
    told = run("held", str(short))
    assert "mend the article and run 'rewriter rewrite' again" in told.stdout
