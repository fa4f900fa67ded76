"""A finished article is checked by the prompt that wrote it, which its record names."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rewriter.cli import group
from rewriter.prompting import prompt_file
from tests import articles
from tests.runs.test_publishing import GOOD, work

HOUSE = """rules:
  headings:
    en:
      overview: In brief
      details: '{topic} in detail'
      from_author: Our view
      impact: 'What it means for {field}'
      qa: Asked and answered
"""


@pytest.mark.parametrize("moved", [False, True])
async def test_check_takes_the_prompt_of_the_record(tmp_path: Path, moved: bool) -> None:
    prompts, raw, out = tmp_path / "prompts", tmp_path / "raw.txt", tmp_path / "site"
    prompts.mkdir()
    raw.write_text(articles.RAW)
    shipped = prompt_file.path_of("rewrite").read_text("utf-8")
    house = prompts / "house.prompt.md"
    house.write_text(
        shipped.replace("rules:\n", HOUSE, 1).replace("name: rewrite", "name: house", 1)
    )
    prompt = prompt_file.load(str(house))
    done = await work(raw, GOOD, out=out, prompt=prompt, prompt_path=str(house))
    assert done.result.status == "published"
    if moved:  # then it is found by its name
        prompts = prompts.rename(tmp_path / "elsewhere")
    options = ["check", str(out), "--root", str(tmp_path)]
    told = CliRunner().invoke(group, options, env={"REWRITER_PROMPTS_DIR": str(prompts)})
    assert told.exit_code == 0, told.output
    wrong = CliRunner().invoke(group, [*options, "--prompt", "rewrite"], standalone_mode=False)
    assert (wrong.return_value, "not a finished article" in wrong.output) == (4, True)
