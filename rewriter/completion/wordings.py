"""How providers word the failures that have no status or code in common.

Each pattern joins the wordings of several vendors for one kind of failure. They are searched in the
error's own words (`Reported.words`), never in what an error quotes.
"""

from __future__ import annotations

import re


def _any(*wordings: str) -> re.Pattern[str]:
    return re.compile("|".join(wordings), re.IGNORECASE)


# The answer was declined for its content, or the article was.
FILTERED = _any(
    r"content[_ ]filter|content[_ ]policy|content management policy|responsibleai",
    r"safety system|usage polic|moderation|flagged|guardrail",
    r"prohibited[_ ]content|content exists risk|data_inspection|new_sensitive",
    r"sensitive (?:content|word|info)|\bblocked by\b.{0,40}(?:filter|safety|guard)",
    r"(?:inappropriate|unsafe|illegal|harmful|disallowed) (?:content|material|input|text)",
    r"violat\w* .{0,20}(?:polic|terms|guideline)|risk control|content is (?:illegal|not allowed)",
    r"(?:risky|harmful|unsafe) (?:content|text|information)|risk_?detection|敏感(?:内容|信息|词)",
    r"^blocked (?:in|out)put|(?:in|out)put (?:or output )?(?:was |is )?blocked\b|不安全",
)
# The request does not fit the model's context window.
TOO_LONG = _any(
    r"context[_ -]?(?:length|window|size|limit)|context.{0,10}overflow|maximum model length",
    r"(?:prompt|input|request|messages?|conversation)\b.{0,20}\btoo (?:long|large to process)",
    r"maximum (?:prompt|input|context) (?:length|size|tokens)|input length (?:should|must) be",
    r"range of input length|maximum number of (?:input )?tokens allowed|too large for model",
    r"input tokens? (?:exceed|over)|exceed\w* (?:the )?model(?:'s)? token limit",
    r"reduce the length of the (?:messages|prompt|input)",
    r"too many (?:input |prompt )?tokens\b(?! per| processed)|current length is \d+ while limit is",
    r"`inputs` tokens \+ `max_new_tokens`|prompt.{0,5}超长",
    r"(?:sequence|input|prompt) length.{0,20}exceed|exceed\w* n_ctx|prompt exceeds",
    r"tokens?\b.{0,30}\b(?:exceed|more than)\w* .{0,20}(?:max|limit|\d)",
    r"exceed\w* (?:the )?maximum (?:allowed |number of )?(?:input )?tokens",
    r"context shift is disabled|(?:bigger|larger|longer) than n_ctx|fewer than \d+ tokens",
    r"must have less than \d+ tokens|(?:input|prompt|messages?)\b.{0,15}(?:过长|长度超)",
)
# One request alone passes the account's limit a minute: waiting does not help.
TOO_LARGE_FOR_THE_ACCOUNT = _any(r"request too large[\s\S]{0,120}(?:per min|tpm)")
# Money or a quota is used up.
QUOTA = _any(
    r"insufficient[_ ](?:quota|balance|credit|fund)|not enough (?:credit|balance|fund)",
    r"(?:balance|credit|fund)s?\b.{0,20}\b(?:insufficient|too low|exhausted|depleted|used up)",
    r"(?:balance|credit|fund)s?\b.{0,20}\b(?:not enough|run out)",
    r"(?:out of|no (?:more |remaining )?|add|purchase|buy|more|requires?|ran out of) credits?\b",
    r"billing[_ ](?:hard|not|limit|error)|hard limit|payment required|spend(?:ing)?[_ ]limit",
    r"monthly (?:limit|usage|budget)|budget.{0,20}exceeded|exceed\w* .{0,20}budget",
    r"quota.{0,30}(?:exceed|exhaust|used up|reached)|exceed\w* .{0,20}quota",
    r"(?:account|service|billing).{0,30}(?:arrear|overdue|suspend|not active|deactivated)",
    r"access_terminated|usage_limit_exceeded|余额不足|欠费|unpaid|top up|no balance",
    r"(?:usage|daily|monthly|weekly)[ _](?:\w+ )?limits?\b(?! .{0,20}per min)",
    r"exceed\w* .{0,30}credits?\b",
    r"used up .{0,20}(?:quota|allocation)|out of .{0,20}quota|key limit exceeded",
    r"free (?:tier|quota|allocation|trial).{0,40}(?:exhaust|used up|expired)",
    r"(?:tokens|requests|calls|models)[ _-]*(?:per|/)[ _-]*(?:day|month)",
)
# Of these, what no pause mends. Google says "quota" for a limit a minute too, and names the pause.
LASTING_QUOTA = _any(
    r"insufficient|billing_|balance|credit|(?:per|/)[ _-]*(?:day|month)|daily|monthly",
)
A_MINUTE = _any(r"per[ _-]?(?:min|sec)|a minute")
# The server is out of order, but its status blames the request.
UNAVAILABLE = _any(
    r"overloaded|server is (?:too )?busy|(?:request|upstream|gateway).{0,10}time(?:d |-)?out",
    r"internal (?:server )?error|upstream (?:request|error|connect|service).{0,20}(?:fail|error)?",
    r"temporarily unavailable|service unavailable|model is (?:currently )?(?:loading|starting)",
    r"concurrent requests|unexpected error|\bcrashed\b|model is unloaded|runner process",
)
KEY_REFUSED = _any(
    r"(?:invalid|incorrect|wrong|expired|missing|unknown|bad|no|valid)\b.{0,20}"
    r"\b(?:api[ _-]?key|x-api-key|api[ _]?token|access token|bearer|auth\w* credentials?)",
    r"(?:api[ _-]?key|access token|bearer token|credentials?)\b.{0,40}\b(?:invalid|not valid"
    r"|incorrect|expired|missing|not found|required|revoked|disabled|not provided|wrong|malformed"
    r"|denied)",
    r"invalid_api_key|api_key_invalid|invalid_key|authentication|not authenticated",
    r"unauthenticated|unauthori[sz]ed|provide (?:an?|your) api key",
    r"(?:token|credential)s?\b.{0,10}\b(?:expired|is invalid|incorrect)|login required",
    r"(?:invalid|wrong|missing) (?:subscription|security|authorization|auth)\b"
    r"|(?:security|access) token .{0,30}invalid|malformed authorization|api key doesn't exist",
)
# Nothing that this account asks for will be answered.
NOT_SERVED = _any(
    r"(?:location|region|country|territory)\b.{0,30}not (?:supported|served|allowed|available)",
    r"(?:organi[sz]ation|account|project|workspace)\b.{0,30}\b(?:disabled|restricted|banned|blocked)",
    r"requires? .{0,20}(?:terms|licen[cs]e) acceptance|accept the (?:terms|licen[cs]e)",
)
# The address is not that of chat completions.
NO_SUCH_ADDRESS = _any(r"unexpected endpoint")
NO_SUCH_MODEL = _any(
    r"model[_ ]not[_ ](?:found|exist)|model_decommissioned|invalid_model\b|deploymentnotfound",
    r"\bmodel\b.{0,80}\b(?:does not exist|not exist|not found|decommissioned|is not available"
    r"|no longer (?:supported|available)|not a valid model|has been (?:retired|removed))",
    r"(?:no such|unknown|invalid|unsupported) model\b|not a valid model",
    r"deployment .{0,40}does not exist|no endpoints found for|\bmodel\b.{0,60}\bis deprecated",
    r"(?:requested )?model (?:is unavailable|\S+ is not supported)(?! with| for)",
    r"model identifier is invalid|unable to access (?:\S+ )?model|llm provider not provided",
    r"choose (?:a )?different model|inference profile that contains|模型不存在",
)
RATE_LIMITED = _any(
    r"rate[ _-]?limit|too many requests|resource_exhausted|throttl|capacity exceeded",
    r"requests? per (?:min|sec)|tokens per (?:min|sec)|\b(?:rpm|tpm|qps)\b|rate exceeded",
)
# The server could not use what the model wrote; that is no objection to the request.
_TEXT = (
    r"(?:json(?! (?:schema|payload|body|object))|output|response(?![_ ]format)|completion|answer)"
)
GENERATION_FAILED = _any(
    r"json_validate_failed|failed_generation|tool_use_failed|output_parse_failed",
    r"failed to call a function|(?:does|did) not match the expected schema|does not validate with",
    r"(?:output|json|response) (?:pars|generat|validat)\w+ (?:failed|error)",
    r"validation failed for (?:the )?(?:generated|model)|generation failed",
    r"(?:model|llm|it) did not (?:output|return|call|produce)|\bgot text from the model",
    rf"{_TEXT} is not valid\b",
    r"(?:failed|unable|not able|could not|couldn't|cannot|error)\b[^.:]{0,30}"
    rf"\b(?:generat|produc|pars|validat)\w*\b[^.:]{{0,30}}\b{_TEXT}\b",
    r"\b(?:model|llm|assistant|generated|returned|produced)\b[^.:]{0,20}\b(?:in|not )valid\b",
    rf"\b(?:model|llm|assistant|generated)(?:'s)?[ _]{_TEXT}\b[^.:]{{0,60}}"
    r"\b(?:match|valid|invalid|pars|fit|conform|malformed)",
    rf"\b(?:invalid|malformed)\b[^.:]{{0,10}}\b{_TEXT}\b[^.:]{{0,20}}"
    r" (?:from|by) (?:the )?(?:model|llm)",
    rf"\b{_TEXT} (?:does|did) not (?:match|fit|conform)",
)
# The model wrote until its token limit, and the provider reports that as an error.
OUTPUT_LIMIT = _any(
    r"(?:max_(?:completion_)?tokens|output limit)[^.:]{0,40}\b(?:was |were )?reached",
)
# JSON or a long passage that an error quotes is not the error's own wording.
QUOTATION = re.compile(
    r"""\{\s*\\?["'].*|(?<!\w)(["'`])(?=\S)(?:(?!\1(?!\w)).){60,}?(?:\1|$)""", re.DOTALL
)
# What looks like a key of a vendor, or like a header with one.
SECRET = re.compile(
    r"\b(?:sk|pk|key|gsk|xai|nvapi|pplx|hf|r8|tgp|csk|fw)[-_][\w*.-]{6,}|\bAIza[\w*-]{10,}"
    r"|Bearer (?:\[[^\]]*\]|\S+)",
    re.IGNORECASE,
)
