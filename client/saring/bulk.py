"""Many articles as batches of newline-delimited JSON.

httpx reads an answer only when all of the request is sent, so one request cannot go on without an end: client and service would
both wait for the other to read. A batch is small enough never to come there, and is sent again as a whole when a connection breaks.
No more is held in memory than the batches under way and, of a sequence, the next one.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from saring.articles import Article
from saring.calls import Call, parse, problem_of, refusal
from saring.errors import AnswerError, IncompleteAnswerError, Problem
from saring.verdicts import Rejected, Verdict

Result: TypeAlias = Verdict | Rejected
ROWS = 192
BYTES = 960 * 2**10
# As many as the service has workers, unless it was told otherwise.
CONNECTIONS = 2
# The service takes no body so large, or no such number of articles.
TOO_LARGE = (413, 422)


@dataclass(frozen=True, slots=True)
class Row:
    """One article, encoded; or ``null`` in the place of what JSON cannot say, for which ``problem`` is known beforehand."""

    id: str | None
    line: bytes
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Halves:
    """A batch that the service does not take as a whole, in two."""

    first: Batch
    second: Batch


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that are sent together; there is at least one."""

    rows: tuple[Row, ...]

    def call(self) -> Call[list[Result] | Halves]:
        """Ask for the verdicts on them, in order."""
        body = b"".join(row.line + b"\n" for row in self.rows)
        return Call("POST", "/classify", self._refused, body, "application/x-ndjson", lambda: Answers(self.rows))

    def _refused(self, response: httpx.Response) -> list[Result] | Halves:
        if response.status_code in TOO_LARGE:
            return self._divide(problem_of(response))
        raise refusal(response)

    def _divide(self, problem: Problem) -> list[Result] | Halves:
        if len(self.rows) == 1:
            return [Rejected(self.rows[0].id, self.rows[0].problem or problem)]
        middle = len(self.rows) // 2
        return Halves(Batch(self.rows[:middle]), Batch(self.rows[middle:]))


class Answers:
    """Makes results of the lines of an answer as they arrive."""

    def __init__(self, rows: tuple[Row, ...]) -> None:
        self._rows = rows
        self._results: list[Result] = []
        self._rest: list[bytes] = []

    def feed(self, piece: bytes) -> None:
        """Take the next piece of the answer."""
        # Not splitlines(): JSON strings may hold the other line ends.
        *ends, rest = piece.split(b"\n")
        for end in ends:
            self._take(b"".join([*self._rest, end]))
            self._rest = []
        if rest:
            self._rest.append(rest)

    def end(self) -> list[Result]:
        """Return one result for each row."""
        self._take(b"".join(self._rest))
        if len(self._results) < len(self._rows):
            raise IncompleteAnswerError(f"{len(self._results)} answers to {len(self._rows)} articles")
        return self._results

    def _take(self, line: bytes) -> None:
        if not line.strip():
            return
        if len(self._results) == len(self._rows):
            raise AnswerError(f"more answers than the {len(self._rows)} articles")
        self._results.append(_result(self._rows[len(self._results)], line))


def count_connections(articles: Iterable[str | Article] | AsyncIterable[str | Article], wanted: int | None) -> int:
    """Return how many batches may be under way: as many as are wanted, or else as many as keep no verdict from being had at once.

    Raises
    ------
    ValueError
        If fewer than one are wanted.
    """
    if wanted is None:
        return CONNECTIONS if isinstance(articles, Sequence) else 1
    if wanted < 1:
        raise ValueError("connections must be at least 1")
    return wanted


class Collector:
    """Puts articles into batches of at most `rows` rows and, but for a single row that is longer, `BYTES` bytes."""

    def __init__(self, rows: int) -> None:
        if rows < 1:
            raise ValueError(f"a batch holds at least 1 article, not {rows}")
        self._limit = rows
        self._rows: list[Row] = []
        self._bytes = 0

    def add(self, article: str | Article) -> Iterator[Batch]:
        """Add an article; yield a batch if that completes one."""
        row = _row(article)
        if self._bytes + len(row.line) > BYTES:
            yield from self.rest()
        self._rows.append(row)
        self._bytes += len(row.line)
        if len(self._rows) == self._limit:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Yield what has been added since the last batch, if anything."""
        if self._rows:
            batch = Batch(tuple(self._rows))
            self._rows, self._bytes = [], 0
            yield batch


def batches(articles: Iterable[str | Article], rows: int) -> Iterator[Batch]:
    """Yield the articles in batches, never holding more than one."""
    collector = Collector(rows)
    for article in articles:
        yield from collector.add(article)
    yield from collector.rest()


async def batches_async(articles: Iterable[str | Article] | AsyncIterable[str | Article], rows: int) -> AsyncIterator[Batch]:
    """Do as `batches` does, for either kind of iterable."""
    if not isinstance(articles, AsyncIterable):
        for batch in batches(articles, rows):
            yield batch
        return
    collector = Collector(rows)
    async for article in articles:
        for batch in collector.add(article):
            yield batch
    for batch in collector.rest():
        yield batch


def _row(article: str | Article) -> Row:
    if isinstance(article, str):
        article = Article(article)
    if not isinstance(article, Article):
        return _unsendable(None, f"expected a text or an Article, got {type(article).__name__}")
    try:
        return Row(article.id, article.to_json())
    except (TypeError, ValueError) as error:
        return _unsendable(article.id, str(error))


def _unsendable(id: str | None, detail: str) -> Row:
    return Row(id, b"null", Problem(422, "Invalid request", detail, "urn:saring:problem:invalid"))


def _result(row: Row, line: bytes) -> Result:
    if row.problem is not None:
        return Rejected(row.id, row.problem)
    result = parse(lambda body: Rejected(row.id, Problem.from_json(body["error"])) if "error" in body else Verdict.from_json(body), line)
    if result.id != row.id:
        raise AnswerError(f"the answer to article {row.id!r} names {result.id!r}")
    return result
