"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from types import TracebackType
from typing import Self, TypeVar

import httpx

from saring import calls
from saring.articles import Article
from saring.bulk import ROWS, Batch, Halves, Result, batches, count_connections
from saring.errors import SaringError
from saring.retries import USUAL, Attempts, Retries
from saring.verdicts import Model, Verdict

T = TypeVar("T")


class Client:
    """Talks to a Saring service; a context manager that closes its connections. Threads may share one.

    Every call is sent again, after a while, if the service is full, restarting or out of reach; see `Retries`.

    Parameters
    ----------
    url : str
        Where the service listens, such as ``http://127.0.0.1:8000``.
    key : str, optional
        An API key, if the service wants one.
    timeout : float
        Seconds to wait for a connection, and for each part of an answer.
    retries : Retries
        How often and how long to try again; ``Retries(attempts=1)`` is never.
    compress : bool
        Whether bodies travel compressed, both ways. Worth it over a network, not on one machine.
    transport : httpx.BaseTransport, optional
        What carries the requests instead of the network; for tests and proxies.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries = USUAL,
        compress: bool = False,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._retries = retries
        self._compress = compress
        self._http = httpx.Client(base_url=url, headers=calls.headers(key, compress=compress), timeout=timeout, transport=transport)

    def classify(
        self,
        text: str,
        *,
        id: str | None = None,
        url: str | None = None,
        lang: str | None = None,
        threshold: float | None = None,
    ) -> Verdict:
        """Return the verdict on one article; `Article` says what the parameters mean.

        Raises
        ------
        ProblemError
            If the service refuses the request.
        UnreachableError
            If no answer could be had.
        AnswerError
            If what answered is no Saring service.
        """
        return self._send(calls.classify(Article(text, id, url, lang, threshold)))

    def classify_many(
        self, articles: Iterable[str | Article], *, batch_size: int = ROWS, connections: int | None = None
    ) -> Iterator[Result]:
        """Yield one result for each article, in order, however many there are: a batch of them for each connection is in memory.

        An article that cannot be judged gets a `Rejected` in its place, and the rest goes on.

        Parameters
        ----------
        articles : iterable of str or Article
            What to judge. It is read a batch at a time, a sequence a batch ahead.
        batch_size : int
            The most articles that travel together. Where articles come one now and then, 1 brings each verdict at once.
        connections : int or None
            How many batches are under way at a time; as many as the service has workers brings its full speed. None stands for two where
            the articles are a sequence, and else for one: then no verdict waits for a later article to be there.

        Raises
        ------
        SaringError
            As `classify` does, for what concerns all articles. Those before it have been answered.
        """
        connections = count_connections(articles, connections)
        pool = ThreadPoolExecutor(connections, thread_name_prefix="saring")
        under_way: deque[Future[list[Result]]] = deque()
        # Of what is there already, the next batch is made ready while the service works.
        most = connections + isinstance(articles, Sequence)
        try:
            for batch in batches(articles, batch_size):
                under_way.append(pool.submit(self._judge, batch))
                if len(under_way) == most:
                    yield from under_way.popleft().result()
            while under_way:
                yield from under_way.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def feedback(
        self,
        label: str,
        *,
        id: str | None = None,
        text: str | None = None,
        line: int | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Tell the service what a part of an article really is, as a spam service's report-spam and report-ham do.

        Parameters
        ----------
        label : str
            ``gambling`` or ``promotion`` for what was missed or confirmed, ``clean`` for a false alarm.
        id, text : str
            The article: what it was called in `classify`, or its text.
        line : int
            Which line, counted from 1 as in `FlaggedLine.number`; or
        span : (int, int)
            which code points of the text, the end exclusive.

        Raises
        ------
        SaringError
            As `classify` does.
        """
        self._send(calls.feedback(label, id=id, text=text, line=line, span=span))

    def model(self) -> Model:
        """Return the model that the service has loaded. Raises as `classify` does."""
        return self._send(calls.describe_model())

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _judge(self, batch: Batch) -> list[Result]:
        answer = self._send(batch.call())
        if isinstance(answer, Halves):
            return [*self._judge(answer.first), *self._judge(answer.second)]
        return answer

    def _send(self, call: calls.Call[T]) -> T:
        request = call.request(self._http, compress=self._compress)
        attempts = Attempts(self._retries)
        while True:
            try:
                return self._ask(call, request)
            except (httpx.HTTPError, SaringError) as error:
                wait = attempts.wait_after(error)
            time.sleep(wait)

    def _ask(self, call: calls.Call[T], request: httpx.Request) -> T:
        if call.reader is None:
            return call.read(self._http.send(request))
        with closing(self._http.send(request, stream=True)) as response:
            if not response.is_success:
                response.read()
                return call.read(response)
            reader = call.reader()
            for piece in response.iter_bytes():
                reader.feed(piece)
            return reader.end()
