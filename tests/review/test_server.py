"""Decisions on the page, in a real browser: the right bytes end on disk."""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rewriter.errors import FileError
from rewriter.files import atomic
from rewriter.review import articles, decisions
from rewriter.runs import setup
from rewriter.runs.due import decide, gather
from rewriter.settings import Settings
from rewriter.state import State, records
from rewriter.state.records import Record
from tests.review.conftest import load, rewrite
from tools.chromium import find

pytestmark = pytest.mark.slow
expect.set_options(timeout=30_000)  # a loaded machine takes a while


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def address(site: Path, settings: Settings) -> Iterator[str]:
    """The address of a running server, with its token."""
    environment = {
        "REWRITER_ENGINE": "openai",
        "REWRITER_MODEL": settings.model,
        "REWRITER_BASE_URL": settings.base_url or "",
        "OPENAI_API_KEY": "test-key",
        "PATH": "/usr/bin:/bin",
    }
    command = [sys.executable, "-m", "rewriter", "review", str(site.parent), "--serve"]
    with subprocess.Popen(
        [*command, "--root", str(site.parent)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page on the held article; any error in its console fails the test."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    opened = context.new_page()
    errors: list[str] = []
    requests: list[str] = []
    opened.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(address)
    opened.get_by_role("link", name="Tidewater").click()
    yield opened
    context.close()
    assert [error for error in errors if not re.search("40[49]|net::ERR", error)] == []
    assert all(url.startswith("http://127.0.0.1:") for url in requests)


def _record(site: Path) -> Record:
    record = records.load(State(root=site.parent).records, "raw/stablecoin-reserves.txt")
    assert record
    return record


def _held(site: Path) -> Path:
    return site.parent / ".rewriter" / "held" / "raw" / "stablecoin-reserves.txt.md"


def test_pointing_lights_the_sentences_that_support_it(page: Page) -> None:
    page.locator("[data-panel=rewrite] .s", has_text="88 percent").hover()
    lit = page.locator("[data-panel=source] .s.lit")
    expect(lit.first).to_be_visible()
    assert "88 percent" in " ".join(lit.all_text_contents())
    expect(page.locator("#evidence")).to_contain_text("61 percent")


def test_the_keyboard_does_the_same_and_leads_to_the_findings(page: Page) -> None:
    first = page.locator("[data-panel=rewrite] .s").first
    first.focus()
    page.keyboard.press("n")
    expect(page.locator(".s:focus")).to_contain_text("$1.6 billion")
    expect(page.locator("#evidence")).to_contain_text("figure, contradicted")
    below = page.evaluate("document.activeElement.getBoundingClientRect().bottom")
    assert below <= page.evaluate("document.getElementById('evidence').getBoundingClientRect().top")
    page.keyboard.press("Escape")
    expect(page.locator("#evidence")).to_be_hidden()


def test_a_corrected_passage_is_checked_saved_and_published(page: Page, site: Path) -> None:
    before = _held(site).read_bytes()
    page.get_by_role("button", name="Edit overview, paragraph 1").click()
    area = page.get_by_role("textbox", name="Text of overview, paragraph 1")
    expect(area).to_be_focused()
    wrong = area.input_value()
    area.fill(wrong.replace("$1.6 billion", "$1.7 billion"))
    expect(page.locator("form .findings")).to_contain_text("G102 error")
    page.keyboard.press("Escape")  # what was typed stays
    area.fill(wrong.replace("$1.6 billion", "$1.9 billion"))
    expect(page.locator("form .findings")).to_have_text("The checks find nothing here.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#decide")).to_contain_text("edited (overview, paragraph 1)")
    assert page.url.endswith("#p-overview-paragraph-1")
    wanted = before.replace(
        b"reached $1.6 billion", b"reached $1.9 billion"
    )  # the description, too
    assert _held(site).read_bytes() == wanted

    page.get_by_label("Why it is right to publish it").fill("figure mended by hand")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".badge")).to_have_text("published")
    assert (site / "stablecoin-reserves.md").read_bytes() == wanted
    assert not _held(site).exists()
    record = _record(site)
    assert [decided.action for decided in record.decisions] == ["edited", "published"]
    assert (record.status, record.reason) == ("published", "figure mended by hand")

    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(".badge")).to_have_text("held")
    assert not (site / "stablecoin-reserves.md").exists()
    assert _held(site).read_bytes() == wanted


def test_of_two_tabs_that_decide_one_is_told(page: Page, site: Path) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Why it is not to be published").fill("unclear figures")
    page.get_by_role("button", name="Reject").click()
    expect(page.locator(".badge")).to_have_text("rejected")
    other.get_by_label("Why it is right to publish it").fill("I think it is fine")
    other.get_by_role("button", name="Publish").click()
    expect(other.get_by_role("alert")).to_contain_text("decided or changed meanwhile")
    assert not (site / "stablecoin-reserves.md").exists()
    page.get_by_role("button", name="Undo it").click()
    expect(page.locator(".badge")).to_have_text("held")
    assert _held(site).exists()


