"""The HTTP interface."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from model import Classifier
from service.settings import Settings
from tests.conftest import ARTICLE


def post(client: FlaskClient, body: bytes | str, content_type: str = "application/json") -> TestResponse:
    return client.post("/classify", data=body, content_type=content_type)


def test_the_case_that_started_the_project(client: FlaskClient, classifier: Classifier) -> None:
    response = client.post("/classify", json={"text": ARTICLE, "id": "a-1", "url": "https://berita.example/a", "lang": "id"})
    assert response.status_code == 200
    body = response.get_json()
    assert body["id"] == "a-1"
    assert body["flagged"] is True
    assert body["line_count"] == 11
    assert body["threshold"] == classifier.manifest.threshold
    assert [(line["number"], line["text"], line["label"]) for line in body["lines"]] == [
        (9, "sbobet wap", "gambling"),
        (11, "By gacor88", "gambling"),
    ]
    for line in body["lines"]:
        assert ARTICLE[line["start"] : line["end"]] == line["text"]
        assert line["spans"] == [[line["start"], line["end"]]]
        assert body["threshold"] <= line["score"] <= body["score"] <= 1
        assert line["reasons"]
        assert all(reason["code"] and reason["message"] for reason in line["reasons"])
    assert body["clean_text"] == ARTICLE.partition("\n\nsbobet")[0]
    assert body["model"] == {"name": classifier.manifest.name, "version": classifier.manifest.version}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028"])
def test_offsets_count_code_points_whatever_the_line_end(client: FlaskClient, line_end: str) -> None:
    text = f"😀 𝐚{line_end}{line_end}slot gacor maxwin 88{line_end}"
    body = client.post("/classify", json={"text": text}).get_json()
    (line,) = [line for line in body["lines"] if line["number"] == 3]
    assert text[line["start"] : line["end"]] == "slot gacor maxwin 88"


def test_spam_at_the_end_of_a_paragraph_is_a_span_of_its_line(client: FlaskClient) -> None:
    paragraph = ARTICLE.partition("\n")[0]
    text = ARTICLE.replace(paragraph, paragraph + " Daftar slot gacor maxwin di 𝐊𝐎𝐈𝐁𝐄𝐓𝟕𝟕 sekarang juga!", 1).partition("\n\nsbobet")[0]
    (line,) = client.post("/classify", json={"text": text}).get_json()["lines"]
    ((start, end),) = line["spans"]
    assert text[start:end] == "Daftar slot gacor maxwin di 𝐊𝐎𝐈𝐁𝐄𝐓𝟕𝟕 sekarang juga!"


def test_plain_text_says_the_same_as_json(client: FlaskClient) -> None:
    plain = client.post("/classify?id=a-1&threshold=0.8", data=ARTICLE.encode(), content_type="text/plain; charset=utf-8")
    assert plain.get_json() == client.post("/classify", json={"text": ARTICLE, "id": "a-1", "threshold": 0.8}).get_json()


@pytest.mark.parametrize("text", ["", " \n\t\n", "!!!", "😀"])
def test_a_text_without_words_is_clean(client: FlaskClient, text: str) -> None:
    body = client.post("/classify", json={"text": text}).get_json()
    assert body["flagged"] is False
    assert body["score"] == 0
    assert body["lines"] == []
    assert body["clean_text"] == text


def test_the_threshold_decides(client: FlaskClient) -> None:
    everything = client.post("/classify", json={"text": ARTICLE, "threshold": 0}).get_json()
    assert [line["number"] for line in everything["lines"]] == [1, 3, 5, 7, 9, 11]
    assert client.post("/classify", json={"text": ARTICLE, "threshold": 1}).get_json()["flagged"] is False


BAD_JSON: list[tuple[Any, int, str]] = [
    (b"", 400, "empty"),
    (b"{", 400, "not JSON"),
    (b'{"text": "\xff"}', 400, "not UTF-8"),
    (b"[" * 100_000, 400, "nested too deeply"),
    (b"[]", 422, "expected a JSON object, got an array"),
    (b"null", 422, "got null"),
    (b"{}", 422, "text is missing"),
    (b'{"text": 1}', 422, "text must be a string, got a number"),
    (b'{"text": null}', 422, "text must be a string, got null"),
    (b'{"text": "a\\ud800b"}', 422, "lone surrogate at offset 1"),
    (b'{"text": "a\\u0000"}', 422, "NUL character at offset 1"),
    (b'{"text": "a", "id": 1}', 422, "id must be a string"),
    (b'{"text": "a", "id": "\\udfff"}', 422, "id holds a lone surrogate"),
    (b'{"text": "a", "lang": []}', 422, "lang must be a string"),
    (b'{"text": "a", "threshold": 1.5}', 422, "between 0 and 1"),
    (b'{"text": "a", "threshold": -0.1}', 422, "between 0 and 1"),
    (b'{"text": "a", "threshold": NaN}', 422, "between 0 and 1"),
    (b'{"text": "a", "threshold": "0.5"}', 422, "must be a number, got a string"),
    (b'{"text": "a", "threshold": true}', 422, "must be a number, got a boolean"),
    (b'{"text": "a", "tekst": "b"}', 422, "tekst: unknown field"),
]


@pytest.mark.parametrize(("body", "status", "detail"), BAD_JSON, ids=[repr(body[:30]) for body, _, _ in BAD_JSON])
def test_bad_input_gets_problem_details(client: FlaskClient, body: bytes, status: int, detail: str) -> None:
    response = post(client, body)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert problem["status"] == status
    assert problem["title"]
    assert detail in problem["detail"]


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", b"", 400),
        ("", b"\xff", 400),
        ("", b"a\0", 422),
        ("?threshold=x", b"a", 422),
        ("?threshold=2", b"a", 422),
        ("?color=red", b"a", 422),
    ],
)
def test_bad_plain_text_gets_problem_details(client: FlaskClient, query: str, body: bytes, status: int) -> None:
    response = client.post(f"/classify{query}", data=body, content_type="text/plain")
    assert (response.status_code, response.content_type) == (status, "application/problem+json")


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    response = post(client, json.dumps({"text": "a" * Settings().max_body_bytes}))
    assert (response.status_code, response.content_type) == (413, "application/problem+json")


def test_another_content_type_is_refused(client: FlaskClient) -> None:
    assert post(client, "<p>a</p>", "text/html").status_code == 415


def test_a_wrong_method_names_the_right_one(client: FlaskClient) -> None:
    response = client.get("/classify")
    assert (response.status_code, response.content_type) == (405, "application/problem+json")
    assert "POST" in response.headers["Allow"]


def test_an_unexpected_error_shows_no_trace(client: FlaskClient, classifier: Classifier, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Classifier, "classify", fail)
    response = post(client, b'{"text": "a"}')
    assert (response.status_code, response.content_type) == (500, "application/problem+json")
    assert b"secret" not in response.data


def test_health_readiness_and_model(client: FlaskClient, classifier: Classifier) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").get_json()["status"] == "ready"
    model = client.get("/model").get_json()
    assert {"name", "version", "created", "line_count", "threshold", "figures"} <= set(model)
    assert model["line_count"] > 1000
    assert model["threshold"] == classifier.manifest.threshold
