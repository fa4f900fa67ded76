"""What one server accepts for one model, and what to send instead when it refuses a part.

Servers that call themselves OpenAI-compatible differ in what they accept. `Capabilities` start with
the whole protocol. Each objection of the server takes one part away.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from rewriter.article import Value

Structure = Literal["strict schema", "schema without bounds", "json_object", "plain text"]

STRUCTURES: tuple[Structure, ...] = (
    "strict schema",
    "schema without bounds",
    "json_object",
    "plain text",
)
# Keywords of a JSON schema that strict endpoints refuse first. The structure checks judge lengths.
BOUNDS = frozenset({"minLength", "maxLength", "minItems", "maxItems"})
TOKEN_LIMITS = {"max_completion_tokens": "max_tokens", "max_tokens": "max_completion_tokens"}
# The question stays the same without these parameters; only the sampling or the cache differs.
_OPTIONAL = frozenset(
    {"temperature", "top_p", "seed", "frequency_penalty", "presence_penalty"}
    | {"reasoning_effort", "verbosity", "prompt_cache_key"}
)
# "'temperature' does not support 0.2 with this model", "Extra inputs are not permitted"; but not
# "max_tokens is too large", which no other name would mend.
_UNSUPPORTED = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not (?:permitted|allowed)|extra|instead",
    re.IGNORECASE,
)
_ABOUT_STRUCTURE = re.compile(
    r"response_format|json_schema|json_object|structured.output|json.mode|grammar|schema|"
    + "|".join(BOUNDS),
    re.IGNORECASE,
)


class Capabilities(Value):
    """What one server accepts for one model.

    `structure` is how the answer's schema is sent. With `renamed_limit` the token limit has its
    other name. The optional parameters in `without` are not sent.
    """

    structure: Structure = "strict schema"
    renamed_limit: bool = False
    without: frozenset[str] = frozenset()

    def fallback(self, objection: str, sent: Mapping[str, Any]) -> Capabilities | None:
        """The capabilities without the part that a server refuses, None where no part is left.

        `objection` is the server's message with its `param` and `code`; `sent` is the body.
        """
        named = [name for name in sent if re.search(rf"\b{name}\b", objection)]
        if _UNSUPPORTED.search(objection):
            if not self.renamed_limit and TOKEN_LIMITS.keys() & set(named):
                return self.model_copy(update={"renamed_limit": True})
            if refused := _OPTIONAL & set(named):
                return self.model_copy(update={"without": self.without | refused})
        if self.structure != STRUCTURES[-1] and _ABOUT_STRUCTURE.search(objection):
            lower = STRUCTURES[STRUCTURES.index(self.structure) + 1]
            return self.model_copy(update={"structure": lower})
        return None

    def changes_to(self, other: Capabilities) -> str:
        """What `other` leaves out, in words for the log."""
        if other.structure != self.structure:
            return f"{self.structure} refused, using {other.structure} from now on"
        if other.renamed_limit != self.renamed_limit:
            return "token limit sent under its other name from now on"
        return f"{', '.join(sorted(other.without - self.without))} refused, left out from now on"
