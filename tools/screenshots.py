"""Make the pictures of the review page in docs/images/ from the articles of `make demo`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from rewriter.review import articles, pages
from rewriter.settings import Settings
from tools.chromium import find

_ROOT = Path(__file__).parents[1]
_DEMO = _ROOT / "demo-out"
_IMAGES = _ROOT / "docs" / "images"
_SHOWN = {"review-held": "stablecoin-reserves.txt", "review-clean": "harbor-ferries.txt"}


def main() -> None:
    """Write a picture of a held article, of one without findings, and of the index."""
    settings = Settings(root=_DEMO)
    entries = articles.entries([str(_DEMO)], settings)
    shown = {entry.record.name.rpartition("/")[2]: entry for entry in entries}
    texts = {
        name: pages.article(articles.load(shown[article], settings))
        for name, article in _SHOWN.items()
    }
    texts["review-folder"] = pages.index(entries, ["#"] * len(entries))
    _IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 860})
        for name, text in texts.items():
            file = Path(folder, "page.html")
            file.write_text(text, encoding="utf-8")
            page.goto(file.as_uri())
            if name != "review-folder":
                page.locator("[data-panel=rewrite] .s").nth(1).focus()
                page.locator(".pair").scroll_into_view_if_needed()
            page.screenshot(path=_IMAGES / f"{name}.jpg", type="jpeg", quality=75)
        browser.close()


if __name__ == "__main__":
    main()
