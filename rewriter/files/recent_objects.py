"""Objects of a store that were read lately: the store sends them again only in another version.

A listing reads an object to see whether it holds several articles, and then a run reads it.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from rewriter.files.places import Stored


class RecentObjects:
    """The objects that were read last, up to `most_bytes` together; threads may share it."""

    def __init__(self, most_bytes: int) -> None:
        self._most = most_bytes
        self._objects: OrderedDict[tuple[str, str], Stored] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def get(self, bucket: str, key: str) -> Stored | None:
        """An object as it was read."""
        with self._lock:
            if (bucket, key) in self._objects:
                self._objects.move_to_end((bucket, key))
            return self._objects.get((bucket, key))

    def put(self, bucket: str, key: str, stored: Stored) -> None:
        """Keep an object as it was read, and forget the ones before it that are too much."""
        with self._lock:
            before = self._objects.pop((bucket, key), None)
            self._size += len(stored.data) - len(before.data if before else b"")
            self._objects[bucket, key] = stored
            while self._size > self._most:
                self._size -= len(self._objects.popitem(last=False)[1].data)

    def clear(self) -> None:
        """Forget all objects."""
        with self._lock:
            self._objects.clear()
            self._size = 0
