"""What the service tells of itself, and changing its model."""

from __future__ import annotations

import json
import logging
import re
import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from model import DEFAULT_MODEL, ArtifactError, Classifier, Report
from service.app import create_app
from service.keys import hash_key
from service.models import Models
from service.settings import Settings
from service.state import Check, State
from tests.conftest import ARTICLE

KEY = "saring_for-tests"


def state_of(client: FlaskClient) -> State:
    state: State = client.application.extensions["saring"]
    return state


def numbers(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_ready_asks_what_the_service_uses(client: FlaskClient) -> None:
    wrong: list[str | None] = [None, None]
    state_of(client).checks.extend([Check("store", lambda: wrong[0]), Check("queue", lambda: wrong[1], required=False)])
    assert client.get("/readyz").get_json()["checks"] == {"model": "ok", "store": "ok", "queue": "ok"}
    wrong[1] = "is filling up"
    response = client.get("/readyz")
    assert (response.status_code, response.get_json()["status"], response.get_json()["checks"]["queue"]) == (200, "ready", "is filling up")
    wrong[0] = "cannot be reached"
    response = client.get("/readyz")
    assert (response.status_code, response.get_json()["status"], response.get_json()["checks"]["store"]) == (
        503,
        "unready",
        "cannot be reached",
    )
    assert client.get("/healthz").status_code == 200
    assert client.post("/classify", json={"text": "a"}).status_code == 200


def test_listeners_hear_of_every_report_and_harm_no_answer(client: FlaskClient) -> None:
    heard: list[Report] = []

    def fail(report: Report) -> None:
        raise RuntimeError("down")

    state_of(client).listeners.extend([fail, heard.append])
    assert client.post("/classify", json={"articles": [{"text": "a", "id": "1"}, {"text": ARTICLE, "id": "2"}]}).status_code == 200
    assert client.post("/classify", data=b'{"text": "a", "id": "3"}\n', content_type="application/x-ndjson").data
    assert client.post("/", data={"text": "a"}).status_code == 200
    assert [report.article.id for report in heard] == ["1", "2", "3", None]


def test_metrics_count(client: FlaskClient, classifier: Classifier) -> None:
    client.get("/healthz")
    before = numbers(client)
    client.post("/classify", json={"text": ARTICLE})
    client.post("/classify", data=(json.dumps({"text": ARTICLE}) + "\n{\n").encode(), content_type="application/x-ndjson").close()
    client.post("/classify", json={})
    client.get("/no/such/path")
    after = numbers(client)

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0)

    assert grown("saring_articles_total") == grown("saring_flagged_articles_total") == 2
    assert grown("saring_lines_total") == 22
    assert grown('saring_flagged_lines_total{label="gambling"}') == 4
    assert grown("saring_article_score_count") == 2
    assert grown('saring_requests_total{method="POST",route="/classify",status="200"}') == 2
    assert grown('saring_requests_total{method="POST",route="/classify",status="422"}') == 1
    assert grown('saring_requests_total{method="other",route="other",status="404"}') == 1
    assert grown('saring_request_seconds_count{route="/classify"}') == 3
    assert after["saring_requests_in_progress"] == 0
    info = classifier.manifest.info
    assert after[f'saring_model_info{{name="{info.name}",version="{info.version}"}}'] == 1


@pytest.mark.parametrize(
    ("sent", "kept"), [("a-1", True), ("x" * 128, True), ("x" * 129, False), ("a b", False), ("", False), ("é", False)]
)
def test_the_id_of_a_request_comes_back(client: FlaskClient, sent: str, kept: bool) -> None:
    for response in (client.get("/healthz", headers={"X-Request-ID": sent}), client.get("/nowhere", headers={"X-Request-ID": sent})):
        got = response.headers["X-Request-ID"]
        assert (got == sent) is kept
        assert kept or re.fullmatch("[0-9a-f]{32}", got)


def test_a_failure_is_logged_with_its_trace_and_the_id(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Classifier, "classify", lambda *_: 1 / 0)
    response = client.post("/classify", json={"text": "a"}, headers={"X-Request-ID": "find-me"})
    assert response.get_json(force=True)["instance"] == "urn:saring:request:find-me"
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


PATHS = ["/healthz", "/readyz", "/model", "/metrics", "/openapi.json", "/docs", "/", "/nowhere", "/docs/nowhere.js"]


@pytest.mark.parametrize("path", PATHS)
def test_headers_keep_a_browser_safe_and_nothing_sets_a_cookie(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in response.headers


def test_a_model_is_reloaded_and_a_bad_one_is_not(tmp_path: Path) -> None:
    directory = tmp_path / "model"
    shutil.copytree(DEFAULT_MODEL, directory)
    client = create_app(directory, Settings(api_keys=(hash_key(KEY),), model_poll_seconds=3600)).test_client()
    held = state_of(client).models
    first = held.current
    assert client.post("/model/reload", headers={"X-API-Key": KEY}).get_json()["version"] == first.manifest.version
    assert held.current is not first
    second = held.current
    (directory / "manifest.json").write_text("{")
    response = client.post("/model/reload", headers={"X-API-Key": KEY})
    assert (response.status_code, response.get_json(force=True)["type"]) == (409, "urn:saring:problem:model-refused")
    assert held.current is second
    assert client.post("/classify", json={"text": "a"}, headers={"X-API-Key": KEY}).status_code == 200
    assert "could not be used" in client.get("/readyz").get_json()["checks"]["model"]
    shutil.copy(DEFAULT_MODEL / "manifest.json", directory)
    assert client.post("/model/reload", headers={"X-API-Key": KEY}).status_code == 200
    assert client.get("/readyz").get_json()["checks"]["model"] == "ok"


def test_a_model_that_fails_at_its_work_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = Models.open(DEFAULT_MODEL)
    before = models.current
    monkeypatch.setattr(Classifier, "classify", lambda *_: 1 / 0)
    with pytest.raises(ArtifactError):
        models.reload()
    assert models.current is before


def test_an_application_that_was_given_a_loaded_model_cannot_reload(classifier: Classifier) -> None:
    client = create_app(classifier, Settings(api_keys=(hash_key(KEY),))).test_client()
    assert client.post("/model/reload", headers={"X-API-Key": KEY}).status_code == 409
