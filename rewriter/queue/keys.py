"""The keys of the queue in Redis, and which of them a script is told that it may touch.

Of a content root, after its prefix; <b> is a batch, <p> a process, <j> a job of the batch API:

batches            by time of submission
batch:<b>          options and counters of a batch
messages:<b>       row -> message, until the article has ended well
calls:<b>          row -> the task call of another app that it came by
untold:<p>         id -> such a call whose article has ended, until Celery has told the caller;
                   without a process it is for the next one that looks
ended:<b>          row -> how it ended
tries:<b>          row -> claims, tries and kills so far
targets:<b>        target -> path, while the batch is submitted
ready:<priority>   ids that may be claimed
suspects           ids that were lost with a process
delayed            ids that wait for a time
parked:<b>         ids of a paused batch
processes          who works, by the end of their lease
holds:<p>          id -> the number of its claim
busy               path -> id, for one batch at a time to work on an article
isolating          processes that work on suspects, and on nothing else meanwhile
tasks:<p>          Celery's list of messages to one process
ticked_at          when a process was last heard of
taken_over         number of claims that were taken from dead processes
reserved           <p>|<id> or job|<j> -> money that is set aside for a call or a job
steps              jobs, by when their next step is due or its maker's lease ends
job:<j>            batch and model, the claim's number, the provider's ids and counts, what it cost
lines:<j>          digest of a question -> its articles
jobs:<b>           the jobs of a batch
awaiting:<b>       path -> digest of the question whose answer it awaits
awaiting_money     ids that wait for money that jobs have set aside
asked              digest -> the job that it is in

An id is "<batch>/<row>"; a row is the article's path, with "//<task id>" behind it where another
app has called the task. Content roots of a fleet share the limits, the day's budget, and:

pause              why nothing is claimed
probing            which article finds out whether the reason of a pause is gone
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import NamedTuple, Self


def _typed(**names: str) -> dict[str, str]:
    """The type in Redis of each of these names."""
    return {name: kind for kind, listed in names.items() for name in listed.split()}


_OF_ROOT = _typed(
    list="ready:high ready:normal",
    zset="batches suspects delayed processes steps",
    hash="untold: busy reserved asked",
    set="isolating awaiting_money",
    string="ticked_at taken_over jobs_finished",
    any="probe",
)
_OF_FLEET = _typed(
    zset="settled",
    hash="cooled admitted spent window:requests window:tokens",
    string="pause probing reserved_total reserved_jobs jobs_finished "
    "arrival:requests arrival:tokens arrival:ramp",
    any="probe",
)
_OF_BATCH = _typed(
    list="parked", hash="batch messages calls ended tries targets awaiting", set="jobs"
)
_OF_JOB = _typed(hash="job lines")
_OF_PROCESS = _typed(hash="holds untold", list="tasks")
_GROUPS = {kind: group for group in (_OF_BATCH, _OF_JOB, _OF_PROCESS) for kind in group}
# What kombu keeps of a process's own list.
_KOMBUS = ("_kombu.binding.", "_kombu.binding_permanent.")
# Batches, jobs and processes whose keys a connection names in each call.
_MOST_NAMED = 50


class Keys(NamedTuple):
    """What the queue's keys in Redis begin with.

    `root` is of all that belongs to one content root, `fleet` of what content roots share: the
    limits, the day's budget and pauses. Each has a hash tag of its own.
    """

    root: str
    fleet: str

    @classmethod
    def of(cls, root: str, fleet: str) -> Self:
        """The keys of the content root with this id, in the fleet of this name."""
        return cls(f"rewriter:{{{root}}}:", f"rewriter:{{fleet:{fleet}}}:")

    def fixed(self) -> list[str]:
        """The keys that belong to no single batch, job or process."""
        return [*(self.root + name for name in _OF_ROOT), *(self.fleet + n for n in _OF_FLEET)]

    def type_of(self, key: str) -> str:
        """The type in Redis that the queue gives to a key, `any` for one of another program."""
        if key.startswith(self.fleet):
            return _OF_FLEET.get(key.removeprefix(self.fleet), "any")
        name = key.removeprefix(self.root)
        owned = _OF_BATCH | _OF_JOB | _OF_PROCESS
        return _OF_ROOT.get(name) or owned.get(name.partition(":")[0], "any")


class NamedKeys:
    """The keys that one connection names for its scripts, and their types.

    Named are the fixed ones, and those of batches, jobs and processes that a script has asked for:
    which of them it needs often stands in Redis only.
    """

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._root = keys.root
        self._fixed = keys.fixed()
        self._more: dict[tuple[str, ...], None] = {}
        self.add(())

    def begin(self) -> None:
        """Forget what was named first, where it is too much for each call."""
        if len(self._more) > _MOST_NAMED:
            self._more = dict.fromkeys([*self._more][-_MOST_NAMED:])
            self.add(())

    def add(self, names: Iterable[str]) -> None:
        """Name all keys of the batches, jobs and processes that the keys in `names` belong to."""
        for name in names:
            kind, _, owner = name.removeprefix(self._root).partition(":")
            group = _GROUPS[kind]
            found = [f"{self._root}{one}:{owner}" for one in group]
            if group is _OF_PROCESS:
                found += [f"{prefix}{found[-1]}" for prefix in _KOMBUS]
            self._more[tuple(found)] = None
        every = [*chain(self._fixed, *self._more)]
        self._names = [name.encode("utf-8", "surrogateescape") for name in every]
        self._types = " ".join([str(len(self._fixed)), *map(self._keys.type_of, every)])

    def names(self) -> list[bytes]:
        """All of them, as Redis gets them."""
        return self._names

    def types(self) -> str:
        """How many of them belong to no single batch, job or process, then the type of each."""
        return self._types
