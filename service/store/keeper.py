"""Keeping every report, whether or not the database is there at the moment."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from model import Report
from service.store.arrivals import Arrival, arrive, pack, unpack
from service.store.engine import CONNECT_SECONDS, StoreError
from service.store.outbox import FullError, Outbox
from service.store.store import Store

log = logging.getLogger("saring.store")

AT_ONCE = 200  # entries of one transaction
POLL_SECONDS = 1.0  # what another worker put there, or the database's return, is noticed after this
PURGE_SECONDS = 3600.0
ASK_SECONDS = CONNECT_SECONDS + 1.0


class Keeper:
    """Puts reports on disk at once and into the store soon after, in a thread of its own.

    All workers of a service share one outbox, and one of them empties it at a time. The way is the same whether or not the database is
    there, so nothing is lost when it goes; and the store remembers how far the outbox was read, so nothing is stored twice.
    """

    def __init__(self, store: Store, outbox: Outbox, retention_days: float | None = None) -> None:
        self.store = store
        self.outbox = outbox
        self.retention_days = retention_days
        self.dropped: Callable[[], None] = lambda: None
        self.problem: str | None = None
        self._full = self._asked = False
        self._born = os.getpid()
        self._process: int | None = None
        self._start_lock = threading.Lock()
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._answer: Future[str | None] | None = None
        self._purged = 0.0

    def __call__(self, report: Report) -> None:
        """Take a report; it is on disk when this returns. If even the disk does not take it, that is logged and counted."""
        self.start()
        try:
            self.outbox.put(pack(arrive(report)))
            self._full = False
        except (FullError, OSError) as error:
            self._full = True
            log.error("a verdict was not kept: %s", error)  # noqa: TRY400
            self.dropped()
        self._wake.set()

    def start(self) -> None:
        """Start the thread of this process, unless it runs. Threads do not survive a fork."""
        if self._process == os.getpid():
            return
        with self._start_lock:
            if self._process == os.getpid():
                return
            self._process = os.getpid()
            self._wake, self._stop = threading.Event(), threading.Event()
            self._answer = None
            if self._born != os.getpid():
                self.store.engine.dispose(close=False)  # the connections are those of the process that forked this one
            self._thread = threading.Thread(target=self._run, name="saring-store", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the thread. What waits stays on disk for the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        self._process = None

    def settle(self, seconds: float = 2.0) -> bool:
        """Wait until what came before this call is in the store, so that who looks sees it; say whether it is.

        There is no wait while the database is away.
        """
        self.start()
        deadline = time.monotonic() + seconds
        try:
            last = self.outbox.last()
            while last is not None and (first := self.outbox.first()) is not None and first <= last:
                if self.problem or time.monotonic() > deadline:
                    return False
                self._wake.set()
                time.sleep(0.01)
        except OSError:
            return False
        return True

    def waiting(self) -> int:
        """Return how many reports are on their way to the store, 0 if the queue on disk cannot be used: `probe` says so."""
        try:
            return self.outbox.waiting()
        except OSError:
            return 0

    def probe(self) -> str | None:
        """Return what is wrong with the store, None while all is well."""
        self.start()
        try:
            waiting, refused = self.outbox.waiting(), self.outbox.refused()
        except OSError as error:
            return f"verdicts are lost: {error}"
        if self._full:
            return f"verdicts are lost: the queue on disk takes no more ({waiting} wait)"
        problem = self.problem or self._ask()
        if problem:
            return f"{problem}; {waiting} verdicts wait on disk"
        return f"the store refused {refused} verdicts; they lie in {self.outbox.path.name}" if refused else None

    def healthy(self) -> bool:
        """Say whether the store answers."""
        return self.problem is None and self._ask() is None

    def drain(self) -> int:
        """Move what waits into the store and return how much that was.

        Raises
        ------
        StoreError
            If the database is away; everything stays where it was.
        """
        moved = 0
        with self.outbox.alone() as alone:
            while alone and not self._stop.is_set() and (rows := self.outbox.read(AT_ONCE)):
                self._take(rows)
                moved += len(rows)
        return moved

    def _take(self, rows: list[tuple[int, str]]) -> None:
        entries: list[tuple[int, Arrival]] = []
        for number, packed in rows:
            try:
                entries.append((number, unpack(packed)))
            except (ValueError, KeyError, TypeError, IndexError) as error:
                self._refuse(number, f"cannot be read: {error!r}")
        name = self.outbox.name
        try:
            self.store.take(name, entries)
        except StoreError:
            self.store.check()  # raises if the database is the matter, and not one of the entries
            for entry in entries:
                self._take_one(name, entry)
            return
        self.outbox.remove([number for number, _ in entries])

    def _take_one(self, name: str, entry: tuple[int, Arrival]) -> None:
        try:
            self.store.take(name, [entry])
        except StoreError as error:
            self.store.check()
            self._refuse(entry[0], str(error))
        else:
            self.outbox.remove([entry[0]])

    def _refuse(self, number: int, why: str) -> None:
        log.error("the store refused a verdict: %s", why)
        self.outbox.refuse(number, why)

    def _ask(self) -> str | None:
        """Ask the database in a thread: one that froze in the middle of a connection holds up nobody who wants to know."""
        with self._start_lock:
            if self._answer is None or self._answer.done():
                self._answer = Future()
                threading.Thread(target=self._answer_with, args=(self._answer,), name="saring-store-check", daemon=True).start()
            answer = self._answer
        try:
            return answer.result(ASK_SECONDS)
        except TimeoutError:
            return "the database does not answer"

    def _answer_with(self, answer: Future[str | None]) -> None:
        try:
            self.store.check()
        except StoreError as error:
            answer.set_result(str(error))
        except Exception as error:
            answer.set_exception(error)
        else:
            answer.set_result(None)

    def _run(self) -> None:
        wake, stop = self._wake, self._stop
        while not stop.is_set():
            wake.clear()
            try:
                self._turn()
            except Exception:
                # Whatever it was: this thread is the only one that empties the outbox.
                log.exception("keeping verdicts failed")
                self.problem = "keeping verdicts failed; see the log"
            wake.wait(POLL_SECONDS)
            if self.problem:
                stop.wait(POLL_SECONDS)  # and not once for every request that wakes it

    def _turn(self) -> None:
        try:
            if self.problem or not self._asked:
                self.store.check()
                self._asked = True
            self.drain()
            self._purge()
        except StoreError as error:
            if self.problem != str(error):
                log.warning("%s; verdicts wait on disk", error)
            self.problem = str(error)
        else:
            if self.problem:
                log.warning("the store is back")
            self.problem = None

    def _purge(self) -> None:
        if self.retention_days is None or (time.monotonic() < self._purged + PURGE_SECONDS and self._purged):
            return
        self._purged = time.monotonic()
        gone = self.store.purge(self.retention_days)
        if gone:
            log.info("%d articles were older than %g days and purged", gone, self.retention_days)
