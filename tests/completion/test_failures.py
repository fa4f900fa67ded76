"""An error means the same however a vendor words it, and wherever in a body it stands."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.completion.capabilities import Capabilities
from rewriter.completion.failures import from_report
from rewriter.completion.reported import error_in_answer, reported
from rewriter.errors import (
    AccessDeniedError,
    ProviderError,
    ProviderUnavailableError,
    QuotaExhaustedError,
    RateLimitedError,
    RefusedError,
    RewriterError,
)

# The field that an error with a wrong status, code or place is told by: its words.
TOO_LONG = [
    "This model's maximum context length is 8192 tokens. However, your messages have 9000 tokens.",
    "Your input exceeds the context window of this model. Please adjust your input and try again.",
    "prompt is too long: 215000 tokens > 200000 maximum",
    "input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000",
    "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).",
    "Prompt contains 40000 tokens, too large for model with 32768 maximum context length",
    "Please reduce the length of the messages or completion.",
    "the request exceeds the available context size. try increasing the context size",
    "The decoder prompt (length 9000) is longer than the maximum model length of 4096",
    "Trying to keep the first 9000 tokens when context overflows. However, the model is loaded "
    "with context length of only 4096 tokens, which is not enough.",
    "too many tokens: total number of tokens in the prompt exceeds the limit of 4081",
    "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193",
    "Range of input length should be [1, 30720]",
    "Your request exceeded model token limit: 131072",
    "invalid params, context window exceeds limit",
    "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    "Input is too long for requested model.",
    "input is too large to process. increase the physical batch size",
    "Sequence length 9000 exceeds maximum of 8192",
    "Input tokens (9000) exceed model limit (8192)",
    "Number of tokens in the prompt exceeds n_ctx",
    "The request is too long: 12000 tokens, limit 8192",
]
QUOTA = [
    "You exceeded your current quota, please check your plan and billing details.",
    "Billing hard limit has been reached",
    "Insufficient Balance",
    "Sorry, your account balance is insufficient",
    "Your credit balance is too low to access the API. Please go to Plans & Billing.",
    "This request requires more credits, or fewer max_tokens.",
    "Insufficient credits. Add more using the settings page.",
    "Your account is not active, please check your billing details on our website.",
    "Monthly usage limit reached",
    "Budget has been exceeded! Current cost: 10.2, Max budget: 10.0",
    "You have run out of credits. Please purchase credits.",
    "Spending limit reached for this project",
    "Your account has an overdue payment, service suspended",
    "You have reached your specified API usage limits. You will regain access on 1 December.",
    "The free tier of the model has been exhausted.",
    "Your organization has used up its quota",
    "Access denied due to unpaid invoice",
]
KEY = [
    "Incorrect API key provided: sk-abcd1234****. You can find your API key in your account.",
    "API key not valid. Please pass a valid API key.",
    "Invalid API Key",
    "invalid x-api-key",
    "No auth credentials found",
    "Authentication Fails (no such user)",
    "API key expired. Please renew the API key.",
    "You didn't provide an API key.",
    "Missing bearer token",
    "The api_key is invalid or revoked",
    "Unauthorized",
    "Token expired or incorrect",
    "Access denied: invalid subscription key",
    "Malformed Authorization header",
]
NO_MODEL = [
    "The model `gpt-9` does not exist or you do not have access to it.",
    "house/model is not a valid model ID",
    "Model Not Exist",
    "Invalid model: house-1",
    "The model `llama-2` has been decommissioned and is no longer supported.",
    'model "house" not found, try pulling it first',
    "models/gemini-9 is not found for API version v1main: model not found",
    "No endpoints found for house/model.",
    "The model 'house' is deprecated",
]
FILTERED = [
    "The response was filtered due to the prompt triggering our content management policy.",
    "Your request was rejected as a result of our safety system.",
    "Content Exists Risk",
    "Input data may contain inappropriate content. data_inspection_failed",
    "Your input was flagged by moderation",
    "Invalid prompt: your prompt was flagged as potentially violating our usage policy.",
    "system detected potentially sensitive content in the input",
    "Request contains inappropriate content",
    "Input text violates our terms",
]
ILL = [
    "The model is overloaded. Please try again later.",
    "The server is busy",
    "Request timed out",
    "Internal error",
    "Upstream request failed",
]
RATE = [
    "Quota exceeded for quota metric 'Generate Content API requests per minute'",
    "Rate limit reached for requests",
    "Too many requests, slow down",
    "RESOURCE_EXHAUSTED",
    "Service tier capacity exceeded for this model.",
    "ThrottlingException: rate exceeded",
]
# What the server says about the model's text, which is no objection to the request.
GENERATION = [
    "Failed to generate JSON. Please adjust your prompt. See 'failed_generation' for more details.",
    "Generated JSON does not match the expected schema. Error: jsonschema: '/headline' does not "
    "validate with /properties/headline/maxLength: length must be <= 80",
    "Model output does not match the expected schema",
    "Could not parse the model's output as JSON",
    "LLM returned invalid JSON",
    "The model produced invalid content. Consider modifying your prompt.",
    "Response did not match schema",
    "Failed to parse the model response: unexpected token",
    "Unable to parse generated output as json_schema",
    "The model did not output valid JSON",
    "Structured output generation failed",
    "Schema validation failed for generated content",
    "JSON parsing error in model response",
]
OBJECTIONS = [
    ("This model does not support response format `json_schema`.", "schema without bounds"),
    ("Invalid schema for response_format 'answer': 'maxLength' is not permitted.", "schema w"),
    ("Failed to parse JSON schema: unknown keyword", "schema without bounds"),
    ("Failed to convert the grammar from the schema", "schema without bounds"),
    ("'response_format.type' must be 'json_schema' or 'text'", "schema without bounds"),
    ("structured outputs are not supported by this model", "schema without bounds"),
]


def meant(status: int, message: str) -> RewriterError:
    body = json.dumps({"error": {"message": message}}).encode()
    return from_report(reported(body, {}, status), "host")


@pytest.mark.parametrize("status", [400, 413, 422, 429, 500])
@pytest.mark.parametrize("message", TOO_LONG)
def test_a_full_context_window_is_told_as_that_whatever_its_status(
    message: str, status: int
) -> None:
    error = meant(status, message)
    assert type(error) is ProviderError
    assert "the article is too long for this model" in str(error)


@pytest.mark.parametrize(
    ("messages", "statuses", "kind"),
    [
        (QUOTA, (400, 402, 403, 429), QuotaExhaustedError),
        (KEY, (400, 401), AccessDeniedError),
        (NO_MODEL, (400, 404), AccessDeniedError),
        (FILTERED, (400, 403), RefusedError),
        (RATE, (400, 429, 503), RateLimitedError),
        (ILL, (400, 500, 529), ProviderUnavailableError),
    ],
)
def test_words_tell_the_kind_of_an_error_with_any_status(
    messages: list[str], statuses: tuple[int, ...], kind: type[RewriterError]
) -> None:
    for message in messages:
        for status in statuses:
            assert type(meant(status, message)) is kind, (status, message)


def test_what_the_model_wrote_tells_a_failed_generation_whatever_the_words() -> None:
    report = reported({"error": {"message": "Try again.", "failed_generation": "{"}}, {}, 400)
    assert (report.about_generation, report.generated) == (True, "{")


@pytest.mark.parametrize("message", GENERATION)
def test_a_failed_generation_is_no_objection_to_the_request(message: str) -> None:
    report = reported({"error": {"message": message}}, {}, 400)
    assert report.about_generation
    assert Capabilities().fallback(report, {"response_format": {}, "temperature": 1}) is None


@pytest.mark.parametrize(("message", "structure"), OBJECTIONS)
def test_an_objection_to_the_schema_is_one(message: str, structure: str) -> None:
    report = reported({"error": {"message": message}}, {}, 400)
    lower = Capabilities().fallback(report, {"response_format": {}})
    assert lower is not None
    assert lower.structure.startswith(structure)


@pytest.mark.parametrize(
    "quoted",
    [
        '{"headline": "response_format is not supported"}',
        "'The minister said that temperature and max_tokens are unsupported and unknown values'",
        '"json_schema grammar unsupported, said the long headline that a model wrote in its text"',
    ],
)
def test_what_an_error_quotes_changes_nothing(quoted: str) -> None:
    sent = {"response_format": {}, "temperature": 1, "max_tokens": 9}
    report = reported({"error": {"message": f"Bad text: {quoted}"}}, {}, 400)
    assert Capabilities().fallback(report, sent) is None


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "no such role", "code": "wrong_role"}},
        {"error": "no such role", "code": "wrong_role"},
        [{"error": {"message": "no such role", "status": "wrong_role"}}],
        {"errors": [{"message": "no such role", "code": "wrong_role"}]},
        {"errors": ["no such role"], "code": "wrong_role"},
        {"detail": [{"loc": ["body"], "msg": "no such role", "type": "wrong_role"}]},
        {"detail": "no such role", "type": "wrong_role"},
        {"message": "no such role", "code": "wrong_role"},
        {"object": "error", "message": "no such role", "type": "wrong_role"},
        {"message": {"detail": [{"msg": "no such role", "type": "wrong_role"}]}},
        {"error": {"message": '{"error": {"message": "no such role", "code": "wrong_role"}}'}},
        {"error": {"message": "up", "metadata": {"raw": '{"message": "no such role"}'}}}
        | {"code": "wrong_role"},
        {"base_resp": {"status_msg": "no such role", "status_code": "wrong_role"}},
        {"error_msg": "no such role", "error_code": "wrong_role"},
    ],
)
def test_words_and_code_are_found_wherever_they_stand(body: object) -> None:
    report = reported(json.dumps(body).encode(), {}, 400)
    assert "no such role" in report.message
    assert "{" not in report.message
    assert "wrong_role" in report.codes


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"code": 429}, 429),
        ({"code": "402"}, 402),
        ({"status": "UNAUTHENTICATED"}, 401),
        ({"type": "authentication_error"}, 401),
        ({"type": "overloaded_error"}, 529),
        ({"type": "rate_limit_error"}, 429),
        ({"code": "something_else"}, None),
    ],
)
def test_an_error_inside_a_200_has_the_status_that_it_names(
    told: dict[str, object], status: int | None
) -> None:
    body = {"error": {"message": "Provider returned error", **told}}
    assert error_in_answer(body)
    report = reported(body, {}, None)
    assert report.status == status
    if status is None:
        assert isinstance(from_report(report, "host"), ProviderUnavailableError)


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "20"}, {}, 20.0),
        ({"retry-after-ms": "700"}, {}, 0.7),
        ({}, {"error": {"details": [{"retryDelay": "36s"}]}}, 36.0),
        ({}, {"error": {"details": [{"retryDelay": "1.5s"}]}}, 1.5),
        ({}, {"retry_after": 12}, 12.0),
        ({}, {"error": {"metadata": {"retry_after_ms": 250}}}, 0.25),
        ({}, {"error": {"message": "Please try again in 7m12s."}}, 432.0),
        ({}, {"error": {"message": "Please try again in 20ms."}}, 0.02),
        ({}, {"error": {"message": "Please retry in 36.2s."}}, 36.2),
        ({}, {"error": {"message": "Retry after 20 seconds"}}, 20.0),
        ({}, {"error": {"message": "Please retry later"}}, None),
        ({"retry-after": "1e12"}, {}, 3600.0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, {}, 3600.0),
        ({}, {"retryDelay": "99999999999999999s"}, 3600.0),
        ({"retry-after": "-5"}, {}, None),
        ({"retry-after": "soon"}, {"retry_after": "later"}, None),
    ],
)
def test_a_pause_is_read_from_headers_body_and_words_and_is_at_most_an_hour(
    headers: dict[str, str], body: object, seconds: float | None
) -> None:
    assert reported(body, headers, 429).retry_after == seconds


def test_a_quota_with_a_pause_is_a_limit_a_minute() -> None:
    message = "You exceeded your current quota. Please retry in 20s."
    assert type(meant(429, message)) is RateLimitedError
    assert type(meant(429, f"{message} GenerateRequestsPerDay")) is QuotaExhaustedError


@pytest.mark.parametrize(
    "key", ["sk-abc123456", "gsk_abc1234567", "AIzaSyA-abcdefghijk", "xai-abcdef123", "Bearer x.y"]
)
def test_a_key_that_an_error_repeats_is_not_shown(key: str) -> None:
    assert key not in str(meant(401, f"Incorrect API key provided: {key}"))


def test_the_mark_of_a_key_is_shown_whole() -> None:
    assert str(meant(400, "bad key in Bearer [redacted key], sorry")).count("key]") == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "errors", "message", "code", "detail", "status", "raw", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 200, 400, 429, 500]))
@settings(max_examples=100)
def test_any_body_is_an_error_of_ours_with_a_message(body: object, status: int | None) -> None:
    error = from_report(reported(json.dumps(body).encode(), {}, status), "host")
    assert str(error).startswith("host answered ")
    assert len(str(error)) < 600


@pytest.mark.parametrize("unit", ["a", "the model ", "retry ", "'", "{", "maximum context "])
@pytest.mark.parametrize("key", ["message", "param", "code"])
def test_an_error_of_megabytes_is_understood_at_once(unit: str, key: str) -> None:
    body = json.dumps({"error": {key: unit * (3_000_000 // len(unit))}}).encode()
    began = time.process_time()
    failure = from_report(reported(body, {}, 400), "host")
    assert time.process_time() - began < 2
    assert len(str(failure)) < 1_000
