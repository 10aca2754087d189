"""Many articles in one request: batches, streams, gzip."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from model import Classifier
from service.app import create_app
from service.settings import Settings
from tests.conftest import ARTICLE

NDJSON = "application/x-ndjson"
SPAM = {"id": "spam", "text": ARTICLE}
CLEAN = {"id": "clean", "text": "Harga beras naik pekan ini, kata pedagang."}


def rows(*values: Any) -> bytes:
    return b"".join((value if isinstance(value, bytes) else json.dumps(value).encode()) + b"\n" for value in values)


def stream(client: FlaskClient, body: bytes, **headers: str) -> TestResponse:
    return client.post("/classify", data=body, content_type=NDJSON, headers=headers)


def answers(response: TestResponse) -> list[dict[str, Any]]:
    assert (response.status_code, response.mimetype) == (200, NDJSON)
    return [json.loads(row) for row in response.data.decode().split("\n")[:-1]]


class Endless(io.RawIOBase):
    """A body that never ends, and remembers how much of it was read."""

    def __init__(self, row: bytes) -> None:
        self.row = row
        self.position = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        assert len(buffer) <= 2**20
        start, size = self.position % len(self.row), len(buffer)
        buffer[:] = (self.row * (size // len(self.row) + 2))[start : start + size]
        self.position += size
        return size


def test_a_batch_has_the_verdicts_of_its_articles_in_order(client: FlaskClient) -> None:
    body = client.post("/classify", json={"articles": [SPAM, {**CLEAN, "threshold": 0}, SPAM]}).get_json()
    alone = [client.post("/classify", json=article).get_json() for article in (SPAM, {**CLEAN, "threshold": 0}, SPAM)]
    assert body == {"results": alone}
    assert client.post("/classify", json={"articles": []}).get_json() == {"results": []}


def test_every_fault_of_a_batch_is_told(client: FlaskClient) -> None:
    articles = [CLEAN, {"text": 1, "id": 2}, {"text": "a\0"}, {}, {"text": "a", "a/b~c": 1, "threshold": 3}, 7]
    response = client.post("/classify", json={"articles": articles, "more": 1})
    assert response.status_code == 422
    assert {error["pointer"] for error in response.get_json()["errors"]} == {
        "/articles/1/text",
        "/articles/1/id",
        "/articles/2/text",
        "/articles/3/text",
        "/articles/4/a~1b~0c",
        "/articles/4/threshold",
        "/articles/5",
        "/more",
    }


@pytest.mark.parametrize("body", [{"articles": {}}, {"articles": None}, {"articles": [], "text": "a"}])
def test_a_batch_is_a_list_and_nothing_else(client: FlaskClient, body: Any) -> None:
    assert client.post("/classify", json=body).status_code == 422


def test_a_stream_has_a_verdict_for_each_line_in_order(client: FlaskClient) -> None:
    got = answers(stream(client, rows(SPAM, CLEAN, SPAM)))
    assert got == client.post("/classify", json={"articles": [SPAM, CLEAN, SPAM]}).get_json()["results"]


def test_a_broken_line_gets_an_error_in_its_place_and_the_rest_goes_on(client: FlaskClient) -> None:
    broken: list[Any] = [
        b"{",
        {"id": "b", "text": 1},
        b'{"id": "c", "text": "\xff"}',
        [],
        {"id": 5, "text": "a"},
        {"id": "\udfff", "text": ""},
    ]
    got = answers(stream(client, rows(SPAM, *broken, CLEAN)))
    assert [answer.get("id") for answer in got] == ["spam", None, "b", None, None, 5, "?", "clean"]
    assert [answer["error"]["status"] if "error" in answer else 200 for answer in got] == [200, 400, 422, 400, 422, 422, 422, 200]
    assert got[2]["error"]["errors"] == [{"pointer": "/text", "detail": "text must be a string, got a number"}]
    assert all(answer.keys() <= {"id", "error"} for answer in got[1:-1])


def test_an_unexpected_error_costs_its_line_alone(client: FlaskClient, classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Classifier.classify

    def fail_on_clean(self: Classifier, article: Any, threshold: float | None = None) -> Any:
        if article.id == "clean":
            raise RuntimeError("secret detail")
        return honest(self, article, threshold)

    monkeypatch.setattr(Classifier, "classify", fail_on_clean)
    response = stream(client, rows(SPAM, CLEAN, SPAM))
    assert [answer.get("error", {}).get("status") for answer in answers(response)] == [None, 500, None]
    assert b"secret" not in response.data


def test_blank_lines_a_missing_last_line_end_and_other_line_ends(client: FlaskClient) -> None:
    body = b"\n" + rows(CLEAN) + b"  \r\n" + json.dumps({"text": "a\u2028b"}, ensure_ascii=False).encode()
    response = stream(client, body)
    assert [answer["line_count"] for answer in answers(response)] == [1, 2]
    assert len(response.data.decode().splitlines()) == 2
    assert answers(stream(client, b"")) == []


@pytest.mark.parametrize("content_type", ["application/x-ndjson; charset=utf-8", "application/jsonl", "application/ndjson"])
def test_a_stream_goes_by_several_names(client: FlaskClient, content_type: str) -> None:
    assert len(answers(client.post("/classify", data=rows(CLEAN, CLEAN), content_type=content_type))) == 2


def test_the_query_stands_in_for_what_an_article_does_not_say(client: FlaskClient) -> None:
    got = client.post("/classify?threshold=0", data=rows(CLEAN, {**CLEAN, "threshold": 1}), content_type=NDJSON)
    assert [answer["threshold"] for answer in answers(got)] == [0, 1]
    assert client.post("/classify?threshold=0.25&id=q", json={"text": "a"}).get_json()["id"] == "q"
    assert client.post("/classify?threshold=2", data=rows(CLEAN), content_type=NDJSON).status_code == 422


def test_a_long_stream_is_whole_and_in_order(client: FlaskClient) -> None:
    padding = "https://berita.example/" + "a" * 10_000
    body = rows(*({"id": str(number), "text": "Harga beras naik.", "url": padding} for number in range(300)))
    assert len(body) > 2**21
    assert [answer["id"] for answer in answers(stream(client, body))] == [str(number) for number in range(300)]


def test_a_stream_without_end_is_answered_as_it_comes(classifier: Classifier) -> None:
    settings = Settings(max_spool_bytes=2**20)
    body = Endless(rows(CLEAN))
    environ = EnvironBuilder(path="/classify", method="POST", content_type=NDJSON).get_environ()
    environ |= {"CONTENT_LENGTH": "", "wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    pieces, status, _ = run_wsgi_app(create_app(classifier, settings), environ)
    assert status == "200 OK"
    assert json.loads(next(iter(pieces)).partition(b"\n")[0])["id"] == "clean"
    assert body.position < 2**22
    pieces.close()  # type: ignore[attr-defined]


def test_a_line_that_is_too_long_is_refused_and_skipped(classifier: Classifier) -> None:
    limit = 200_000
    just = {"text": "a" * (limit - len(json.dumps({"text": ""})))}
    over = {"text": just["text"] + "a"}
    with create_app(classifier, Settings(max_body_bytes=limit)).test_client() as client:
        got = answers(stream(client, rows(just, over, CLEAN, over, over) + json.dumps(CLEAN).encode()))
    assert [answer.get("error", {}).get("status", 200) for answer in got] == [200, 413, 200, 413, 413, 200]


def test_gzip_in(client: FlaskClient) -> None:
    plain = client.post("/classify", json=SPAM).get_json()
    for encoding in ("gzip", "GZIP", "x-gzip"):
        body = gzip.compress(json.dumps(SPAM).encode())
        got = client.post("/classify", data=body, content_type="application/json", headers={"Content-Encoding": encoding})
        assert got.get_json() == plain
    packed = gzip.compress(rows(SPAM, CLEAN)) + gzip.compress(rows(SPAM))
    assert [answer["id"] for answer in answers(stream(client, packed, **{"Content-Encoding": "gzip"}))] == ["spam", "clean", "spam"]
    text = client.post("/classify", data=gzip.compress(ARTICLE.encode()), content_type="text/plain", headers={"Content-Encoding": "gzip"})
    assert text.get_json()["lines"] == plain["lines"]


def test_gzip_out(client: FlaskClient) -> None:
    accept = {"Accept-Encoding": "gzip"}
    packed = client.post("/classify", json=SPAM, headers=accept)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.data)) == client.post("/classify", json=SPAM).get_json()
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in client.post("/classify", json={"text": "a"}, headers=accept).headers
    assert "Content-Encoding" not in client.post("/classify", json=SPAM, headers={"Accept-Encoding": "gzip;q=0"}).headers
    streamed = stream(client, rows(SPAM, CLEAN), **accept)
    assert streamed.headers["Content-Encoding"] == "gzip"
    assert [json.loads(row)["id"] for row in gzip.decompress(streamed.data).splitlines()] == ["spam", "clean"]


def test_a_bomb_is_unpacked_no_further_than_a_body_may_be_long(classifier: Classifier) -> None:
    bomb = gzip.compress(b'{"text": "' + b"a" * 50_000_000 + b'"}')
    unpacked = {"Content-Encoding": "gzip"}
    with create_app(classifier, Settings(max_body_bytes=100_000)).test_client() as client:
        response = client.post("/classify", data=bomb, content_type="application/json", headers=unpacked)
        assert (response.status_code, response.content_type) == (413, "application/problem+json")
        assert [answer["error"]["status"] for answer in answers(stream(client, bomb, **unpacked))] == [413]
        just = gzip.compress(b'{"text": "' + b"a" * (100_000 - 12) + b'"}')
        assert client.post("/classify", data=just, content_type="application/json", headers=unpacked).status_code == 200


@pytest.mark.parametrize("damage", [lambda packed: packed[:-9], lambda packed: b"x" + packed, lambda packed: packed[:40] + b"?" * 40])
def test_broken_gzip_is_told(client: FlaskClient, damage: Any) -> None:
    packed = damage(gzip.compress(rows(SPAM)))
    assert client.post("/classify", data=packed, content_type="application/json", headers={"Content-Encoding": "gzip"}).status_code == 400
    assert answers(stream(client, packed, **{"Content-Encoding": "gzip"}))[-1]["error"]["status"] == 400


def test_another_encoding_is_refused_and_the_known_one_named(client: FlaskClient) -> None:
    response = client.post("/classify", data=b"a", content_type="text/plain", headers={"Content-Encoding": "br"})
    assert (response.status_code, response.headers["Accept-Encoding"]) == (415, "gzip")
    assert stream(client, b"a", **{"Content-Encoding": "br"}).status_code == 415
