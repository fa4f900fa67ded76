"""A laboratory: a small suite with a made-up model, whose answers can be changed at will."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rewriter.article import Source, Usage, digest
from rewriter.completion import Completion
from rewriter.completion.asking import MOST_ANSWERS
from rewriter.completion.extractive import extract
from rewriter.prompting import prompt_file
from rewriter.prompting.prompt import Prompt
from rewriter.regression import accepting
from rewriter.regression.comparison import Comparison, compare_with_baseline
from rewriter.regression.experiment import Experiment, make_variant, read_experiment
from rewriter.regression.suite import ArticleSuite
from rewriter.regression.suite_folder import SuiteFolder
from rewriter.regression.variants import Variant
from rewriter.rules import Rules
from rewriter.state.ledger import Entry, FileLedger, Key

SUITE = SuiteFolder(Path(__file__).parent.parent / "regression")
PROMPT = Path(__file__).with_name("lab.prompt.md")
MODEL = "made-up-1"

# Takes case, epoch and a finished answer; returns what the model says instead.
Mutation = Callable[[str, int, dict[str, Any]], "dict[str, Any] | str"]


def unchanged(case: str, epoch: int, answer: dict[str, Any]) -> dict[str, Any]:
    """The model as it was."""
    return answer


@dataclass
class Costs:
    """What one answer takes, times a factor for a dearer or slower model."""

    tokens: float = 1.0
    cost: float = 1.0
    latency: float = 1.0
    model: str = MODEL

    def completion(self, text: str, prompt_size: int, noise: random.Random) -> Completion:
        """`text` with usage by its length, and a latency that varies by some ten per cent."""
        output = round(self.tokens * len(text) / 4)
        usage = Usage(
            input_tokens=round(self.tokens * prompt_size / 4),
            output_tokens=output,
            cost=self.cost * output * 1.6e-6,
        )
        seconds = self.latency * (2 + output / 100) * noise.uniform(0.9, 1.1)
        return Completion(text=text, model=self.model, usage=usage, latency=round(seconds, 3))


_drafts: dict[str, str] = {}


def _draft(source: Source, rules: Rules) -> str:
    """The extractive answer as JSON; ranking the sentences again for each test costs seconds."""
    key = digest([source.digest(), source.lang, rules.model_dump(mode="json")])
    if key not in _drafts:
        _drafts[key] = extract(source, rules).model_dump_json()
    return _drafts[key]


@dataclass(frozen=True)
class Laboratory:
    """A suite in a folder of its own, and the prompt under test."""

    folder: Path
    epochs: int = 3

    @property
    def suite_folder(self) -> SuiteFolder:
        """The suite."""
        return SuiteFolder(self.folder / "suite")

    @property
    def prompt(self) -> Path:
        """The prompt file under test."""
        return self.folder / "rewrite.prompt.md"

    def copy(self, folder: Path) -> Laboratory:
        """The same laboratory elsewhere, to be changed without harm."""
        return Laboratory(shutil.copytree(self.folder, folder), self.epochs)

    def variant(self, model: str = MODEL) -> Variant:
        """The prompt as it is now."""
        return make_variant(self.suite_folder, str(self.prompt), None, model)

    def experiment(self) -> Experiment:
        """The suite as it is now."""
        return read_experiment(self.suite_folder, "rewrite")

    @property
    def suite(self) -> ArticleSuite:
        """The cases as they are now."""
        suite = self.experiment().suite
        assert isinstance(suite, ArticleSuite)
        return suite

    @property
    def loaded(self) -> Prompt:
        """The prompt as it is now, loaded."""
        return prompt_file.load(str(self.prompt))

    def record(
        self,
        mutation: Mutation = unchanged,
        costs: Costs | None = None,
        *,
        epochs: range | None = None,
        model: str = MODEL,
    ) -> None:
        """Record what the made-up model, changed by `mutation`, says to the prompt as it is."""
        variant, costs = self.variant(model), costs or Costs()
        suite = self.suite
        for case in suite.cases:
            source = suite.sources[case.name]
            request = suite.request(case, variant)
            size = sum(len(message.content) for message in request.messages)
            for epoch in epochs or range(1, self.epochs + 1):
                said = mutation(case.name, epoch, json.loads(_draft(source, self.loaded.rules)))
                text = said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)
                noise = random.Random(f"{case.name} {epoch} {costs}")
                entry = Entry(request=request, completion=costs.completion(text, size, noise))
                for attempt in range(1, 2 if text.endswith("}") else MOST_ANSWERS + 1):
                    self._write(Key(request.digest(), epoch, attempt), entry)

    def _write(self, key: Key, entry: Entry) -> None:
        # As the ledger does, but without waiting for the disk.
        path = FileLedger(self.suite_folder.recordings).path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(entry.model_dump_json(), encoding="utf-8")

    def accept(self, reason: str = "") -> None:
        """Make the prompt as it is the baseline."""
        experiment = self.experiment()
        comparison = accepting.judge(experiment, self.variant(), self.epochs)
        accepting.accept(experiment, comparison, even_worse=reason, prompts=None)

    def run(self, model: str = MODEL) -> Comparison:
        """The report on the prompt as it is."""
        return compare_with_baseline(self.experiment(), self.variant(model))

    def edit(self, old: str, new: str) -> None:
        """Replace a text of the prompt file, which must be there."""
        text = self.prompt.read_text(encoding="utf-8")
        assert old in text, old
        self.prompt.write_text(text.replace(old, new, 1), encoding="utf-8")

    def new_version(self) -> None:
        """A changed prompt under a version of its own: what a pull request brings."""
        self.edit("version: 1", "version: 2")
        self.edit("You are a senior news editor.", "You are an experienced news editor.")

    def files(self) -> Mapping[str, Path]:
        """The recordings by request digest and epoch."""
        return {path.name: path for path in sorted(self.suite_folder.recordings.glob("??/*.json"))}


def laboratory(folder: Path, names: tuple[str, ...] = (), epochs: int = 3) -> Laboratory:
    """A laboratory with a prompt of its own and the shipped cases called `names`, or all of them.

    A new version of a shipped prompt changes nothing here.
    """
    lab = Laboratory(folder, epochs)
    shutil.copy(PROMPT, lab.prompt)
    lab.suite_folder.cases.mkdir(parents=True)
    for path in SUITE.cases.iterdir():
        if not names or path.stem in names:
            shutil.copy(path, lab.suite_folder.cases)
    return lab
