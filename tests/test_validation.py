"""What does not fit is told with its place and the nearest key, in our words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rewriter.completion.answer import to_rewrite
from rewriter.errors import ConfigurationError, MalformedAnswerError, RewriterError
from rewriter.prompting.prompt_file import load as load_prompt
from rewriter.regression import cases
from rewriter.settings import load
from rewriter.validation import NotTomlError, refusals, toml
from tests import articles


class Wheel(BaseModel):
    model_config = ConfigDict(extra="forbid")

    min_inches: int = 0


class Bicycle(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    front: Wheel | None = None
    spare: tuple[Wheel, ...] = ()
    named: dict[str, Annotated[Wheel, Field()]] = Field(default_factory=dict)


@pytest.mark.parametrize(
    ("value", "place", "why"),
    [
        ({}, "name", "is missing"),
        ({"name": "a", "fornt": 1}, "fornt", "no such key; did you mean front?"),
        ({"name": "a", "front": {"min_inchs": 1}}, "front.min_inchs", "did you mean min_inches?"),
        ({"name": "a", "spare": [{"mininches": 1}]}, "spare.0.mininches", "did you mean min_i"),
        ({"name": "a", "named": {"x": {"inches": 1}}}, "named.x.inches", "did you mean min_inche"),
        ({"name": "a", "colour": 1}, "colour", "no such key; the keys are front, name, named, sp"),
        ({"name": 1}, "name", "text is wanted, not 1"),
    ],
)
def test_a_problem_has_its_place_and_the_nearest_key(value: object, place: str, why: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Bicycle.model_validate(value)
    ((told, reason),) = refusals(caught.value, Bicycle)
    assert told == place
    assert why in reason


def _prompt(folder: Path) -> None:
    shipped = (Path(__file__).parents[1] / "prompts" / "rewrite.prompt.md").read_text()
    (folder / "mine.prompt.md").write_text(shipped.replace("\nversion:", "\nverison: 1\nversion:"))
    load_prompt("mine", folder)


def _case(folder: Path) -> None:
    (folder / "one.txt").write_text("An article.")
    (folder / "one.toml").write_text("titel = 'x'\n")
    cases.refuse(cases.read(folder)[1])


class Pair(BaseModel):
    source: str


def test_a_missing_key_names_what_may_be_meant_by_it() -> None:
    for value, why in (
        ({"sorce": "x"}, "is missing; did you mean it by sorce?"),
        ({"a": 1}, "is missing"),
    ):
        with pytest.raises(ValidationError) as caught:
            Pair.model_validate(value)
        assert list(refusals(caught.value, Pair)) == [("source", why)]


@pytest.mark.parametrize(
    "refuse",
    [
        lambda _: load({"bse_url": "x"}, env={}),
        lambda _: load({"prices": {"m": {"inptu": 1, "as_of": "2026-01-01"}}}, env={}),
        lambda _: to_rewrite(articles.rewrite().model_dump() | {"headlin": "x"}),
        _prompt,
        _case,
    ],
)
def test_nobody_tells_the_validators_words_alone(refuse: object, tmp_path: Path) -> None:
    assert callable(refuse)
    with pytest.raises((ConfigurationError, MalformedAnswerError, RewriterError)) as caught:
        refuse(tmp_path)
    assert "no such key; " in str(caught.value) or "no such setting; " in str(caught.value)
    assert "Extra inputs" not in str(caught.value)
    assert "Field required" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("model = " + "9" * 5000, 1, "a whole number of over 4,300 digits"),
        ("model = " + "[" * 5000, 1, "nested too deep"),
        ("\n" + ".".join("a" * 20_000) + " = 1", 2, "a key of over 100 parts"),
        ("model = 'a'\nmodel = 'b'", 2, "annot overwrite a value"),
    ],
    ids=["digits", "nested", "parts", "twice"],
)
def test_what_is_no_toml_is_refused_in_every_file(
    text: str, line: int, why: str, tmp_path: Path
) -> None:
    (tmp_path / "rewriter.toml").write_text(text)
    with pytest.raises(ConfigurationError, match=rf"rewriter\.toml:{line}:\d+: .*{why}"):
        load(cwd=tmp_path, env={})
    with pytest.raises(ConfigurationError, match=rf"rewriter\.toml:{line}: .*{why}"):
        cases.refuse(cases.read(tmp_path)[1])


@given(st.text(st.characters(codec="utf-8")) | st.text("a='\"[]{}.,\n #1-", max_size=60))
def test_any_text_is_toml_or_is_refused_with_its_place(text: str) -> None:
    try:
        toml(text)
    except NotTomlError as error:
        assert 1 <= error.line <= text.count("\n") + 1
        assert error.reason
