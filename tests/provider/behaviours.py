"""What the command does about each behaviour of a provider: one row for each fault of the provider.

`tests/e2e/test_provider_failures.py` plays every row. `docs/explanation/providers.md` shows them.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

# used: the answer is published. useless: it is stored, and asked again. final: the article fails at
# once, and nothing is stored. passing: the call is tried again.
Kind = Literal["used", "useless", "final", "passing"]


class Behaviour(NamedTuple):
    """One way to answer, what it leads to, and after how many calls.

    `sent` says what the provider sends, `words` are in the message. The provider answers every call
    in this way, and the command may try a call twice. `stored` counts the answers in the ledger.
    """

    fault: str
    kind: Kind
    sent: str
    words: str = ""
    calls: int = 1
    stored: int = 0

    @property
    def code(self) -> int:
        """The command's exit code."""
        return 0 if self.kind == "used" else 3


def _used(fault: str, sent: str) -> Behaviour:
    return Behaviour(fault, "used", sent, stored=1)


def _useless(fault: str, sent: str, words: str, calls: int = 3) -> Behaviour:
    return Behaviour(fault, "useless", sent, words, calls, stored=calls)


def _final(fault: str, sent: str, words: str) -> Behaviour:
    return Behaviour(fault, "final", sent, words)


def _passing(fault: str, sent: str, words: str) -> Behaviour:
    return Behaviour(fault, "passing", sent, words, calls=2)


_WAIT = "lower --concurrency or wait"
_LONG = "the article is too long for this model"
_TOP_UP = "top up or raise the account's limit"
_KEY = "check OPENAI_API_KEY"

