"""What callers install, against a service that is made up here: both clients, which promise the same."""

from __future__ import annotations

import ast
import asyncio
import gzip
import json
import pickle
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any, TypeAlias

import httpx
import pytest
from saring import (
    AnswerError,
    Article,
    AsyncClient,
    Client,
    Fault,
    Problem,
    ProblemError,
    Reason,
    Rejected,
    Retries,
    SaringError,
    Span,
    UnreachableError,
    Verdict,
)

Handler: TypeAlias = Callable[[httpx.Request], httpx.Response]
Open: TypeAlias = Callable[..., Any]


class Blocking:
    """`AsyncClient` behind the methods of `Client`."""

    def __init__(self, url: str, key: str | None, transport: httpx.MockTransport, **options: Any) -> None:
        async def handle(request: httpx.Request) -> httpx.Response:
            # In a thread, as a service would answer: several at a time.
            return await asyncio.to_thread(transport.handler, request)  # type: ignore[arg-type]

        self.runner = asyncio.Runner()
        self.client = AsyncClient(url, key, transport=httpx.MockTransport(handle), **options)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self.client, name)
        return lambda *args, **options: self.runner.run(method(*args, **options))

    def classify_many(self, articles: Any, **options: Any) -> Iterator[Any]:
        results = self.client.classify_many(articles, **options)

        async def following() -> Any:
            return await anext(results, None)

        async def end() -> None:
            await results.aclose()

        try:
            while (result := self.runner.run(following())) is not None:
                yield result
        finally:
            self.runner.run(end())

    def end(self) -> None:
        self.runner.run(self.client.close())
        self.runner.close()


@pytest.fixture(params=[Client, Blocking], ids=["Client", "AsyncClient"])
def connect(request: pytest.FixtureRequest) -> Iterator[Open]:
    """Return what opens a client whose requests a handler answers."""
    opened: list[Any] = []

    def connect(handler: Handler, key: str | None = None, **options: Any) -> Any:
        opened.append(request.param("http://saring.test", key, transport=httpx.MockTransport(handler), **options))
        return opened[-1]

    yield connect
    for client in opened:
        client.end() if isinstance(client, Blocking) else client.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits; return what would have been waited."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr("time.sleep", waited.append)
    monkeypatch.setattr("asyncio.sleep", sleep)
    return waited


def verdict_on(content: Any) -> dict[str, Any]:
    """The rough shape of the service: a text is flagged if it says slot, and must be a string that has a UTF-8."""
    if not isinstance(content, dict) or not isinstance(content.get("text"), str) or "\ud83c" in content["text"]:
        return {"error": {"type": "https://saring.test/problems/invalid", "title": "Invalid request", "status": 422, "detail": "no text"}}
    text = content["text"]
    line = {
        "number": 1,
        "start": 0,
        "end": len(text),
        "text": text,
        "label": "gambling",
        "score": 0.9,
        "spans": [[0, 4]],
        "reasons": [{"code": "wording", "message": "says slot", "span": [0, 4]}, {"code": "place", "message": "stands alone"}],
    }
    return {
        "id": content.get("id"),
        "flagged": "slot" in text,
        "score": 0.9,
        "threshold": content.get("threshold", 0.5),
        "line_count": 1,
        "lines": [line] if "slot" in text else [],
        "clean_text": text,
        "model": {"name": "saring", "version": "1", "family": "new here"},
        "new_here": True,
    }


def service(request: httpx.Request) -> httpx.Response:
    body = request.content
    if request.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    if request.headers["Content-Type"] == "application/x-ndjson":
        lines = [json.dumps(verdict_on(json.loads(line)), ensure_ascii=False) + "\n" for line in body.removesuffix(b"\n").split(b"\n")]
        return httpx.Response(200, content="".join(lines).encode(), headers={"Content-Type": "application/x-ndjson"})
    return httpx.Response(200, json=verdict_on(json.loads(body)))


class Failing:
    """Fails as told, one request after another, then serves."""

    def __init__(self, *failures: httpx.Response | Exception) -> None:
        self.failures = list(failures)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if not self.failures:
            return service(request)
        failure = self.failures.pop(0)
        if isinstance(failure, Exception):
            raise failure
        return failure


def test_a_request_says_what_it_was_told_and_no_more(connect: Open) -> None:
    handler = Failing()
    client = connect(handler, "secret")
    client.classify("a", id="a-1", threshold=0.9)
    (request,) = handler.requests
    assert (request.method, request.url.path, request.headers["Content-Type"]) == ("POST", "/classify", "application/json")
    assert json.loads(request.content) == {"text": "a", "id": "a-1", "threshold": 0.9}
    assert request.headers["Authorization"] == "Bearer secret"
    assert request.headers["User-Agent"].startswith("saring/")


