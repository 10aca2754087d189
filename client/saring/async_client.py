"""The client for asyncio. It carries the same calls as the other one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from contextlib import aclosing
from types import TracebackType
from typing import Self, TypeVar

import httpx

from saring import calls
from saring.articles import Article
from saring.bulk import ROWS, Batch, Halves, Result, batches_async, count_connections
from saring.errors import SaringError
from saring.retries import USUAL, Attempts, Retries
from saring.verdicts import Model, Verdict

T = TypeVar("T")


class AsyncClient:
    """Does as `saring.Client` does, method for method, without blocking; an asynchronous context manager. Tasks may share one."""

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: Retries = USUAL,
        compress: bool = False,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._retries = retries
        self._compress = compress
        self._http = httpx.AsyncClient(base_url=url, headers=calls.headers(key, compress=compress), timeout=timeout, transport=transport)

    async def classify(
        self,
        text: str,
        *,
        id: str | None = None,
        url: str | None = None,
        lang: str | None = None,
        threshold: float | None = None,
    ) -> Verdict:
        """Return the verdict on one article; see `Client.classify`."""
        return await self._send(calls.classify(Article(text, id, url, lang, threshold)))

    async def classify_many(
        self, articles: Iterable[str | Article] | AsyncIterable[str | Article], *, batch_size: int = ROWS, connections: int | None = None
    ) -> AsyncIterator[Result]:
        """Yield one result for each article of either kind of iterable, in order; see `Client.classify_many`."""
        connections = count_connections(articles, connections)
        under_way: deque[asyncio.Task[list[Result]]] = deque()
        try:
            async for batch in batches_async(articles, batch_size):
                under_way.append(asyncio.create_task(self._judge(batch)))
                if len(under_way) == connections:
                    for result in await under_way.popleft():
                        yield result
            while under_way:
                for result in await under_way.popleft():
                    yield result
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    async def feedback(
        self,
        label: str,
        *,
        id: str | None = None,
        text: str | None = None,
        line: int | None = None,
        span: tuple[int, int] | None = None,
    ) -> None:
        """Tell the service what a part of an article really is; see `Client.feedback`."""
        await self._send(calls.feedback(label, id=id, text=text, line=line, span=span))

    async def model(self) -> Model:
        """Return the model that the service has loaded; see `Client.model`."""
        return await self._send(calls.describe_model())

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.close()

    async def _judge(self, batch: Batch) -> list[Result]:
        answer = await self._send(batch.call())
        if isinstance(answer, Halves):
            return [*await self._judge(answer.first), *await self._judge(answer.second)]
        return answer

    async def _send(self, call: calls.Call[T]) -> T:
        request = call.request(self._http, compress=self._compress)
        attempts = Attempts(self._retries)
        while True:
            try:
                return await self._ask(call, request)
            except (httpx.HTTPError, SaringError) as error:
                wait = attempts.wait_after(error)
            await asyncio.sleep(wait)

    async def _ask(self, call: calls.Call[T], request: httpx.Request) -> T:
        if call.reader is None:
            return call.read(await self._http.send(request))
        async with aclosing(await self._http.send(request, stream=True)) as response:
            if not response.is_success:
                await response.aread()
                return call.read(response)
            reader = call.reader()
            async for piece in response.aiter_bytes():
                reader.feed(piece)
            return reader.end()