BEHAVIOURS = (
    # --- answers that are used --------------------------------------------------------------------
    _used("fenced", "JSON in a code fence"),
    _used("prose-around", "prose around the JSON"),
    _used("parts", "content as a list of parts"),
    _used("thinking-parts", "parts of reasoning before the part with the answer"),
    _used("reasoning-content", "no content, the answer in `reasoning_content`"),
    _used("reasoning", "empty content, the answer in `reasoning`"),
    _used("tool-call", "the answer as the arguments of a tool call"),
    _used("tool-call-object", "the arguments as an object"),
    _used("custom-tool", "the answer as the input of a custom tool"),
    _used("function-call", "the answer in `function_call.arguments`"),
    _used("think", "reasoning in `<think>` with drafts in it"),
    _used("think-unopened", "reasoning that ends with `</think>` and never began"),
    _used("think-brackets", "reasoning in `[THINK]`"),
    _used("think-markers", "reasoning between `<|begin_of_thought|>` and its end"),
    _used("channels", "an analysis channel before the final one"),
    _used("wrapped", '`{"rewrite": ...}` around the answer'),
    _used("list-of-one", "a list with the answer"),
    _used("string", "the answer as a JSON string"),
    _used("named-arguments", '`{"name", "arguments"}` around the answer'),
    _used("end-of-text", "an unknown finish reason at the end of a whole answer"),
    _used("events", "a stream of events that nobody asked for"),
    _used("messages-api", "the shape of another vendor's API"),
    _used("converse", "the shape of a third one, with `stopReason` and `inputTokens`"),
    _used("enveloped", "the answer in a gateway's `result`"),
    _used("lines", "a stream of JSON lines that nobody asked for"),
    _used("gzip", "a compressed answer"),
    _used("key-as-model", "the key in the name of the model and in the id of the answer"),
    _used("no-usage", "no usage: the cost is unknown"),
    _used("usage-cut", "far fewer prompt tokens than were sent: a warning says so"),
    _used("usage-absurd", "10^30 tokens: the cost is unknown"),
    _used("usage-negative", "a negative number of cached tokens: the cost is unknown"),
    # --- answers that are paid for and useless: stored, and never paid for again ------------------
    _useless("key-in-text", "the key in the text of the answer", "the answer's text holds a key"),
    _useless("empty", "an empty content", "the answer is empty"),
    _useless("null", "no content", "the answer is empty"),
    _useless("no-choices", "no choices, but usage", "the answer is empty"),
    _useless("null-choices", "`choices: null` and usage", "the answer is empty"),
    _useless("page-content", "a web page as content", "a web page instead of JSON"),
    _useless("cut-json", "half of the JSON, as if it were whole", "not whole JSON"),
    _useless("violation", "JSON that does not fit the schema", "fit the schema: headline"),
    _useless("duplicate-keys", "a key twice", 'the key "headline" occurs twice'),
    _useless("generation-failed", "400: no JSON was generated", "3 answers could not be used"),
    _useless(
        "generation-unfit",
        "400: the model's text did not fit the schema; it quotes the text",
        "3 answers could not be used",
    ),
    _useless("length", "half of the answer, at the token limit", "raise max_completion_tokens", 2),
    _useless(
        "cut-short", "half of the answer, below its limit", "below the prompt's limit of tokens"
    ),
    _useless(
        "finish-max-tokens",
        "`MAX_TOKENS`: the limit is raised once",
        "below the prompt's limit of tokens",
    ),
    _useless("refusal", "a refusal", "the model declined this article", 1),
    _useless("content-filter", "`content_filter`", "the content filter declined", 1),
    _useless("finish-safety", "`SAFETY`", "the content filter declined", 1),
    _useless("finish-sensitive", "`sensitive`", "the content filter declined", 1),
    _useless("blocked", "`choices: null` and a block reason", "the content filter declined", 1),
    # --- answers that the provider broke off: counted, not stored ---------------------------------
    _passing("finish-resource", "`insufficient_system_resource`", "broke the answer off"),
    _passing("finish-abort", "`abort`", "broke the answer off"),
    _passing("finish-network", "`network_error`", "broke the answer off"),
    _passing("choice-error", "an error inside the choice", "502: Upstream went away"),
    _final("finish-context", "`model_context_window_exceeded`", _LONG),
    # --- errors for this article, or for the run --------------------------------------------------
    _final("bad-request", "400", "400: messages: wrong role; check the model"),
    _final("errors", '`{"errors": [...]}`', "messages: no such role; check the model"),
    _final(
        "detail",
        '`{"detail": [...]}` with the place of the mistake',
        "body.messages: Field required",
    ),
    _final("message-code", '`{"message", "code"}`', "messages: no such role; check the model"),
    _final("nested", "an error in an error's text", "messages: no such role; check the model"),
    _final("too-large", "400: token limit too large", "max_completion_tokens is too large: 500"),
    _final("too-long", "400: `context_length_exceeded`", _LONG),
    _final("window-400", "400: the context is full, in words", _LONG),
    _final("window-500", "500: the prompt is too long", _LONG),
    _final("per-minute", "413: larger than the limit a minute", "the account's limit a minute"),
    _final("filter-400", "400: content filter", "content filter declined this article"),
    _final("flagged-403", "403: flagged by moderation", "content filter declined this article"),
    _final("unauthorized", "401", _KEY),
    _final("200-unauthorized", "200 with an error 401", _KEY),
    _final("key-400", "400: incorrect key", _KEY),
    _final("list", "a list with an error 400: key not valid", _KEY),
    _final("forbidden", "403", "403: Country or region not supported"),
    _final("200-forbidden", "200 with an error 403", "403: Your region is not served"),
    _final("blocked-page", "403 with a web page, whose words are not read", "403: a web page"),
    _final("not-served", "400: the location is not served", "User location is not supported"),
    _final("no-credit", "402", _TOP_UP),
    _final("200-no-credit", "200 with an error 402", _TOP_UP),
    _final("200-verdict", "200 with `insufficient balance`", _TOP_UP),
    _final("balance-403", "403: insufficient balance", _TOP_UP),
    _final("hard-limit-400", "400: billing hard limit", _TOP_UP),
    _final("quota", "429: `insufficient_quota`", _TOP_UP),
    _final("not-found", "404: no such model", "check --model"),
    _final("model-400", "400: no such model", "check --model"),
    _final(
        "wrong-endpoint", "200 with `unexpected endpoint`", "check --model, and that --base-url"
    ),
    _final("redirect", "a redirect to another origin", "which is not followed"),
    _final("huge", "an answer of 5 MB", "more than 4 MB"),
    _final("gzip-bomb", "kilobytes that are 8 MB decompressed", "more than 4 MB"),
    _final("rate-limit-long", "429, `Retry-After` past the deadline", _WAIT),
    # --- failures that pass -----------------------------------------------------------------------
    _passing("request-timeout", "408", "408"),
    _passing("conflict", "409", "409"),
    _passing("rate-limit", "429", _WAIT),
    _passing("rate-limit-ms", "429, `retry-after-ms`", _WAIT),
    _passing("rate-limit-seconds", "429, `Retry-After` in seconds", _WAIT),
    _passing("rate-limit-date", "429, `Retry-After` as a date", _WAIT),
    _passing("retry-delay", "429, `retryDelay` in the body", _WAIT),
    _passing("200-rate-limit", "200 with an error 429", _WAIT),
    _passing("server-error", "500", "500: The server had an error; try again later"),
    _passing("bad-gateway", "502 with a web page", "502: a web page"),
    _passing("unavailable", "503", "503: Overloaded"),
    _passing("200-unavailable", "200 with an error 503", "503: No workers"),
    _passing("reset", "a broken connection", "the connection broke"),
    _passing("cut-body", "half of the body", "the connection broke"),
    _passing("gzip-damaged", "half of a compressed body", "not a chat completion"),
    _passing("hang", "nothing", "did not answer within 0.8 s"),
    _passing("drip", "a byte now and then", "did not answer within 0.8 s"),
    _final(
        "page",
        "a web page with status 200, before any good answer",
        "check that --base-url is the address",
    ),
    _passing("not-a-completion", "other JSON with status 200", "not a chat completion"),
)


# These end a run: no further article is asked about.
RUN_ENDING = (
    "User location",
    "check OPENAI_API_KEY",
    "check --model",
    "top up",
    "403:",
    "not followed",
    "--base-url is the address",
)


def of_articles() -> list[Behaviour]:
    """The behaviours that concern one article; the run goes on. Without those that take long."""
    slow = ("hang", "rate-limit-long", "huge", "gzip-bomb")
    return [
        one
        for one in BEHAVIOURS
        if one.fault not in slow and not any(end in one.words for end in RUN_ENDING)
    ]


def of_kind(*kinds: Kind) -> list[Behaviour]:
    """The behaviours of these kinds."""
    return [behaviour for behaviour in BEHAVIOURS if behaviour.kind in kinds]


_TOLD = {
    "used": "the answer is published",
    "useless": "the answer is stored and never paid for again",
    "final": "the article fails",
    "passing": "the call is tried again",
}


def table() -> str:
    """The behaviours as the table of the page."""
    rows = ["| the provider sends | what happens | the message says | calls | exit code |"]
    rows.append("|---|---|---|---|---|")
    for one in BEHAVIOURS:
        sent = one.sent.replace("|", "\\|")
        rows.append(f"| {sent} | {_TOLD[one.kind]} | {one.words} | {one.calls} | {one.code} |")
    return "\n".join(rows) + "\n"
