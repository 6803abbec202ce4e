"""Answers that stand for as long as nothing is committed, and noticing that at next to no cost."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock, local
from typing import Any, TypeVar

from sqlalchemy import Engine

Answer = TypeVar("Answer")

MOST_ANSWERS = 20_000


class Unchanged:
    """Remembers answers of a database. Threads may share it.

    SQLite counts, for each connection, what all others have committed (`PRAGMA data_version`): to ask for that takes
    microseconds, where a transaction takes a good part of a millisecond. PostgreSQL has nothing that is as cheap and
    as certain, so nothing is remembered there.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._can = engine.dialect.name == "sqlite" and bool(engine.url.database)
        self._watcher: Any = None
        self._owner = 0
        self._lock = Lock()
        self._answers: dict[Hashable, tuple[int, Any]] = {}
        self._here = local()

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Look once for what was committed, for all that this thread asks within the block until it writes."""
        self._here.version = self._version() if self._can else None
        try:
            yield
        finally:
            self._here.version = None

    def written(self) -> None:
        """Hear that this thread has written."""
        self._here.version = None

    def ask(self, key: Hashable, answer: Callable[[], Answer]) -> Answer:
        """Return what was answered under a key, or ask anew if anything was committed since."""
        version: int | None = getattr(self._here, "version", None)
        if version is None:
            version = self._version() if self._can else None
        if version is None:
            return answer()
        known = self._answers.get(key)
        if known is not None and known[0] == version:
            return known[1]  # type: ignore[no-any-return]
        # What is committed from here on makes the next version another one: an answer may be newer than the version
        # it is kept under, never older.
        found = answer()
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[key] = (version, found)
        return found

    def close(self) -> None:
        """Let go of the database."""
        with self._lock:
            if self._watcher is not None and self._owner == os.getpid():
                self._watcher.close()
            self._watcher = None
            self._answers.clear()

    def _version(self) -> int | None:
        """Return a number that is another one after each commit, None where that cannot be told."""
        with self._lock:
            if self._owner != os.getpid():
                # A forked child opens its own, counts from there, and leaves that of its parent open.
                _abandoned.append(self._watcher)
                self._watcher, self._owner = None, os.getpid()
                self._answers.clear()
            try:
                if self._watcher is None:
                    raw = self._engine.raw_connection()
                    raw.detach()
                    self._watcher = raw.dbapi_connection
                return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:  # whoever asks the database itself is told what is wrong with it
                return None


_abandoned: list[Any] = []
