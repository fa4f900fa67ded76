"""The pages on the loopback, with decisions: a small server for one editor.

Only the person who has the address with its token gets in. The first request turns the token into a
cookie. Decisions are JSON that only a page of the same origin can send. Other hosts' names are
refused, so that a page elsewhere cannot reach the server under a name of its own (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, get_args

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.responses import Response as AnyResponse
from starlette.routing import Route

from rewriter.article import Passage, Section
from rewriter.errors import RewriterError
from rewriter.files import atomic
from rewriter.review import articles, decisions, pages
from rewriter.review.articles import Reviewed, ReviewEntry
from rewriter.runs.checking import texts
from rewriter.runs.checking.texts import prompt_of
from rewriter.settings import Settings
from rewriter.webpage import visible

HOST = "127.0.0.1"
_COOKIE = "rewriter-review"
_GONE = "no such article any more: its record or its file is gone; load the list again"
_MOST_BYTES = 100_000  # of a decision: an edited passage is the longest
_REASONED: dict[str, Callable[[ReviewEntry, str, str], None]] = {
    "reject": decisions.reject,
    "restore": decisions.restore,
}


@dataclass(frozen=True)
class Review:
    """What is served: the articles at or below `paths`, to the owner of `token`.

    `lock` makes one decision at a time. `known` has the articles by their addresses, so that a
    request about one reads one record.
    """

    paths: tuple[str, ...]
    settings: Settings
    token: str
    lock: Lock = field(default_factory=Lock)
    known: dict[str, ReviewEntry] = field(default_factory=dict)

    def entries(self) -> list[ReviewEntry]:
        """The articles as their records are now."""
        found = articles.entries(self.paths, self.settings)
        self.known.update((_name(entry), entry) for entry in found)
        return found

    def entry(self, name: str) -> ReviewEntry | None:
        """The article with an address, None where there is none."""
        if name not in self.known:
            self.entries()
        entry = self.known.get(name)
        return articles.reload(entry) if entry else None


def serve(paths: Sequence[str], settings: Settings, port: int, ready: Callable[[str], None]) -> int:
    """Serve until interrupted; `ready` is called with the address. Returns the exit code.

    `port` 0 takes a free one. Raises `OSError` where the port is taken.
    """
    review = Review(tuple(paths), settings, secrets.token_urlsafe(24))
    review.entries()  # refuses paths without an article before anything is served
    with socket.create_server((HOST, port)) as listening:
        ready(f"http://{HOST}:{listening.getsockname()[1]}/?token={review.token}")
        server = uvicorn.Server(uvicorn.Config(application(review), log_level="warning"))
        server.run(sockets=[listening])
    return 0


def application(review: Review) -> Starlette:
    """The web application."""

    async def index(request: Request) -> AnyResponse:
        given = request.query_params.get("token", "")
        if hmac.compare_digest(given.encode(), review.token.encode()):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(_COOKIE, review.token, httponly=True, samesite="strict")
            return answer
        return await _page(request, review, lambda: _index(review))

    async def article(request: Request) -> AnyResponse:
        name = request.path_params["name"]
        return await _page(request, review, lambda: _article(review, name))

    async def decide(request: Request) -> AnyResponse:
        if refusal := _refusal(request, review) or _foreign(request):
            return refusal
        body = await request.body()
        if len(body) > _MOST_BYTES:
            return JSONResponse({"error": f"more than {_MOST_BYTES:,} bytes"}, 413)
        try:
            fields = {str(k): str(v) for k, v in (await request.json()).items()}
        except (ValueError, AttributeError):
            return JSONResponse({"error": "not a JSON object"}, 400)
        name, action = request.path_params["name"], request.path_params["action"]
        return await run_in_threadpool(_decide, review, name, action, fields)

    return Starlette(
        routes=[
            Route("/", index),
            Route("/article/{name}", article),
            Route("/article/{name}/{action}", decide, methods=["POST"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])],
    )


# --- pages -------------------------------------------------------------------------------------


async def _page(request: Request, review: Review, make: Callable[[], str | None]) -> AnyResponse:
    if refusal := _refusal(request, review):
        return refusal
    try:
        page = await run_in_threadpool(make)
    except RewriterError as error:
        return PlainTextResponse(visible(str(error)), 409)
    if page is None:
        return PlainTextResponse(_GONE, 404)
    headers = {
        "Content-Security-Policy": pages.PAGES.policy(served=True) + "; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(page, headers=headers)


def _index(review: Review) -> str:
    entries = review.entries()
    return pages.index(entries, [f"/article/{_name(entry)}" for entry in entries])


def _article(review: Review, name: str) -> str | None:
    entry = review.entry(name)
    if entry is None:
        return None
    reviewed = articles.load(entry, review.settings)
    return pages.article(reviewed, index="/", address=f"/article/{name}")


def _name(entry: ReviewEntry) -> str:
    """An article's part of an address, which stays the same while it is served."""
    named = f"{entry.record.name}\0{entry.record.target}"
    return hashlib.sha256(named.encode()).hexdigest()[:20]


