"""Invented items in the shapes of news APIs, feeds and extractors: one article in each."""

from __future__ import annotations

import json
from typing import Any

from tests.cleaning.articles import BODY, TITLE

TEXT = "\n\n".join(BODY)
HTML = "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
LEAD = "Calder Lines ordered six ships."
URL = "https://ledger.example/ferries"
WHEN = "2026-01-29T09:15:00Z"
RFC = "Thu, 29 Jan 2026 10:15:00 +0100"

NEWSAPI: dict[str, Any] = {
    "source": {"id": None, "name": "Harbor Ledger"},
    "author": "Ruth Adeyemi",
    "title": TITLE,
    "description": LEAD,
    "url": URL,
    "urlToImage": "https://ledger.example/ship.jpg",
    "publishedAt": WHEN,
    "content": TEXT,
}
GDELT = {
    "url": URL,
    "url_mobile": "",
    "title": TITLE,
    "seendate": "20260129T091500Z",
    "socialimage": "",
    "domain": "ledger.example",
    "language": "English",
    "sourcecountry": "United Kingdom",
}
MEDIASTACK = {
    "author": "Ruth Adeyemi",
    "title": TITLE,
    "description": LEAD,
    "url": URL,
    "source": "Harbor Ledger",
    "image": None,
    "category": "business",
    "language": "en",
    "country": "gb",
    "published_at": "2026-01-29T09:15:00+00:00",
}
NYT = {
    "abstract": LEAD,
    "web_url": URL,
    "snippet": LEAD,
    "lead_paragraph": BODY[0],
    "source": "Harbor Ledger",
    "multimedia": [{"url": "images/2026/ship.jpg"}],
    "headline": {"main": TITLE, "kicker": None},
    "keywords": [{"name": "subject", "value": "Ferries", "rank": 1}],
    "pub_date": "2026-01-29T09:15:00+0000",
    "section_name": "Business",
    "byline": {"original": "By Ruth Adeyemi", "person": []},
    "_id": "nyt://article/1",
}
CURRENTS = {
    "id": "ac4062d1",
    "title": TITLE,
    "description": TEXT + " " + TEXT,
    "url": URL,
    "author": "Ruth Adeyemi",
    "image": "None",
    "language": "en",
    "category": ["business"],
    "published": "2026-01-29 09:15:00 +0000",
}

