"""The keys of the queue in Redis.

Scripts get all of these names as KEYS with each call.
An id is "<batch>/<row>". A row is an article's path, with "//<task id>" behind it where another app
has called the task.
"""

from __future__ import annotations

from functools import cached_property

# Part of all keys. Raise it when the meaning or the type of a key changes: what an earlier version
# left is never read then.
_VERSION = 3
# Of a content root. A batch's name has no slash, so "<batch>/..." names what belongs to it.
_ROOT = (
    "batches",  # by time of submission
    "batch",  # <batch>/<name> -> an option or a counter
    "messages",  # id -> message, until the article has ended well
    "calls",  # id -> the task call of another app that it came by
    "telling",  # id -> <process>|<call>: ended, until Celery has told the caller
    "untold",  # id -> call, as `telling`, for the next process that looks
    "ended",  # id -> how it ended
    # delivery/<id>, try/<id>, kill/<id>, job/<id> -> how many so far, and cancel/<id>: it was
    # cancelled while a process or the provider had it
    "tries",
    "targets",  # <batch>/<target> -> path, while batches are submitted
    "ready:high",  # ids that may be claimed
    "ready:normal",
    "suspects",  # ids that were lost with a process
    "delayed",  # ids that wait for a time
    "parked",  # ids of paused batches
    "processes",  # who works, by the end of their lease
    "holds",  # id -> <number of its claim>|<process>
    "busy",  # path -> id, for one batch at a time to work on an article
    "isolating",  # processes that work on suspects, and on nothing else meanwhile
    "ticked_at",  # when a process was last heard of
    "taken_over",  # number of claims that were taken from dead processes
    "reserved",  # <process>|<id> or job|<job> -> money set aside for a call or a job
    "jobs",  # name -> a job of the batch API: see lua/common.lua
    "steps",  # jobs, by when their next step is due or its maker's lease ends
    "questions",  # digest -> the job that it is in, its size, and the ids that wait for it
    "awaiting",  # id -> digest of the question whose answer it awaits
    "probe",
)
# Of a fleet: what its content roots share.
_FLEET = (
    "pause",  # why nothing is claimed
    "probing",  # which article finds out whether the reason of a pause is gone
    "spent",
    "reserved_calls",  # what a root's keys begin with -> micro-dollars set aside
    "reserved_jobs",  # the same, for jobs
    "heard",  # what a root's keys begin with -> when one of its processes was heard of
    "settled",
    "cooled",
    "admitted",
    "window:requests",
    "window:tokens",
    "arrival:requests",
    "arrival:tokens",
    "arrival:ramp",
    "probe",
)


class Keys:
    """What the queue's keys in Redis begin with.

    `root` is of all that belongs to one content root, `fleet` of what content roots share: the
    limits, the day's budget and pauses. Each has a hash tag of its own.
    """

    def __init__(self, root: str, fleet: str) -> None:
        self.root = f"rewriter:{{{root}}}:{_VERSION}:"
        self.fleet = f"rewriter:{{fleet:{fleet}}}:{_VERSION}:"

    @cached_property
    def names(self) -> list[bytes]:
        """All keys that scripts touch."""
        of_root = (self.root + name for name in _ROOT)
        return [name.encode() for name in (*of_root, *(self.fleet + name for name in _FLEET))]