# --- who may decide -------------------------------------------------------------------------------


def _refusal(request: Request, review: Review) -> AnyResponse | None:
    given = request.cookies.get(_COOKIE, "")
    if hmac.compare_digest(given.encode(), review.token.encode()):
        return None
    return PlainTextResponse("open the address that 'rewriter review' printed, with its token", 403)


def _foreign(request: Request) -> AnyResponse | None:
    """The refusal of a request that no page of ours has sent."""
    own = f"{request.url.scheme}://{request.url.netloc}"
    is_json = request.headers.get("content-type", "").startswith("application/json")
    if is_json and request.headers.get("origin") == own:
        return None
    return JSONResponse({"error": "not sent by this page"}, 403)


# --- decisions ---------------------------------------------------------------------------------


def _decide(review: Review, name: str, action: str, fields: dict[str, str]) -> AnyResponse:
    try:
        with review.lock:
            entry = review.entry(name)
            if entry is None:
                return JSONResponse({"error": _GONE}, 404)
            return JSONResponse(_carry_out(review, entry, action, fields))
    except RewriterError as error:
        return JSONResponse({"error": visible(str(error))}, 409)


def _carry_out(
    review: Review, entry: ReviewEntry, action: str, fields: dict[str, str]
) -> dict[str, Any]:
    seen, reason = fields.get("seen", ""), fields.get("reason", "").strip()
    if action in (*_REASONED, "publish", "again") and not reason:
        return {"error": "say why"}
    if action == "publish":
        decisions.publish(entry, seen, reason, review.settings)
    elif action in _REASONED:
        _REASONED[action](entry, seen, reason)
    elif action == "undo":
        decisions.undo(entry, seen)
    elif action == "again":
        section: Any = fields.get("section")
        if section not in get_args(Section):
            return {"error": "the page is out of date; load it again"}
        asyncio.run(decisions.ask_again(entry, seen, section, reason, review.settings))
    elif action in ("edit", "check"):
        reviewed = articles.load(entry, review.settings)
        wanted = _passage(reviewed, fields)
        if wanted is None:
            return {"error": "the page is out of date; load it again"}
        rules = prompt_of(entry.record, review.settings).rules
        changed = decisions.edited(reviewed, wanted, fields.get("text", ""), rules)
        if action == "edit":
            decisions.edit(entry, seen, changed, f"{wanted.section}, {wanted.place}")
        found = texts.left_in(entry.record, reviewed.source, changed, review.settings)
        left = [f for f in found if (f.section, f.place) == (wanted.section, wanted.place)]
        return {"findings": [f"{f.code} {f.severity}: {f.message}" for f in left]}
    else:
        return {"error": f"no such decision: {action}"}
    return {"done": action}


def _passage(reviewed: Reviewed, fields: dict[str, str]) -> Passage | None:
    if atomic.digest(reviewed.data) != fields.get("seen"):
        return None
    place = fields.get("section"), fields.get("place")
    return next((p for p in reviewed.passages if (p.section, p.place) == place), None)