def test_without_a_key_none_is_sent(connect: Open) -> None:
    handler = Failing()
    connect(handler).classify("a")
    assert "Authorization" not in handler.requests[0].headers


def test_a_verdict_is_typed_and_what_is_new_in_it_passed_over(connect: Open) -> None:
    verdict = connect(service).classify("slot gacor", id="a-1")
    assert isinstance(verdict, Verdict)
    assert (verdict.id, verdict.flagged, verdict.threshold, verdict.model_version) == ("a-1", True, 0.5, "1")
    (line,) = verdict.lines
    assert (line.number, line.label, line.spans) == (1, "gambling", (Span(0, 4),))
    assert line.reasons == (Reason("wording", "says slot", Span(0, 4)), Reason("place", "stands alone"))
    assert pickle.loads(pickle.dumps(verdict)) == verdict


def test_a_refusal_says_why(connect: Open) -> None:
    problem = {
        "type": "https://saring.test/problems/invalid",
        "title": "Invalid request",
        "status": 422,
        "detail": "threshold must lie between 0 and 1",
        "errors": [{"pointer": "/threshold", "detail": "must lie between 0 and 1", "new": 1}],
    }
    answer = httpx.Response(
        422, content=json.dumps(problem), headers={"Content-Type": "application/problem+json; charset=utf-8", "X-Request-ID": "r-1"}
    )
    with pytest.raises(ProblemError, match="between 0 and 1") as caught:
        connect(Failing(answer)).classify("a", threshold=2)
    error = pickle.loads(pickle.dumps(caught.value))
    assert (error.status, error.request_id, error.problem.type) == (422, "r-1", problem["type"])
    assert error.problem.faults == (Fault("/threshold", "must lie between 0 and 1"),)


@pytest.mark.parametrize("content_type", ["text/html", "application/problem+json"])
def test_a_refusal_of_something_in_between_says_what_it_can(connect: Open, content_type: str) -> None:
    with pytest.raises(ProblemError, match="Not Found") as caught:
        connect(Failing(httpx.Response(404, content=b"<h1>nginx</h1>", headers={"Content-Type": content_type}))).classify("a")
    assert caught.value.status == 404


@pytest.mark.parametrize("body", [b"<h1>Welcome</h1>", b"[]", b"{}", b'{"text": "a"}', b"[" * 100_000])
def test_an_answer_of_another_service_is_an_error(connect: Open, body: bytes) -> None:
    with pytest.raises(AnswerError, match="not one of Saring's"):
        connect(Failing(httpx.Response(200, content=body))).classify("a")


@pytest.mark.parametrize("status", [408, 429, 502, 503, 504])
def test_what_passes_is_tried_again(connect: Open, waits: list[float], status: int) -> None:
    handler = Failing(httpx.Response(status), httpx.Response(status))
    assert connect(handler).classify("slot").flagged
    assert len({request.content for request in handler.requests}) == 1
    assert 0.25 <= waits[0] <= 0.5 <= waits[1] <= 1.0


@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 422, 500, 501])
def test_what_does_not_pass_is_not_tried_again(connect: Open, waits: list[float], status: int) -> None:
    handler = Failing(httpx.Response(status))
    with pytest.raises(ProblemError) as caught:
        connect(handler).classify("a")
    assert (caught.value.status, len(handler.requests), waits) == (status, 1, [])


def test_the_service_is_not_asked_before_it_wants_to_be(connect: Open, waits: list[float]) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    asked = ["7", soon, "0", "whenever", "Thu, 01 Jan 2026 00:00:00 -0000"]
    connect(Failing(*(httpx.Response(503, headers={"Retry-After": value}) for value in asked)), retries=Retries(6)).classify("a")
    assert waits[0] == 7
    assert 25 <= waits[1] <= 30
    assert all(0 < wait <= 8 for wait in waits[2:])


def test_a_service_that_wants_rest_for_long_is_left_alone(connect: Open, waits: list[float]) -> None:
    handler = Failing(httpx.Response(429, headers={"Retry-After": "3600"}))
    with pytest.raises(ProblemError) as caught:
        connect(handler).classify("a")
    assert (caught.value.retry_after, len(handler.requests), waits) == (3600, 1, [])


FAILURES = [
    httpx.ConnectError("refused"),
    httpx.ReadError(""),
    httpx.WriteError("broken pipe"),
    httpx.ConnectTimeout("slow"),
    httpx.ReadTimeout("slow"),
    httpx.RemoteProtocolError("ended early"),
]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: type(failure).__name__)
def test_a_broken_connection_is_tried_again(connect: Open, waits: list[float], failure: Exception) -> None:
    assert connect(Failing(failure, failure)).classify("slot").flagged
    assert len(waits) == 2


