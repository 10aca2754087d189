"""The page at / without a browser."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.conftest import ARTICLE


def test_the_form_needs_no_script_and_nothing_from_elsewhere(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert "script" not in response.text
    assert "http" not in response.text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_flagged_lines_are_marked(client: FlaskClient) -> None:
    response = client.post("/", data={"text": ARTICLE.replace("\n", "\r\n")})
    assert response.status_code == 200
    assert "2 of 11 lines flagged" in response.text
    assert "<mark>sbobet wap</mark>" in response.text


def test_an_article_without_spam_says_so(client: FlaskClient) -> None:
    assert "Nothing flagged in 1 lines" in client.post("/", data={"text": "Harga beras naik pekan ini, kata pedagang."}).text


def test_bad_input_is_told_on_the_page(client: FlaskClient) -> None:
    for text, message in (("  ", "Paste the text"), ("a\0b", "NUL character")):
        response = client.post("/", data={"text": text})
        assert response.status_code == 422
        assert message in response.text
