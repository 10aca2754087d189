"""The pages of reviewers, without a browser."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from model import Article, Classifier
from service.app import create_app
from service.reports.periods import parse_period
from service.reports.stored import render_stored
from service.review.pages import register
from service.review.reviewers import Reviewers, hash_password
from tests.conftest import ARTICLE
from tests.memory_desk import MemoryDesk

PASSWORD = "padi dan jagung"
REVIEWERS = Reviewers({"Sri": hash_password(PASSWORD)})
PAGES = ["/review", "/reports", "/reports/sites", "/reports/sites.csv", "/articles/1"]


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    markup = "<img src=x onerror=alert(1)> slot gacor maxwin daftar situs judi <script>alert(1)</script>"
    return [
        Article(ARTICLE, "first", "https://www.kabar.example/1"),
        Article(f"Harga beras naik.\nCuaca cerah.\n{markup}\nWarga senang.", "<b>second</b>", "https://desa.example/2"),
        Article("Panen raya tiba.\nsbobet wap\nPetani gembira.", "third", "https://desa.example/3"),
    ]


@pytest.fixture
def app(classifier: Classifier, articles: list[Article]) -> Flask:
    app = create_app(classifier)
    register(app, MemoryDesk(classifier, articles), REVIEWERS, "a secret")
    return app


@pytest.fixture
def stranger(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


@pytest.fixture
def sri(app: Flask) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        assert sign_in(client).status_code == 303
        yield client


def sign_in(client: FlaskClient, password: str = PASSWORD, **fields: str) -> TestResponse:
    return client.post("/login", data={"name": "Sri", "password": password, "csrf_token": token(client, "/login"), **fields})


def token(client: FlaskClient, page: str = "/review") -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]


def cards(client: FlaskClient, **query: str) -> list[dict[str, str]]:
    """Return the fields of the forms that decide the lines of the queue."""
    forms = re.findall(r'<form class="decide".*?</form>', client.get("/review", query_string=query).text, re.S)
    return [dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms]


def decide(client: FlaskClient, card: dict[str, str], label: str, **fields: str) -> TestResponse:
    return client.post("/review/decide", data={**card, "label": label, **fields}, headers={"Accept": "application/json"})


@pytest.mark.parametrize("path", PAGES)
def test_strangers_are_asked_who_they_are(stranger: FlaskClient, path: str) -> None:
    response = stranger.get(path)
    assert response.status_code == 302
    assert response.location.startswith("/login?next=")


def test_a_wrong_password_opens_nothing_and_many_of_them_cost_time(stranger: FlaskClient) -> None:
    assert sign_in(stranger, "wrong").status_code == 401
    assert stranger.get("/review").status_code == 302
    answers = [sign_in(stranger, "wrong").status_code for _ in range(6)]
    assert answers[-1] == 429


def test_signing_in_leads_on_but_never_to_another_site(app: Flask) -> None:
    for target, location in (("/reports?days=7", "/reports?days=7"), ("//evil.example", "/review"), ("https://evil.example", "/review")):
        assert sign_in(app.test_client(), next=target).location == location


def test_signing_out_ends_the_session(sri: FlaskClient) -> None:
    assert sri.post("/logout", data={"csrf_token": token(sri)}).status_code == 303
    assert sri.get("/review").status_code == 302


def test_without_reviewers_the_pages_are_for_this_machine_alone(classifier: Classifier, articles: list[Article]) -> None:
    app = create_app(classifier)
    register(app, MemoryDesk(classifier, articles), Reviewers(), None)
    client = app.test_client()
    assert client.get("/login").status_code == 200
    assert client.post("/login", data={"name": "Budi", "csrf_token": token(client, "/login")}).status_code == 303
    assert client.get("/review").status_code == 200
    for elsewhere in (
        {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}},
        {"headers": {"X-Forwarded-For": "192.0.2.7"}},
        {"headers": {"Host": "rebound.example"}},
    ):
        assert client.get("/review", **elsewhere).status_code == 403


def test_a_forged_request_changes_nothing(sri: FlaskClient) -> None:
    card = cards(sri)[0]
    assert decide(sri, {**card, "csrf_token": ""}, "clean").status_code == 400
    assert decide(sri, {**card, "csrf_token": "x" * 40}, "clean").status_code == 400
    assert cards(sri)[0]["line"] == card["line"]


def test_pages_run_no_script_but_their_own(sri: FlaskClient) -> None:
    for path in ("/review", "/articles/2", "/reports"):
        response = sri.get(path)
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=\"|style=", response.text)
        assert "no-store" in response.headers["Cache-Control"]


def test_text_of_articles_is_shown_as_text(sri: FlaskClient) -> None:
    for path in ("/review", "/articles/2"):
        page = sri.get(path).text
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
        assert "<b>second" not in page


def test_a_line_is_shown_with_its_surroundings(sri: FlaskClient) -> None:
    page = sri.get("/review").text
    for expected in ("<mark>sbobet wap</mark>", "Warga berharap saluran air", "kabar.example", "gambling", "Wording of an advertisement"):
        assert expected in page


def test_a_decision_takes_the_line_and_its_twins_off_the_queue_and_undo_brings_them_back(sri: FlaskClient) -> None:
    before = cards(sri)
    answer = decide(sri, before[0], "gambling")
    assert answer.json == {"message": "Confirmed as gambling, 2 lines at once", "decision": 1, "lines": 2, "revision": 2}
    assert [card["line"] for card in cards(sri)] == [card["line"] for card in before[1:]]
    undo = sri.post("/review/undo", data={"decision": "1", "csrf_token": before[0]["csrf_token"]}, headers={"Accept": "application/json"})
    assert undo.json["message"] == "Undone."
    assert [card["line"] for card in cards(sri)] == [card["line"] for card in before]


def test_one_line_of_a_group_can_be_decided_alone(sri: FlaskClient) -> None:
    answer = decide(sri, cards(sri)[0], "clean", alone="yes")
    assert answer.json["message"] == "Rejected"
    assert answer.json["lines"] == 1


def test_nobody_overrules_another_unnoticed(sri: FlaskClient) -> None:
    card = cards(sri)[0]
    decide(sri, card, "gambling")
    second = decide(sri, card, "clean")
    assert second.status_code == 409
    assert "Sri decided this line: gambling" in second.json["message"]
    assert decide(sri, {**card, "revision": str(second.json["revision"])}, "clean").status_code == 200


def test_without_script_a_decision_leads_back_to_the_queue_and_offers_undo(sri: FlaskClient) -> None:
    card = cards(sri)[0]
    response = sri.post("/review/decide", data={**card, "label": "clean"})
    assert (response.status_code, response.location) == (303, "/review")
    page = sri.get(response.location).text
    assert "Rejected, 2 lines at once" in page
    assert re.search(r'action="/review/undo".*?name="decision" value="1"', page, re.S)
    assert "Rejected, 2 lines" not in sri.get("/review").text


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"label": "nonsense"}, 400),
        ({"line": "x"}, 400),
        ({"line": "999999"}, 404),
        ({"start": "1"}, 400),
        ({"revision": "-1"}, 400),
    ],
)
def test_bad_fields_are_told(sri: FlaskClient, fields: dict[str, str], status: int) -> None:
    assert decide(sri, cards(sri)[0], **{"label": "gambling", **fields}).status_code == status


def test_filters_narrow_the_queue_and_say_what_is_wrong_with_them(sri: FlaskClient) -> None:
    assert len(cards(sri, text="maxwin")) == 1
    assert cards(sri, label="promotion") == []
    decide(sri, cards(sri)[0], "gambling")
    assert "Confirmed as gambling by Sri" in sri.get("/review?state=confirmed").text
    for query in ("state=x", "low=2", "since=yesterday", f"site={'x' * 300}"):
        response = sri.get(f"/review?{query}")
        assert response.status_code == 422
        assert 'role="alert"' in response.text


def test_the_article_page_takes_lines_that_the_model_missed(sri: FlaskClient) -> None:
    page = sri.get("/articles/1").text
    assert page.count('class="mark-missed"') == 4
    response = sri.post("/articles/1/missed", data={"line": "1", "label": "promotion", "csrf_token": token(sri, "/articles/1")})
    assert (response.status_code, response.location) == (303, "/articles/1#line-1")
    page = sri.get("/articles/1").text
    assert "Line 1 is marked as promotion." in page
    assert "marked by Sri" in page
    assert page.count('class="mark-missed"') == 3
    assert sri.get("/articles/99").status_code == 404


def test_every_view_is_a_page_and_two_files(sri: FlaskClient) -> None:
    page = sri.get("/reports").text
    names = set(re.findall(r'href="/reports/([\w-]+)\?', page))
    assert names == {"days", "sites", "brands", "labels", "new-brands", "versions"}
    for name in names:
        assert sri.get(f"/reports/{name}").status_code == 200
        rows = list(csv.DictReader(io.StringIO(sri.get(f"/reports/{name}.csv").text)))
        objects = [json.loads(row) for row in sri.get(f"/reports/{name}.jsonl").text.splitlines()]
        assert len(rows) == len(objects)
        assert not rows or list(rows[0]) == list(objects[0])
    assert {row["site"]: row["lines"] for row in objects_of(sri, "sites")} == {"desa.example": 2, "kabar.example": 2}
    assert sri.get("/reports/nonsense").status_code == 404


def objects_of(client: FlaskClient, name: str) -> list[dict[str, object]]:
    return [json.loads(row) for row in client.get(f"/reports/{name}.jsonl").text.splitlines()]


def test_the_rate_of_false_alarms_follows_what_reviewers_say(sri: FlaskClient) -> None:
    assert objects_of(sri, "versions")[0]["rate"] is None
    first, second, *_ = cards(sri)
    decide(sri, first, "gambling", alone="yes")
    decide(sri, second, "clean", alone="yes")
    version = objects_of(sri, "versions")[0]
    assert (version["decided"], version["rejected"], version["rate"]) == (2, 1, 0.5)
    assert version["low"] < 0.5 < version["high"]
    assert "rejected 1 of 2 lines" in sri.get("/reports").text


def test_a_period_out_of_reach_is_told(sri: FlaskClient) -> None:
    assert "No flagged line" in sri.get("/reports?since=1999-01-01&until=1999-12-31").text
    for query in ("days=0", "days=x", "since=2026-13-01", "since=2026-02-01&until=2026-01-01"):
        assert sri.get(f"/reports?{query}").status_code == 422
        assert sri.get(f"/reports/sites.csv?{query}").status_code == 422


def test_the_interface_for_programs_sets_no_cookie(stranger: FlaskClient, article_file: Path) -> None:
    response = stranger.post("/classify", json={"text": article_file.read_text(encoding="utf-8")})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers


def test_the_report_to_send_around_comes_from_the_store_too(classifier: Classifier, articles: list[Article]) -> None:
    desk = MemoryDesk(classifier, articles, page=1)
    desk.decide(1, 1, "clean", None, "Sri", alone=True)
    page = render_stored(desk, parse_period({}, datetime.now(UTC).date()), most=2)
    assert page.count('<article class="article"') == 2
    assert page.count("<mark>") == 2
    assert "1 further flagged articles are counted" in page
    assert "Reviewers rejected 1 of 1 line" in page
    assert "src=" not in page.replace("img src=x", "")