def test_what_the_page_can_no_longer_do_is_told(page: Page, site: Path) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_label("Why it is right to publish it").fill("read")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".badge")).to_have_text("published")
    other.get_by_label("Why it is not to be published").fill("unclear figures")
    other.get_by_role("button", name="Reject").click()
    expect(other.get_by_role("alert")).to_contain_text("not held any more")
    assert [one.action for one in _record(site).decisions] == ["published"]

    other.context.set_offline(offline=True)
    other.get_by_role("button", name="Reject").click()
    expect(other.get_by_role("alert")).to_contain_text("the server does not answer")
    other.context.set_offline(offline=False)
    shutil.rmtree(site.parent / ".rewriter")
    other.get_by_role("button", name="Reject").click()
    expect(other.get_by_role("alert")).to_contain_text("no such article any more")


def test_a_held_document_that_is_no_article_is_named(page: Page, site: Path) -> None:
    _held(site).write_text(_held(site).read_text("utf-8").replace("## ", ""), "utf-8")
    page.reload()
    expect(page.locator("body")).to_contain_text(f"{_held(site)}: not a finished article")


def test_the_model_is_asked_again_for_one_section(
    page: Page, site: Path, settings: Settings
) -> None:
    before = load(_held(site), settings)
    page.get_by_label("Section").select_option("impact")
    page.get_by_label("Note to the model").fill("Name the token.")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("#decide")).to_contain_text("asked again (impact): Name the token.")
    after = load(_held(site), settings)
    changed = {p.section for p in after.passages} if after.data != before.data else set()
    assert _record(site).decisions[-1].after == hashlib.sha256(after.data).hexdigest()
    assert changed <= {p.section for p in before.passages}


def test_nothing_serious_stands_in_the_way_of_a_screen_reader(page: Page) -> None:
    for path in (page.url, page.url.split("/article")[0]):
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        assert [v["id"] for v in violations if v["impact"] in ("serious", "critical")] == []


def test_who_lacks_the_token_or_the_page_is_refused(address: str) -> None:
    host, token = address.removeprefix("http://").split("/?token=")
    cookie = {"Cookie": f"rewriter-review={token}"}
    as_json = {**cookie, "Content-Type": "application/json"}
    target = f"/article/{'0' * 20}/publish"
    attempts: list[tuple[str, str, dict[str, str]]] = [
        ("GET", "/", {}),
        ("GET", "/?token=wrong", {}),
        ("GET", "/", {**cookie, "Host": "evil.example"}),
        ("POST", target, cookie),
        ("POST", target, as_json),
        ("POST", target, {**as_json, "Origin": "http://evil.example"}),
    ]
    for method, path, headers in attempts:
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request(method, path, json.dumps({"seen": "", "reason": "x"}), headers)
        assert connection.getresponse().status in (400, 403)
        connection.close()


def test_the_original_of_an_article_comes_back_in_place_only(
    site: Path, settings: Settings
) -> None:
    published = site / "exchange-fees.md"
    before = published.read_bytes()
    (entry,) = articles.entries([str(published)], settings)
    with pytest.raises(FileError, match="not rewritten in place"):
        decisions.restore(entry, atomic.digest(before), "an old page")
    assert published.read_bytes() == before


def test_a_rejected_article_is_skipped_by_the_next_run(site: Path, settings: Settings) -> None:
    raw = site.parent / "raw" / "stablecoin-reserves.txt"
    (entry,) = articles.entries([str(raw)], settings)
    decisions.reject(entry, atomic.digest(entry.path.read_bytes()), "no")
    items, job = setup.prepare([str(raw)], settings, out=site)
    (item,) = items
    assert decide(gather(item, job), job).reason.startswith("a person rejected its rewrite")


def test_an_article_in_place_gets_its_original_back(
    tmp_path: Path, settings: Settings, site: Path
) -> None:
    del site
    raw = tmp_path / "place" / "quantum-clock.md"
    raw.parent.mkdir()
    shutil.copy(tmp_path / "raw" / "quantum-clock.md", raw)
    original = raw.read_bytes()
    rewrite(raw, settings, in_place=True)
    assert raw.read_bytes() != original
    (entry,) = articles.entries([str(raw)], settings)
    rewritten = raw.read_bytes()
    decisions.restore(entry, atomic.digest(rewritten), "the original is better")
    assert raw.read_bytes() == original
    (entry,) = articles.entries([str(raw)], settings)
    assert entry.status == "restored"
    decisions.undo(entry, atomic.digest(original))
    assert raw.read_bytes() == rewritten
