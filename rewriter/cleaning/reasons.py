"""Why a block was cut: the codes that `Source.removed` carries."""

from __future__ import annotations

from enum import StrEnum

from rewriter.article import HIDDEN, ORDER


class Reason(StrEnum):
    """One code for each kind of cut."""

    ABOUT_AUTHOR = "about-author"  # a note on the author at the end of the page
    ABSTRACT = "abstract"  # a summary of the article above the article itself
    ADVERTISEMENT = "advertisement"  # a line that marks one
    BARRIER = "barrier"  # an offer to subscribe, or a line that asks for JavaScript or cookies
    BYLINE = "byline"  # author, publisher, section or date line; what it says is in the facts
    COMMENTS = "comments"  # what readers wrote below the article
    CONTENTS = "contents"  # the table of contents; its headings in the text are kept
    COOKIES = "cookies"  # cookie notice and its buttons
    COUNTER = "counter"  # views, comments, shares or reading time
    DELETED = "deleted"  # struck out in the HTML
    DISCLAIMER = "disclaimer"  # what the publisher says about its own page
    FEED_LINE = "feed-line"  # what a feed adds to an item: its name and age, or where it appeared
    FOREIGN_SCRIPT = "foreign-script"  # a few words in another script than the article's
    HIDDEN = HIDDEN  # text of an HTML page that its reader does not see
    IMAGE = "image"  # an image's file name, Markdown, caption or credit
    LINK = "link"  # the address of a link in Markdown that was made of a page; its text is kept
    MARK = "mark"  # label, bullet, rule or FAQ heading; the text it marks is kept
    MENU = "menu"  # navigation and copyright line of the page
    ORDER = ORDER  # text that is addressed to a model, in plain words or in a code
    OUTSIDE_ARTICLE = "outside-article"  # text of the page around its article, or below its end
    PLAYER = "player"  # controls of a video or audio player
    RELATED_ARTICLES = "related-articles"  # other articles, and everything after them
    RELATED_LINK = "related-link"  # a line that links to one other article
    REPEATED_TEXT = "repeated-text"  # an earlier paragraph once more, word for word
    REPEATED_TITLE = "repeated-title"  # the title once more
    SHARE = "share"  # share buttons
    SHORTCODE = "shortcode"  # a command of a content system, such as [ad_1]
    SUBSCRIBE = "subscribe"  # asks to subscribe, sign up or follow
