"""Who answers is chosen from the settings, and the advice of an error names the right ones."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from rewriter.completion.choosing import advise
from rewriter.errors import AccessDeniedError
from rewriter.settings import Settings

SAID = "the host refused the key; check --base-url, OPENAI_API_KEY and --model"


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({}, SAID),
        ({"reader_model": "m"}, SAID.replace("--model", "reader_model")),
        (
            {"reader_api_key": SecretStr("key-of-the-reader")},
            SAID.replace("OPENAI_API_KEY", "reader_api_key"),
        ),
        (
            {"reader_base_url": "http://127.0.0.1:9/v1"},
            SAID.replace("--base-url", "reader_base_url").replace(
                "OPENAI_API_KEY", "reader_api_key"
            ),
        ),
    ],
)
def test_a_second_readers_error_advises_on_its_own_settings(
    own: dict[str, object], told: str
) -> None:
    error = AccessDeniedError(SAID, 401)
    advise(error, Settings.model_validate(own))
    assert error.args == (told, 401)