def test_trying_ends(connect: Open, waits: list[float]) -> None:
    handler = Failing(*[httpx.ConnectError("refused")] * 9)
    with pytest.raises(UnreachableError, match=r"after 3 of 3 attempts: ConnectError: refused") as caught:
        connect(handler, retries=Retries(attempts=3)).classify("a")
    assert (len(handler.requests), len(waits)) == (3, 2)
    assert isinstance(caught.value.__cause__, httpx.ConnectError)


def test_a_service_that_stays_full_is_named_so(connect: Open, waits: list[float]) -> None:
    with pytest.raises(ProblemError) as caught:
        connect(Failing(*[httpx.Response(503)] * 9), retries=Retries(attempts=2)).classify("a")
    assert (caught.value.status, len(waits)) == (503, 1)


def test_an_answer_that_cannot_be_decoded_is_an_error_of_the_client(connect: Open) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=httpx.ByteStream(b"no gzip"), headers={"Content-Encoding": "gzip"})

    with pytest.raises(SaringError):
        connect(answer).classify("a")


def test_waits_grow_and_end_at_the_longest() -> None:
    retries = Retries(attempts=20, first_wait=1, longest_wait=10)
    waits = [retries.wait(failed) or 0 for failed in range(1, 20)]
    assert all(low <= wait <= 2 * low for wait, low in zip(waits, [0.5, 1, 2, 4, *[5] * 15], strict=True))
    assert retries.wait(20) is None
    assert retries.wait(1, asked=10) == 10
    assert retries.wait(1, asked=11) is None


@pytest.mark.parametrize("wrong", [{"attempts": 0}, {"first_wait": -1}, {"longest_wait": -1}])
def test_retries_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="at least"):
        Retries(**wrong)


def test_many_are_answered_in_order_each_in_its_place(connect: Open) -> None:
    articles = [
        Article("slot", id="a"),
        "clean",
        Article(None, id="c"),  # type: ignore[arg-type]
        Article("line\u2028separator\x85slot\n", id="d"),
        b"bytes",
        Article(b"bytes", id="f"),  # type: ignore[arg-type]
        None,
        Article("half \ud83c a character", id="h"),
        Article("slot", id="i", threshold=0.7),
    ]
    results = list(connect(service).classify_many(articles, batch_size=4))
    assert [result.id for result in results] == ["a", None, "c", "d", None, "f", None, "h", "i"]
    assert [isinstance(result, Rejected) for result in results] == [False, False, True, False, True, True, True, True, False]
    assert [result.flagged for result in results if isinstance(result, Verdict)] == [True, False, True, True]
    assert results[2].problem == Problem(422, "Invalid request", "no text", "https://saring.test/problems/invalid")
    assert "got bytes" in results[4].problem.detail
    assert results[8].threshold == 0.7


@pytest.mark.parametrize("articles", [[], iter(())])
def test_none_get_none(connect: Open, articles: Iterable[str]) -> None:
    handler = Failing()
    assert list(connect(handler).classify_many(articles)) == []
    assert handler.requests == []


def test_no_more_than_a_batch_is_read_ahead(connect: Open) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "slot"

    results = connect(service).classify_many(endless(), batch_size=10)
    for number in range(1, 1001):
        assert next(results).flagged
        assert read <= number + 9


def test_long_articles_make_short_batches(connect: Open) -> None:
    handler = Failing()
    texts = ["a" * 400_000] * 5 + ["b" * 2_000_000, "c"]
    assert [result.clean_text for result in connect(handler).classify_many(texts, connections=1)] == texts
    assert [request.content.count(b"\n") for request in handler.requests] == [2, 2, 1, 1, 1]


@pytest.mark.parametrize("wrong", ["batch_size", "connections"])
def test_less_than_one_makes_no_sense(connect: Open, wrong: str) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        list(connect(service).classify_many(["a"], **{wrong: 0}))


@pytest.mark.parametrize("connections", [None, 2, 3])
def test_batches_that_are_under_way_together_come_back_in_order(connect: Open, connections: int | None) -> None:
    together = threading.Barrier(connections or 2)
    texts = [f"slot {number}" for number in range(60)]

    def handler(request: httpx.Request) -> httpx.Response:
        together.wait(10)
        return service(request)

    results = connect(handler).classify_many(texts, batch_size=5, connections=connections)
    assert [result.clean_text for result in results] == texts


def test_results_may_be_left_unread(connect: Open) -> None:
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield "slot"

    client = connect(service)
    results = client.classify_many(endless(), batch_size=5, connections=3)
    assert next(results).flagged
    results.close()
    assert read <= 15
    assert client.classify("slot").flagged


