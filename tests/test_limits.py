"""Every limit at its edge, and what comes beyond it."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from model import Article, Classifier, Report
from service.app import create_app
from service.settings import Settings
from tests.live import PATIENCE, wait_for

NDJSON = "application/x-ndjson"


def client_with(classifier: Classifier, **limits: Any) -> FlaskClient:
    return create_app(classifier, Settings(**limits)).test_client()


def assert_problem(response: TestResponse, status: int, kind: str) -> dict[str, Any]:
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    body: dict[str, Any] = response.get_json(force=True)
    assert (body["status"], body["type"]) == (status, f"urn:saring:problem:{kind}")
    assert body["detail"]
    assert body["instance"] == f"urn:saring:request:{response.headers['X-Request-ID']}"
    return body


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_the_size_of_a_body(classifier: Classifier, content_type: str) -> None:
    client = client_with(classifier, max_body_bytes=1000)
    wrap = len(json.dumps({"text": ""})) if content_type == "application/json" else 0

    def send(size: int) -> TestResponse:
        text = "a" * (size - wrap)
        return client.post("/classify", data=json.dumps({"text": text}) if wrap else text, content_type=content_type)

    assert send(1000).status_code == 200
    assert_problem(send(1001), 413, "too-large")


def test_the_size_of_a_body_that_does_not_say_it(classifier: Classifier) -> None:
    app = create_app(classifier, Settings(max_body_bytes=1000))
    for size, status in ((1000, "200"), (1001, "413")):
        environ = EnvironBuilder(path="/classify", method="POST", content_type="text/plain").get_environ()
        environ |= {
            "CONTENT_LENGTH": "",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": io.BytesIO(b"a" * size),
            "wsgi.input_terminated": True,
        }
        assert run_wsgi_app(app, environ)[1].startswith(status)


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_the_lines_of_an_article(classifier: Classifier, line_end: str) -> None:
    client = client_with(classifier, max_lines=10)
    for text in (line_end.join(["a"] * 10), line_end.join(["a"] * 10) + line_end, line_end * 10, "a" * 1000):
        assert client.post("/classify", json={"text": text}).get_json()["line_count"] <= 10
    for text in (line_end.join(["a"] * 11), line_end * 11, line_end * 10 + "a"):
        problem = assert_problem(client.post("/classify", json={"text": text}), 422, "invalid")
        assert problem["errors"][0]["pointer"] == "/text"
    batch = client.post("/classify", json={"articles": [{"text": "a"}, {"text": "a\n" * 11}]})
    assert assert_problem(batch, 422, "invalid")["errors"][0]["pointer"] == "/articles/1/text"
    rows = client.post("/classify", data=b'{"text": "a"}\n' + json.dumps({"text": "a\n" * 11}).encode(), content_type=NDJSON)
    assert [json.loads(row).get("error", {}).get("status") for row in rows.data.splitlines()] == [None, 422]
    assert client.post("/", data={"text": "a\n" * 10}).status_code == 200
    assert client.post("/", data={"text": "a\n" * 11}).status_code == 422


def test_the_articles_of_a_batch(classifier: Classifier) -> None:
    client = client_with(classifier, max_articles=3)
    assert len(client.post("/classify", json={"articles": [{"text": "a"}] * 3}).get_json()["results"]) == 3
    problem = assert_problem(client.post("/classify", json={"articles": [{"text": "a"}] * 4}), 422, "invalid")
    assert problem["errors"] == [{"pointer": "/articles", "detail": "articles holds 4, at most 3 are allowed"}]
    rows = client.post("/classify", data=b'{"text": "a"}\n' * 4, content_type=NDJSON)
    assert len(rows.data.splitlines()) == 4


def test_the_time_of_a_batch(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_with(classifier, request_seconds=10)
    clock = Clock(monkeypatch)
    honest = Classifier.classify

    def classify_slowly(self: Classifier, article: Article, threshold: float | None = None) -> Report:
        clock.now += 4
        return honest(self, article, threshold)

    monkeypatch.setattr(Classifier, "classify", classify_slowly)
    assert client.post("/classify", json={"articles": [{"text": "a"}] * 3}).status_code == 200
    response = client.post("/classify", json={"articles": [{"text": "a"}] * 4})
    assert "3 of 4 articles" in assert_problem(response, 503, "unavailable")["detail"]
    assert int(response.headers["Retry-After"]) >= 1


@pytest.mark.parametrize("path", ["/classify", "/"])
def test_the_time_of_one_article(classifier: Classifier, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    app = create_app(classifier, Settings(request_seconds=0.2, max_concurrency=1))
    go_on, honest = threading.Event(), Classifier.classify

    def classify_when_told(self: Classifier, article: Article, threshold: float | None = None) -> Report:
        assert go_on.wait(PATIENCE)
        return honest(self, article, threshold)

    def ask() -> TestResponse:
        return app.test_client().post("/classify", json={"text": "a"})

    monkeypatch.setattr(Classifier, "classify", classify_when_told)
    long = {"text": "Harga beras naik.\n" * 10_000}
    late = app.test_client().post(path, data=long) if path == "/" else app.test_client().post(path, json=long)
    assert_problem(late, 503, "unavailable")
    assert int(late.headers["Retry-After"]) >= 1
    # Nobody waits for it any more, but it is under way: its place is taken until it is done.
    assert_problem(ask(), 429, "busy")
    go_on.set()
    wait_for(lambda: ask().status_code == 200)


def test_the_time_for_a_body_to_arrive(classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_with(classifier, request_seconds=10)
    clock = Clock(monkeypatch)
    assert client.post("/classify", input_stream=Slow(b'{"text": "a"}', clock, 10), content_type="application/json").status_code == 200
    response = client.post("/classify", input_stream=Slow(b'{"text": "a"}', clock, 11), content_type="application/json")
    assert_problem(response, 408, "timeout")


def test_the_time_for_more_of_a_stream_to_arrive(classifier: Classifier) -> None:
    go_on = threading.Event()

    class Stuck(io.RawIOBase):
        pieces: Iterator[bytes] = iter([b'{"text": "a"}\n'])

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            for piece in self.pieces:
                buffer[: len(piece)] = piece
                return len(piece)
            go_on.wait(30)
            return 0

    environ = EnvironBuilder(path="/classify", method="POST", content_type=NDJSON).get_environ()
    environ |= {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input": Stuck(), "wsgi.input_terminated": True}
    pieces, _, _ = run_wsgi_app(create_app(classifier, Settings(request_seconds=2)), environ)
    rows = [json.loads(row) for row in b"".join(pieces).splitlines()]
    go_on.set()
    assert [row.get("error", {}).get("status") for row in rows] == [None, 408]


@pytest.mark.parametrize("content_type", ["application/json", NDJSON])
def test_the_requests_at_once(classifier: Classifier, monkeypatch: pytest.MonkeyPatch, content_type: str) -> None:
    app = create_app(classifier, Settings(max_concurrency=2))
    begun, go_on = threading.Semaphore(0), threading.Event()
    honest = Classifier.classify

    def classify_when_told(self: Classifier, article: Article, threshold: float | None = None) -> Report:
        begun.release()
        assert go_on.wait(30)
        return honest(self, article, threshold)

    monkeypatch.setattr(Classifier, "classify", classify_when_told)
    answers: list[tuple[int, bytes]] = []

    def ask() -> None:
        response = app.test_client().post("/classify", data=b'{"text": "a"}', content_type=content_type)
        answers.append((response.status_code, response.data))

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
        assert begun.acquire(timeout=30)
    third = app.test_client().post("/classify", data=b'{"text": "a"}', content_type=content_type)
    assert_problem(third, 429, "busy")
    assert int(third.headers["Retry-After"]) >= 1
    assert app.test_client().get("/healthz").status_code == 200
    go_on.set()
    for thread in threads:
        thread.join()
    assert [status for status, _ in answers] == [200, 200]
    assert b"error" not in b"".join(body for _, body in answers)
    assert app.test_client().post("/classify", data=b'{"text": "a"}', content_type=content_type).status_code == 200


def test_a_place_comes_free_whatever_became_of_its_request(classifier: Classifier) -> None:
    client = client_with(classifier, max_concurrency=1)
    for body, content_type in ((b"{", "application/json"), (b"a", "text/html"), (b"{", NDJSON), (b"", NDJSON), (b"\xff", "text/plain")):
        assert client.post("/classify", data=body, content_type=content_type).status_code in (200, 400, 415)
        assert client.post("/classify", data=body, content_type=content_type, headers={"Content-Encoding": "br"}).status_code == 415
    # An answer that nobody reads ends as well.
    client.post("/classify", data=b'{"text": "a"}\n' * 100, content_type=NDJSON, buffered=False).close()
    assert client.post("/classify", json={"text": "a"}).status_code == 200


class Clock:
    """A clock that goes only when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(time, "monotonic", lambda: self.now)


class Slow(io.BytesIO):
    """A body that takes its time."""

    def __init__(self, content: bytes, clock: Clock, seconds: float) -> None:
        super().__init__(content)
        self.clock, self.seconds = clock, seconds

    def read(self, size: int | None = -1) -> bytes:
        self.clock.now, self.seconds = self.clock.now + self.seconds, 0
        return super().read(size)

    def readinto(self, buffer: Any) -> int:
        self.clock.now, self.seconds = self.clock.now + self.seconds, 0
        return super().readinto(buffer)
