"""The keys of the queue in Redis.

`lua/common.lua` has their types, and names them for the scripts.

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

from typing import NamedTuple, Self


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