# What gives the article, its time and its address.
WHOLE: dict[str, Any] = {
    "newsapi": {"status": "ok", "totalResults": 1, "articles": [NEWSAPI]},
    "gnews": {
        "totalArticles": 1,
        "articles": [
            {
                "id": "7a1",
                "title": TITLE,
                "description": LEAD,
                "content": TEXT,
                "url": URL,
                "image": "https://ledger.example/ship.jpg",
                "publishedAt": WHEN,
                "lang": "en",
                "source": {"id": "9", "name": "Harbor Ledger", "url": "https://ledger.example"},
            }
        ],
    },
    "newsdata": {
        "status": "success",
        "totalResults": 1,
        "results": [
            {
                "article_id": "aed6",
                "link": URL,
                "title": TITLE,
                "description": LEAD,
                "content": TEXT,
                "keywords": None,
                "creator": ["Ruth Adeyemi"],
                "language": "english",
                "country": ["united kingdom"],
                "category": ["business"],
                "pubDate": "2026-01-29 09:15:00",
                "pubDateTZ": "UTC",
                "image_url": None,
                "source_id": "harborledger",
                "source_name": "Harbor Ledger",
                "source_url": "https://ledger.example",
            }
        ],
        "nextPage": None,
    },
    "event registry": {
        "articles": {
            "results": [
                {
                    "uri": "8123",
                    "lang": "eng",
                    "isDuplicate": False,
                    "date": "2026-01-29",
                    "time": "09:30:00",
                    "dateTime": "2026-01-29T09:30:00Z",
                    "dateTimePub": WHEN,
                    "dataType": "news",
                    "url": URL,
                    "title": TITLE,
                    "body": TEXT,
                    "source": {"uri": "ledger.example", "title": "Harbor Ledger"},
                    "authors": [
                        {"name": "Coastwire", "type": "author", "isAgency": True},
                        {"name": "Ruth Adeyemi", "type": "author", "isAgency": False},
                    ],
                    "image": None,
                    "sentiment": 0.2,
                }
            ],
            "totalResults": 1,
            "page": 1,
        }
    },
    "guardian": {
        "response": {
            "status": "ok",
            "total": 1,
            "results": [
                {
                    "id": "business/2026/jan/29/ferries",
                    "type": "article",
                    "sectionName": "Business",
                    "webPublicationDate": WHEN,
                    "webTitle": TITLE,
                    "webUrl": URL,
                    "apiUrl": "https://api.example/ferries",
                    "fields": {
                        "trailText": LEAD,
                        "byline": "Ruth Adeyemi",
                        "body": HTML,
                        "publication": "Harbor Ledger",
                    },
                    "tags": [{"id": "x", "type": "keyword", "webTitle": "Ferries"}],
                }
            ],
        }
    },
    "guardian, one": {
        "response": {
            "status": "ok",
            "content": {
                "id": "business/ferries",
                "webPublicationDate": WHEN,
                "webTitle": TITLE,
                "webUrl": URL,
                "fields": {
                    "bodyText": TEXT,
                    "publication": "Harbor Ledger",
                    "byline": "Ruth Adeyemi",
                },
            },
        }
    },
    "json feed": {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Harbor Ledger",
        "home_page_url": "https://ledger.example/",
        "language": "en-GB",
        "items": [
            {
                "id": "1",
                "url": URL,
                "title": TITLE,
                "content_html": HTML,
                "summary": LEAD,
                "date_published": "2026-01-29T10:15:00+01:00",
                "authors": [{"name": "Ruth Adeyemi", "url": "https://ledger.example/ruth"}],
                "tags": ["ferries"],
            }
        ],
    },
    "schema.org": {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": "Harbor Ledger", "description": "News of the coast."},
            {
                "@type": "NewsArticle",
                "headline": TITLE,
                "articleBody": TEXT,
                "datePublished": WHEN,
                "author": [{"@type": "Person", "name": "Ruth Adeyemi"}],
                "publisher": {"@type": "Organization", "name": "Harbor Ledger"},
                "mainEntityOfPage": {"@type": "WebPage", "@id": URL},
                "inLanguage": "en",
                "image": {"@type": "ImageObject", "url": "https://ledger.example/ship.jpg"},
            },
        ],
    },
    "cryptocompare, old": {
        "Type": 100,
        "Message": "News list successfully returned",
        "Data": [
            {
                "id": "4511",
                "guid": URL,
                "published_on": 1769678100,
                "imageurl": "https://ledger.example/ship.jpg",
                "title": TITLE,
                "url": URL,
                "body": TEXT,
                "tags": "Ferries|Ships",
                "lang": "EN",
                "categories": "BTC|Market",
                "source": "harborledger",
                "source_info": {"name": "Harbor Ledger", "lang": "EN", "img": "x"},
                "author": "Ruth Adeyemi",
            }
        ],
        "HasWarning": False,
    },
    "cryptocompare, new": {
        "Data": [
            {
                "TYPE": "121",
                "ID": 4511,
                "GUID": URL,
                "PUBLISHED_ON": 1769678100,
                "TITLE": TITLE,
                "URL": URL,
                "BODY": TEXT,
                "AUTHORS": "Ruth Adeyemi",
                "LANG": "EN",
                "SOURCE_DATA": {"NAME": "Harbor Ledger", "SOURCE_KEY": "harborledger"},
                "CATEGORY_DATA": [{"NAME": "MARKET", "CATEGORY": "MARKET"}],
            }
        ],
        "Err": {},
    },
    "wordpress": [
        {
            "id": 1493,
            "date": "2026-01-29T10:15:00",
            "date_gmt": "2026-01-29T09:15:00",
            "guid": {"rendered": "https://ledger.example/?p=1493"},
            "modified_gmt": "2026-01-29T09:15:00",
            "slug": "ferries",
            "link": URL,
            "title": {"rendered": TITLE},
            "content": {"rendered": HTML, "protected": False},
            "excerpt": {"rendered": f"<p>{LEAD} [&hellip;]</p>"},
            "author": 12,
            "categories": [3],
            "tags": [],
            "_embedded": {"author": [{"id": 12, "name": "Ruth Adeyemi"}]},
            "publication": "Harbor Ledger",
        }
    ],
    "feedparser": {
        "bozo": False,
        "feed": {"title": "Harbor Ledger", "language": "en"},
        "entries": [
            {
                "title": TITLE,
                "link": URL,
                "id": URL,
                "published": RFC,
                "published_parsed": [2026, 1, 29, 9, 15, 0, 3, 29, 0],
                "summary": LEAD,
                "content": [{"type": "text/html", "value": HTML}],
                "author": "Ruth Adeyemi",
                "tags": [{"term": "ferries", "scheme": None}],
            }
        ],
    },
    "trafilatura": {
        "title": TITLE,
        "author": "Ruth Adeyemi",
        "hostname": "ledger.example",
        "date": "2026-01-29",
        "fingerprint": "e2f",
        "raw_text": TEXT.replace("\n", " "),
        "text": TEXT,
        "language": None,
        "image": None,
        "source": URL,
        "source-hostname": "Harbor Ledger",
        "excerpt": LEAD,
        "url": URL,
    },
    "currents": {"status": "ok", "news": [CURRENTS]},
    "body": {"title": TITLE, "body": TEXT, "date": WHEN, "url": URL},
    "content": {"title": TITLE, "content": HTML, "date": WHEN, "url": URL},
    "text": {"title": TITLE, "text": TEXT, "date": WHEN, "url": URL},
    "content, by id": {
        "data": {
            "7": {"title": TITLE, "content": HTML, "date": WHEN, "url": URL},
            "8": {"count": 1},
        }
    },
    "paragraphs": [{"headline": TITLE, "text": list(BODY), "date": WHEN, "url": URL}],
}

