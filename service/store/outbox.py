"""A bounded queue on disk, shared by the workers of one service: what is put there survives a worker that is killed."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BUSY_SECONDS = 5.0
_TABLES = """
CREATE TABLE IF NOT EXISTS waiting (id INTEGER PRIMARY KEY AUTOINCREMENT, packed TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS refused (id INTEGER PRIMARY KEY, packed TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS own (name TEXT NOT NULL);
"""


class FullError(Exception):
    """The queue is at its bound."""


class Outbox:
    """Entries with ascending numbers, none of which is ever used twice.

    Parameters
    ----------
    path : Path
        Its file; one is made if there is none.
    most_bytes : int
        Bound of that file.
    """

    def __init__(self, path: Path, most_bytes: int = 2**30) -> None:
        self.path = path
        self.most_bytes = most_bytes
        self._local = threading.local()

    @property
    def name(self) -> str:
        """What tells this queue from any other, for as long as its file exists."""
        return str(self._connection().execute("SELECT name FROM own").fetchone()[0])

    def put(self, packed: str) -> None:
        """Add an entry. Raises `FullError`, or `OSError` if the disk does not take it."""
        try:
            self._connection().execute("INSERT INTO waiting (packed) VALUES (?)", (packed,))
        except sqlite3.Error as error:
            if "full" in str(error):
                raise FullError(f"{self.path} holds {self.most_bytes} bytes") from None
            raise OSError(f"{self.path}: {error}") from None

    def read(self, most: int) -> list[tuple[int, str]]:
        """Return the first entries, at least one if there is any and little more than 8 MiB of them."""
        rows = []
        size = 0
        for number, packed in self._connection().execute("SELECT id, packed FROM waiting ORDER BY id LIMIT ?", (most,)):
            rows.append((number, packed))
            size += len(packed)
            if size > 8 * 2**20:
                break
        return rows

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget entries."""
        self._connection().executemany("DELETE FROM waiting WHERE id = ?", [(number,) for number in numbers])

    def refuse(self, number: int, why: str) -> None:
        """Put an entry aside that the store will never take, for somebody to look at."""
        connection = self._connection()
        connection.execute("INSERT OR REPLACE INTO refused SELECT id, packed, ? FROM waiting WHERE id = ?", (why, number))
        connection.execute("DELETE FROM waiting WHERE id = ?", (number,))

    def waiting(self) -> int:
        """Return how many entries there are."""
        return self._number("SELECT count(*) FROM waiting") or 0

    def refused(self) -> int:
        """Return how many entries were put aside."""
        return self._number("SELECT count(*) FROM refused") or 0

    def last(self) -> int | None:
        """Return the number of the newest entry, None if there is none."""
        return self._number("SELECT max(id) FROM waiting")

    def first(self) -> int | None:
        """Return the number of the oldest entry, None if there is none."""
        return self._number("SELECT min(id) FROM waiting")

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Tell whether nobody else empties the queue at this moment, and keep others from it for as long as that is so."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_name(self.path.name + ".lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def _number(self, query: str) -> int | None:
        """Return what a query answers. Raises `OSError` if the file cannot be used."""
        try:
            found: int | None = self._connection().execute(query).fetchone()[0]
        except sqlite3.Error as error:
            raise OSError(f"{self.path}: {error}") from None
        return found

    def _connection(self) -> sqlite3.Connection:
        """Return this thread's connection. A connection that was opened before a fork must not be used after it."""
        if getattr(self._local, "process", None) != os.getpid():
            self._local.connection = self._open()
            self._local.process = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def _open(self) -> sqlite3.Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Articles may hold personal data: nobody else on the machine reads them.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None)
        # SQLite does not wait where two switch to the write-ahead log at once: the second is told that the file is locked.
        with self.path.with_name(self.path.name + ".opening").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self._prepare(connection)
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        # Without a wait for the disk at each entry: a killed process loses nothing, a power failure what came in the last moments.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=ON")
        page = int(connection.execute("PRAGMA page_size").fetchone()[0])
        connection.execute(f"PRAGMA max_page_count={max(self.most_bytes // page, 16)}")
        connection.execute("BEGIN IMMEDIATE")
        for statement in _TABLES.strip().splitlines():
            connection.execute(statement)
        if connection.execute("SELECT count(*) FROM own").fetchone()[0] == 0:
            connection.execute("INSERT INTO own VALUES (?)", (uuid.uuid4().hex,))
        connection.execute("COMMIT")
