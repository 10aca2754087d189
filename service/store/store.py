"""The store: what the service, the command line and the pages of reviewers ask of the database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, true
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError

from model import Report, Span
from service.reports.figures import Figures
from service.reports.periods import Period
from service.review.desk import ArticlePage, Page, Saved
from service.review.filters import Filters
from service.store import decisions, labels, outboxes, queue, reading, retention, saving, second_look, statistics
from service.store.arrivals import Arrival, arrive
from service.store.engine import StoreError, check, open_engine, reason
from service.store.second_look import Doubt

P = ParamSpec("P")
T = TypeVar("T")
ATTEMPTS = 5
FEEDBACK = "feedback"  # the reviewer that programs are


class Store:
    """Everything in one database. Its methods may be called from several threads.

    They raise `StoreError` if the database does not answer. It is what the pages of reviewers call a `service.review.desk.Desk`.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def open(cls, url: str) -> Store:
        """Return the store at ``sqlite:///FILE`` or ``postgresql://USER@HOST/NAME``; it connects when it is first asked something.

        Raises
        ------
        StoreError
            If the URL is none of these.
        """
        return cls(open_engine(url))

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def upgrade(self) -> tuple[str | None, str | None]:
        """Make or change the tables as this version needs them; return the versions before and after."""
        from service.store.upgrade import upgrade

        return upgrade(self.engine)

    def check(self) -> None:
        """Raise `StoreError` unless the database answers and has the tables that this version needs."""
        check(self.engine)

    def save(self, report: Report) -> None:
        """Keep a report: the article and its lines if any is flagged, the counts otherwise."""
        self.save_all([arrive(report)])

    def keep(self, report: Report) -> None:
        """Keep a report and its article, even if nothing is flagged in it: somebody has something to say of it."""
        self.save_all([arrive(report, keep=True)])

    def save_all(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what arrived, in order, all or none."""
        self._write(saving.save, arrivals)

    def take(self, outbox: str, entries: Sequence[tuple[int, Arrival]]) -> None:
        """Keep entries of a queue on disk, but for those that were kept before."""
        self._write(outboxes.take, outbox, entries)

    def queue(self, filters: Filters, reviewer: str, at: str | None = None, size: int = queue.PAGE) -> Page:  # noqa: ARG002
        """Return a page of the queue, most useful lines first; ``at`` is what an earlier page said leads on."""
        return self._read(queue.read_page, filters, at, size)

    def decide(self, line: int, revision: int, label: str, span: Span | None, reviewer: str, *, alone: bool = False) -> Saved:
        """Keep a decision on a line and, unless ``alone``, on its open near-duplicates; ``span`` None leaves what is marked.

        Raises
        ------
        GoneError
            If there is no such line.
        ConflictError
            If the line is no longer at that revision.
        ValueError
            If the span is not within the line, or the label not one that is known.
        """
        return self._write(decisions.decide, line, revision, label, span, reviewer, alone=alone)

    def undo(self, decision: int, reviewer: str) -> Saved:
        """Take a decision back: what was before it holds again. Raises as `decide` does."""
        return self._write(decisions.undo, decision, reviewer)

    def article(self, article: int) -> ArticlePage:
        """Return an article. Raises `GoneError`."""
        return self._read(reading.read_article, article)

    def find(self, *, id: str | None = None, text: str | None = None) -> int | None:
        """Return the key of the article that was submitted under an id, or else with a text; None if it is not stored."""
        return self._read(reading.find_key, id, text)

    def mark_missed(self, article: int, line: int, span: Span | None, label: str, reviewer: str) -> Saved:
        """Decide a line of an article by its number, whether or not it was flagged. Raises `GoneError`, `ConflictError`, `ValueError`."""
        return self._write(reading.mark_line_as, article, line, span, label, reviewer)

    def feedback(self, article: int, line: int, span: Span | None, label: str) -> Saved:
        """Keep what a program says of a line. What a person decided stands: raises `ConflictError` if that is something else."""
        return self._write(reading.mark_line_as, article, line, span, label, FEEDBACK, overrule=False)

    def figures(self, period: Period, view: str | None = None) -> Figures:
        """Count what was flagged within a period, for one view of the reports or for all."""
        return self._read(statistics.read_figures, period, view)

    def versions(self) -> list[str]:
        """Return the model versions that flagged anything, newest first."""
        return self._read(reading.versions)

    def reopen(self, doubts: Sequence[Doubt]) -> int:
        """Send decided lines back to the queue; see `service.store.second_look.reopen`."""
        return self._write(second_look.reopen, doubts)

    def labels(self) -> Iterator[dict[str, Any]]:
        """Yield every decision as a row that `training` reads; see `service.store.labels.read_labels`."""
        try:
            with self.engine.connect() as connection:
                yield from labels.read_labels(connection)
        except SQLAlchemyError as error:
            raise StoreError(f"the database does not answer: {reason(error)}") from None

    def first_labels(self) -> Iterator[dict[str, Any]]:
        """Return the labels, the first of them read already: what is wrong with the database is raised here, and not half way."""
        found = self.labels()
        first = next(found, None)
        return found if first is None else chain([first], found)

    def purge(self, days: float | None = None) -> int:
        """Delete articles that nobody submitted for so many days, or all of them; return how many."""
        which = true() if days is None else retention.too_old(days)
        gone = 0
        while number := self._write(retention.purge, which):
            gone += number
        return gone

    def purge_id(self, id: str) -> int:
        """Delete the article that was submitted under an id; return how many that were."""
        return self._write(retention.purge_id, id)

    def count_older(self, days: float | None = None) -> int:
        """Return how many articles `purge` would delete."""
        return self._read(retention.count, true() if days is None else retention.too_old(days))

    def _read(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            with self.engine.connect() as connection:
                return function(connection, *args, **kwargs)
        except SQLAlchemyError as error:
            raise StoreError(f"the database does not answer: {reason(error)}") from error

    def _write(self, function: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
                    return function(connection, *args, **kwargs)
            except SQLAlchemyError as error:
                if attempt == ATTEMPTS or not _collided(error):
                    raise StoreError(f"the database does not answer: {reason(error)}") from error
        raise AssertionError


def _collided(error: SQLAlchemyError) -> bool:
    """Say whether another writer was in the way, so that a second attempt will do: it sees what the other one wrote."""
    if isinstance(error, IntegrityError):
        return True
    code = getattr(error.orig, "sqlstate", None) if isinstance(error, DBAPIError) else None
    return isinstance(error, OperationalError) and code in ("40001", "40P01", "55P03")
