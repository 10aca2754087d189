"""Reviewers at work in a real browser, on a real store: what they decide is what training gets."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from werkzeug.serving import make_server

from model import Classifier
from service.app import create_app
from service.cli import main
from service.settings import SettingsError, load_settings
from service.store import Store
from tests.browsing import arriving
from tests.reports import report
from tests.test_review import token

PLACES = (
    "ambon bima cilacap demak ende fakfak garut hulu ijen jepara kudus "
    "luwuk maros natuna oebobo palu rembang sikka tuban ulu waingapu yapen"
).split()


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'saring.db'}"
    monkeypatch.setenv("SARING_DATABASE_URL", url)
    monkeypatch.setenv("SARING_OUTBOX", str(tmp_path / "outbox.db"))
    return url


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    store = Store.open(database)
    store.upgrade()
    for place in PLACES:
        # Lines that have few letters in common, so that no two are near-duplicates.
        text = f"Panen di {place} mulai ramai.\nslot {place * 3} {place[::-1] * 3}\nPasar kembali penuh."
        store.save(report(text, place, f"https://{place}.example/1", slot=0.9))
    yield store
    store.close()


@pytest.fixture
def app(store: Store, classifier: Classifier) -> Flask:
    return create_app(classifier, load_settings(session_secret="a secret"))


def signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    assert client.post("/login", data={"name": "Sri", "csrf_token": token(client, "/login")}).status_code == 303
    return client


def test_twenty_lines_decided_with_the_keyboard_are_those_of_the_export(app: Flask, store: Store, browser: Browser) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    page = browser.new_page()
    try:
        page.goto(f"http://127.0.0.1:{server.server_port}/review")
        expect(page.get_by_label("Name")).to_be_focused()
        page.keyboard.type("Sri")
        with arriving(page):
            page.keyboard.press("Enter")
        expect(page.locator(".card")).to_have_count(len(PLACES))
        for number in range(20):
            expect(page.locator(".card.current:not(.done)")).to_be_focused()
            page.keyboard.press("r" if number % 5 == 4 else "c")
        expect(page.locator(".card.saving")).to_have_count(0)
        page.keyboard.press("u")
        expect(page.locator("#here")).to_have_text("19")
    finally:
        page.close()
        server.shutdown()
        thread.join()
        server.server_close()
    rows = list(store.labels())
    assert len(rows) == 19
    assert {row["reviewer"] for row in rows} == {"Sri"}
    assert sorted({row["label"] for row in rows}) == ["clean", "gambling"]
    assert sum(row["label"] == "clean" for row in rows) == 3


def test_the_queue_leads_from_page_to_page(store: Store, app: Flask) -> None:
    for place in PLACES:
        store.save(report(f"Cuaca di {place} cerah.\nsitus {place[::-1] * 2} {place * 4} daftar", f"more {place}", situs=0.8))
    client = signed_in(app)
    first = client.get("/review")
    assert first.text.count('class="card"') == 25
    following = client.get(first.text.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&"))
    assert following.status_code == 200
    assert 'rel="prev"' in following.text
    assert client.get("/review?at=nonsense").status_code == 422


def test_articles_reports_and_the_page_to_send_around_come_from_the_store(store: Store, app: Flask, tmp_path: Path) -> None:
    client = signed_in(app)
    assert "Panen di ambon" in client.get(f"/articles/{store.find(id='ambon')}").text
    sites = [json.loads(row) for row in client.get("/reports/sites.jsonl").text.splitlines()]
    assert len(sites) == len(PLACES)
    output = tmp_path / "report.html"
    result = CliRunner().invoke(main, ["report", "-o", str(output)])
    assert result.exit_code == 0, result.output
    page = output.read_text(encoding="utf-8")
    assert page.count('<article class="article"') == len(PLACES)
    assert "ambon.example" in page


def test_a_store_that_is_away_is_told_on_a_page(classifier: Classifier, tmp_path: Path) -> None:
    app = create_app(classifier, load_settings(database_url="postgresql://nobody@127.0.0.1:1/none", outbox=tmp_path / "outbox.db"))
    client = signed_in(app)
    response = client.get("/reports")
    assert response.status_code == 503
    assert "The store is away" in response.text


def test_a_report_without_articles_needs_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SARING_DATABASE_URL", raising=False)
    result = CliRunner().invoke(main, ["report", "-o", str(tmp_path / "report.html")])
    assert result.exit_code == 2
    assert "SARING_DATABASE_URL" in result.stderr


def test_a_file_of_reviewers_that_cannot_be_used_stops_the_start(store: Store, classifier: Classifier, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="absent"):
        create_app(classifier, load_settings(reviewers_file=tmp_path / "absent"))
