"""Self-contained HTML pages: what the review and the regression report have in common.

A page carries its style and its script. Its content security policy allows only these, by their
digests, so that nothing in an article is run or fetched.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

# Characters that show nothing or turn the text around them: they are written out instead.
_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]"
)


@dataclass(frozen=True)
class Pages:
    """The pages of a package, which has its templates, `style` and `script` in `templates`.

    The style comes behind the common one. Without a script the page runs nothing.
    """

    package: str
    style: str
    script: str = ""

    def render(self, template: str, *, served: bool = False, **values: Any) -> str:
        """A page from a template. A served page may talk to its server."""
        return (
            _environment(self.package)
            .get_template(template)
            .render(
                style=self._style(),
                script=_asset(self.package, self.script) if self.script else "",
                policy=self.policy(served=served),
                **values,
            )
        )

    def policy(self, *, served: bool = False) -> str:
        """The content security policy; that of a served page lets it talk to its server."""
        own = "'self'" if served else "'none'"
        script = _digest(_asset(self.package, self.script)) if self.script else "'none'"
        return (
            f"default-src 'none'; style-src {_digest(self._style())}; script-src {script}; "
            f"connect-src {own}; img-src data:; form-action 'none'; base-uri 'none'"
        )

    def _style(self) -> str:
        return _asset(__package__, "base.css") + _asset(self.package, self.style)


def visible(text: str) -> str:
    """The text with each control, zero-width and bidirectional character written out."""
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


@cache
def _environment(package: str) -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader(__package__)]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: visible(value) if type(value) is str else value,
    )
    environment.filters["visible"] = visible
    return environment


@cache
def _asset(package: str, name: str) -> str:
    return (files(package) / "templates" / name).read_text("utf-8")


@cache
def _digest(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