EXCERPTS: dict[str, Any] = {
    "newsapi": {"articles": [NEWSAPI | {"content": f"{BODY[0]} {BODY[1][:60]}… [+2410 chars]"}]},
    "gnews": {"articles": [NEWSAPI | {"content": f"{BODY[0]}... [1023 chars]"}]},
    "newsdata, free plan": {"results": [NEWSAPI | {"content": "ONLY AVAILABLE IN PAID PLANS"}]},
    "amid a sentence": {"title": TITLE, "body": TEXT + " The yard in Turku will build all of the"},
    "gdelt": {"articles": [GDELT]},
    "mediastack": {"pagination": {"count": 1}, "data": [MEDIASTACK]},
    "nyt": {"status": "OK", "response": {"docs": [NYT], "meta": {"hits": 1}}},
    "wordpress, excerpt": [{"title": {"rendered": TITLE}, "excerpt": {"rendered": LEAD}}],
}

ERRORS: dict[str, tuple[Any, str]] = {
    "newsapi": (
        {"status": "error", "code": "apiKeyInvalid", "message": "Your API key is invalid."},
        "Your API key is invalid",
    ),
    "gnews": ({"errors": ["You did not provide an API key."]}, "did not provide"),
    "mediastack": (
        {"error": {"code": "invalid_access_key", "message": "No valid API Access Key."}},
        "No valid API Access Key",
    ),
    "newsdata": (
        {"status": "error", "results": {"message": "API key is wrong", "code": "Unauthorized"}},
        "API key is wrong",
    ),
    "guardian": ({"response": {"status": "error", "message": "page too large"}}, "page too large"),
    "nyt": ({"fault": {"faultstring": "Invalid ApiKey", "detail": {}}}, "Invalid ApiKey"),
    "currents": ({"status": "401", "msg": "Authentication required"}, "Authentication required"),
    "event registry": ({"error": "No such article"}, "No such article"),
    "cryptocompare, old": (
        {"Response": "Error", "Message": "over your rate limit", "Type": 99, "Data": {}},
        "over your rate limit",
    ),
    "cryptocompare, new": (
        {"Data": {}, "Err": {"type": 1, "message": "lang parameter is invalid"}},
        "lang parameter is invalid",
    ),
    "wordpress": (
        {"code": "rest_no_route", "message": "No route was found", "data": {"status": 404}},
        "No route was found",
    ),
}


def as_json(value: object) -> bytes:
    """A document as an API sends it."""
    return json.dumps(value).encode()
