"""Why a block was cut: the codes that `Source.removed` carries."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """One code for each kind of cut; `explain` says it in words."""

    ABSTRACT = "abstract"
    ADVERTISEMENT = "advertisement"
    BYLINE = "byline"
    COOKIES = "cookies"
    COUNTER = "counter"
    DISCLAIMER = "disclaimer"
    FEED_LINE = "feed-line"
    FOREIGN_SCRIPT = "foreign-script"
    IMAGE = "image"
    MARK = "mark"
    MENU = "menu"
    OUTSIDE_ARTICLE = "outside-article"
    RELATED_ARTICLES = "related-articles"
    RELATED_LINK = "related-link"
    REPEATED_TEXT = "repeated-text"
    REPEATED_TITLE = "repeated-title"
    SHARE = "share"
    SUBSCRIBE = "subscribe"

    def explain(self) -> str:
        """One line for an editor who asks why this block is gone."""
        return _EXPLANATIONS[self]


_EXPLANATIONS = {
    Reason.ABSTRACT: "a summary of the article above the article itself",
    Reason.ADVERTISEMENT: "marks an advertisement",
    Reason.BYLINE: "author, publisher, section or date line; what it says is in the facts",
    Reason.COOKIES: "cookie notice",
    Reason.COUNTER: "counts views, comments, shares or reading time",
    Reason.DISCLAIMER: "disclaimer of the publisher",
    Reason.FEED_LINE: "name and age of an item in a news feed",
    Reason.FOREIGN_SCRIPT: "a few words in another script than the article's",
    Reason.IMAGE: "an image's file name or Markdown",
    Reason.MARK: "label, bullet, rule or heading of the page's own; the text it marks is kept",
    Reason.MENU: "navigation of the page",
    Reason.OUTSIDE_ARTICLE: "text of the HTML page outside its article",
    Reason.RELATED_ARTICLES: "links to other articles, and everything after them",
    Reason.RELATED_LINK: "a line that links to one other article",
    Reason.REPEATED_TEXT: "says once more what an earlier paragraph says, word for word",
    Reason.REPEATED_TITLE: "the title once more",
    Reason.SHARE: "share buttons",
    Reason.SUBSCRIBE: "asks to subscribe, sign up or follow",
}