def test_an_asynchronous_source_is_read_as_it_comes() -> None:
    async def source() -> AsyncIterator[str]:
        for number in range(5):
            yield f"slot {number}"

    async def judge() -> list[Any]:
        async with AsyncClient("http://saring.test", transport=httpx.MockTransport(service)) as client:
            return [result async for result in client.classify_many(source(), batch_size=2)]

    assert [result.clean_text for result in asyncio.run(judge())] == [f"slot {number}" for number in range(5)]


def test_a_batch_whose_answer_broke_off_is_sent_again(connect: Open, waits: list[float]) -> None:
    handler = Failing()

    def breaking(request: httpx.Request) -> httpx.Response:
        answer = handler(request)
        # The first answer is whole, the next two end after their first line.
        return httpx.Response(200, content=answer.content.partition(b"\n")[0]) if len(handler.requests) in (2, 3) else answer

    results = list(connect(breaking).classify_many((f"slot {number}" for number in range(6)), batch_size=3))
    assert [result.clean_text for result in results] == [f"slot {number}" for number in range(6)]
    assert (len(handler.requests), len(waits)) == (4, 2)


@pytest.mark.parametrize(
    "answer",
    [
        lambda content: content * 2,
        lambda content: content.replace(b'"a"', b'"b"'),
        lambda content: b"<h1>Welcome</h1>\n",
    ],
    ids=["too many", "another article's", "another service's"],
)
def test_answers_that_do_not_fit_are_an_error(connect: Open, answer: Callable[[bytes], bytes]) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=answer(service(request).content))

    with pytest.raises(AnswerError):
        list(connect(handler).classify_many([Article("slot", id="a")]))


@pytest.mark.parametrize("status", [413, 422])
def test_a_batch_that_is_too_large_is_divided(connect: Open, status: int) -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return service(request) if len(request.content) < 200 else httpx.Response(status)

    texts = [f"slot {number}" for number in range(20)]
    results = list(connect(handler).classify_many([*texts, "a" * 300, "slot"]))
    assert [result.clean_text for result in results if isinstance(result, Verdict)] == [*texts, "slot"]
    assert isinstance(results[20], Rejected)
    assert results[20].problem.status == status


def test_what_concerns_all_articles_is_raised(connect: Open) -> None:
    handler = Failing()
    results = connect(handler).classify_many(["slot"] * 4, batch_size=2, connections=1)
    assert [next(results).flagged for _ in range(2)] == [True, True]
    handler.failures.append(httpx.Response(401))
    with pytest.raises(ProblemError):
        next(results)


def test_bodies_are_compressed_both_ways_when_told_to(connect: Open) -> None:
    handler = Failing()
    client = connect(handler, compress=True)
    texts = ["slot " * 1000] * 3
    assert client.classify(texts[0]).flagged
    assert len(list(client.classify_many(texts))) == 3
    for request in handler.requests:
        assert (request.headers["Content-Encoding"], request.headers["Accept-Encoding"]) == ("gzip", "gzip")
        assert len(request.content) < 500
    plain = Failing()
    connect(plain).classify("a")
    assert plain.requests[0].headers["Accept-Encoding"] == "identity"


def test_feedback_says_what_is_known(connect: Open) -> None:
    handler = Failing(httpx.Response(204), httpx.Response(201, json={"new": 1}))
    client = connect(handler)
    client.feedback("clean", id="a-1", line=3)
    client.feedback("gambling", text="slot", span=(0, 4))
    assert [request.url.path for request in handler.requests] == ["/feedback"] * 2
    assert [json.loads(request.content) for request in handler.requests] == [
        {"id": "a-1", "line": 3, "label": "clean"},
        {"text": "slot", "span": [0, 4], "label": "gambling"},
    ]


def test_the_model_is_described(connect: Open) -> None:
    body = {
        "name": "saring",
        "version": "1",
        "created": "2026-11-01",
        "line_count": 9,
        "threshold": 0.5,
        "figures": {"recall": 0.9},
        "new": 1,
    }
    model = connect(lambda request: httpx.Response(200 if request.url.path == "/model" else 404, json=body)).model()
    assert (model.name, model.version, model.threshold, model.figures["recall"]) == ("saring", "1", 0.5, 0.9)


def test_a_client_closes_its_connections() -> None:
    with Client("http://saring.test", transport=httpx.MockTransport(service)) as client:
        client.classify("a")
    with pytest.raises(RuntimeError, match="closed"):
        client.classify("a")


def test_the_client_imports_httpx_and_the_standard_library_only() -> None:
    allowed = sys.stdlib_module_names | {"httpx", "saring"}
    for path in (Path(__file__).parent.parent / "client" / "saring").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
            # Who imports the pipeline has Scrapy, and what comes with it; nothing else imports the pipeline.
            assert path.name == "scrapy.py" or {name.partition(".")[0] for name in names} <= allowed
            assert "saring.scrapy" not in names
