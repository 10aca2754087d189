"""The store behind a running application: what is classified can be reviewed, reported on by machine, and exported."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from model import Classifier
from service.app import create_app
from service.cli import main
from service.settings import Settings
from service.store import Store
from tests.conftest import ARTICLE
from tests.test_review import token
from training.data import read_labelled

KEPT = "Harga beras naik.\nsbobet wap"


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store = Store.open(url)
    store.upgrade()
    store.close()
    return url


@pytest.fixture
def client(classifier: Classifier, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    app = create_app(classifier, Settings(database_url=url, outbox=tmp_path / "outbox.db"))
    keeper = app.extensions["saring-keeper"]
    # A machine that does much else may take longer than a request would wait.
    monkeypatch.setattr(keeper, "settle", partial(keeper.settle, 60))
    with app.test_client() as client:
        yield client
    keeper.stop()


def labels(client: FlaskClient) -> list[dict[str, object]]:
    answer = client.get("/labels")
    assert (answer.status_code, answer.content_type) == (200, "application/x-ndjson")
    return [json.loads(row) for row in answer.text.splitlines()]


def test_a_flagged_line_is_reported_by_id(client: FlaskClient) -> None:
    client.post("/classify", json={"text": KEPT, "id": "a-1"})
    answer = client.post("/feedback", json={"id": "a-1", "line": 2, "label": "clean"})
    assert (answer.status_code, answer.json["lines"]) == (200, 1)  # type: ignore[index]
    assert [(row["text"], row["label"], row["reviewer"]) for row in labels(client)] == [("sbobet wap", "clean", "feedback")]
    again = client.post("/feedback", json={"id": "a-1", "line": 2, "label": "clean"})
    assert again.json["lines"] == 0  # type: ignore[index]


def test_a_part_of_a_text_that_is_not_stored_is_reported(client: FlaskClient) -> None:
    text = "Hujan turun di desa.\nWarga menanam padi."
    answer = client.post("/feedback", json={"text": text, "span": [10, 30], "label": "promotion"})
    assert (answer.status_code, answer.json["lines"]) == (200, 2)  # type: ignore[index]
    assert [(row["text"], row["spans"], row["missed"]) for row in labels(client)] == [
        ("Hujan turun di desa.", [[10, 20, "promotion"]], True),
        ("Warga menanam padi.", [[0, 9, "promotion"]], True),
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": "none", "line": 1, "label": "clean"}, 404),
        ({"line": 1, "label": "clean"}, 422),
        ({"text": KEPT, "label": "clean"}, 422),
        ({"text": KEPT, "line": 1, "span": [0, 5], "label": "clean"}, 422),
        ({"text": KEPT, "line": 9, "label": "clean"}, 422),
        ({"text": KEPT, "span": [0, 900], "label": "clean"}, 422),
        ({"text": KEPT, "span": [5, 5], "label": "clean"}, 422),
        ({"text": KEPT, "line": 1, "label": "other"}, 422),
        ({"text": "a\0b", "line": 1, "label": "clean"}, 422),
        ([], 422),
    ],
)
def test_feedback_that_cannot_be_kept_is_refused(client: FlaskClient, body: object, status: int) -> None:
    answer = client.post("/feedback", json=body)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert labels(client) == []


def test_what_a_person_decided_stands(client: FlaskClient, url: str) -> None:
    client.post("/classify", json={"text": KEPT, "id": "a-1"})
    assert client.get("/labels").status_code == 200
    store = Store.open(url)
    store.mark_missed(1, 2, None, "gambling", "Sri")
    store.close()
    answer = client.post("/feedback", json={"id": "a-1", "line": 2, "label": "clean"})
    assert (answer.status_code, answer.json["detail"]) == (409, "Sri decided this line: gambling.")  # type: ignore[index]


def test_pages_show_what_was_classified(client: FlaskClient) -> None:
    client.post("/classify", json={"text": ARTICLE, "url": "https://kabar.example/"})
    client.post("/login", data={"name": "Sri", "csrf_token": token(client, "/login")})
    assert "sbobet wap" in client.get("/review").text
    assert client.get("/readyz").json["checks"]["store"] == "ok"  # type: ignore[index]
    assert "saring_store_up 1.0" in client.get("/metrics").text


def test_without_its_database_the_service_classifies_and_says_so(classifier: Classifier, tmp_path: Path) -> None:
    settings = Settings(database_url="postgresql://nobody@127.0.0.1:1/none", outbox=tmp_path / "outbox.db")
    app = create_app(classifier, settings)
    with app.test_client() as client:
        assert client.post("/classify", json={"text": KEPT}).json["flagged"]  # type: ignore[index]
        ready = client.get("/readyz")
        assert ready.status_code == 200
        assert "1 verdicts wait on disk" in ready.json["checks"]["store"]  # type: ignore[index]
        metrics = client.get("/metrics").text
        assert "saring_store_up 0.0" in metrics
        assert "saring_store_waiting 1.0" in metrics
        for path in ("/labels", "/feedback"):
            answer = client.get(path) if path == "/labels" else client.post(path, json={"id": "a", "line": 1, "label": "clean"})
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    app.extensions["saring-keeper"].stop()


@pytest.mark.parametrize("outbox", ["folder", "nonsense", "nonsense/outbox.db"])
def test_without_its_queue_on_disk_the_service_classifies_and_says_so(
    classifier: Classifier, url: str, tmp_path: Path, outbox: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "nonsense").write_bytes(b"no database" * 1000)
    app = create_app(classifier, Settings(database_url=url, outbox=tmp_path / outbox))
    with app.test_client() as client:
        assert client.post("/classify", json={"text": KEPT}).json["flagged"]  # type: ignore[index]
        assert client.get("/readyz").json["checks"]["store"].startswith("verdicts are lost")  # type: ignore[index]
        assert "saring_store_dropped_total" in client.get("/metrics").text
        assert labels(client) == []
    app.extensions["saring-keeper"].stop()


def test_commands(client: FlaskClient, url: str, tmp_path: Path) -> None:
    client.post("/classify", json={"text": KEPT, "id": "a-1"})
    client.post("/feedback", json={"id": "a-1", "line": 2, "label": "gambling"})
    run = CliRunner()
    file = tmp_path / "labels.jsonl"
    result = run.invoke(main, ["labels", "export", "--database", url, "-o", str(file)])
    assert (result.exit_code, result.stderr) == (0, f"{file}: 1 labels, 0 of them contradicted\n")
    (row,) = read_labelled([file])
    assert (row.text, row.label, row.kind) == ("sbobet wap", "gambling", "line")
    assert "already" in run.invoke(main, ["db", "upgrade", "--database", url]).output
    assert run.invoke(main, ["purge", "--database", url]).output == "0 articles purged\n"
    assert run.invoke(main, ["purge", "--database", url, "--id", "a-1", "--dry-run"]).output == "1 article would be purged\n"
    assert run.invoke(main, ["purge", "--database", url, "--id", "a-1"]).output == "1 article purged\n"
    assert run.invoke(main, ["purge"]).exit_code == 2
    assert "sqlite:///FILE" in run.invoke(main, ["db", "upgrade", "--database", "mysql://u:secret@h/d"]).output
