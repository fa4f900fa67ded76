"""The keys of the queue in Redis, and their types.

Scripts get all of these names as KEYS with each call, and refuse to run where one has another type.
An id is "<batch>/<row>". A row is an article's path, with "//<task id>" behind it where another app
has called the task.
"""

from __future__ import annotations

from functools import cached_property

# Part of all keys. Raise it when the meaning or the type of a key changes: what an earlier version
# left is never read then.
_VERSION = 3
# Of a content root. A batch's name has no slash, so "<batch>/..." names what belongs to it.
_ROOT = {
    "batches": "zset",  # by time of submission
    "over": "zset",  # batches that nothing is left of, by the time they ended
    "batch": "hash",  # <batch>/<name> -> an option or a counter
    "messages": "hash",  # id -> message, until the article has ended well
    "calls": "hash",  # id -> the task call of another app that it came by
    "telling": "hash",  # id -> <process>|<call>: ended, until Celery has told the caller
    "untold": "hash",  # id -> call, as `telling`, for the next process that looks
    "ended": "hash",  # id -> how it ended
    # delivery/<id>, try/<id>, kill/<id>, job/<id> -> how many so far, and cancel/<id>: it was
    # cancelled while a process or the provider had it
    "tries": "hash",
    "targets": "hash",  # <batch>/<target> -> path, while batches are submitted
    "ready:high": "list",  # ids that may be claimed
    "ready:normal": "list",
    "suspects": "zset",  # ids that were lost with a process
    "delayed": "zset",  # ids that wait for a time
    "parked": "zset",  # ids of paused batches
    "processes": "zset",  # who works, by the end of their lease
    "holds": "hash",  # id -> <number of its claim>|<process>
    "busy": "hash",  # path -> id, for one batch at a time to work on an article
    "isolating": "set",  # processes that work on suspects, and on nothing else meanwhile
    "ticked_at": "string",  # when a process was last heard of
    "taken_over": "string",  # number of claims that were taken from dead processes
    "reserved": "hash",  # <process>|<id> or job|<job> -> money set aside for a call or a job
    "jobs": "hash",  # name -> a job of the batch API: see lua/common.lua
    "steps": "zset",  # jobs, by when their next step is due or its maker's lease ends
    "questions": "hash",  # digest -> the job that it is in, its size, and the ids that wait for it
    "awaiting": "hash",  # id -> digest of the question whose answer it awaits
    "probe": "any",
}
# Of a fleet: what its content roots share.
_FLEET = {
    "pause": "string",  # why nothing is claimed
    "probing": "string",  # which article finds out whether the reason of a pause is gone
    "spent": "hash",
    "reserved_calls": "hash",  # what a root's keys begin with -> micro-dollars set aside
    "reserved_jobs": "hash",  # the same, for jobs
    "heard": "hash",  # what a root's keys begin with -> when one of its processes was heard of
    "settled": "zset",
    "cooled": "hash",
    "admitted": "hash",
    "window:requests": "hash",
    "window:tokens": "hash",
    "arrival:requests": "string",
    "arrival:tokens": "string",
    "arrival:ramp": "string",
    "probe": "any",
}
TYPES = (*_ROOT.values(), *_FLEET.values())


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
        """All keys that scripts touch, in the order of `TYPES`."""
        of_root = (self.root + name for name in _ROOT)
        return [name.encode() for name in (*of_root, *(self.fleet + name for name in _FLEET))]
