"""The page and the report in a real browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from model import Classifier
from service.app import create_app
from service.cli import main
from tests.browsing import arriving, faults, fits
from tests.conftest import ARTICLE

PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def url(classifier: Classifier) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(classifier), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(params=[PHONE, DESKTOP], ids=["phone", "desktop"])
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(viewport=request.param)
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda message: problems.append(message.text) if message.type in ("error", "warning") else None)
    yield page
    page.close()
    assert problems == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_in_the_page_and_the_report(page: Page, url: str, article_file: Path, tmp_path: Path, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(url)
    assert faults(page) == []
    page.get_by_label("Text of the article").fill(ARTICLE)
    with arriving(page):
        page.get_by_role("button", name="Check").click()
    assert faults(page) == []
    rows, output = tmp_path / "articles.jsonl", tmp_path / "report.html"
    days = range(10, 29)
    row = {"text": article_file.read_text(encoding="utf-8"), "url": "https://kabar.example/a"}
    rows.write_text("".join(json.dumps({"id": str(day), "date": f"2026-11-{day}", **row}) + "\n" for day in days), encoding="utf-8")
    assert CliRunner().invoke(main, ["report", str(rows), "-o", str(output)]).exit_code == 0
    page.goto(output.as_uri())
    page.get_by_text("The numbers").click()
    assert faults(page) == []
    assert fits(page)


def test_a_pasted_article_comes_back_with_its_flagged_lines_marked(page: Page, url: str) -> None:
    page.goto(url)
    assert fits(page)
    page.get_by_label("Text of the article").fill(ARTICLE)
    with arriving(page):
        page.get_by_role("button", name="Check").click()
    assert page.locator("mark").all_inner_texts() == ["sbobet wap", "By gacor88"]
    assert page.locator(".flagged .number").all_inner_texts() == ["9", "11"]
    assert "gambling, score" in page.locator(".flagged").first.inner_text()
    assert page.get_by_label("Text of the article").input_value() == ARTICLE
    assert fits(page)


def test_markup_in_an_article_is_text(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Text of the article").fill(
        "</textarea><script>document.title = 'owned'</script> slot gacor maxwin daftar situs judi"
    )
    with arriving(page):
        page.get_by_role("button", name="Check").click()
    assert page.title().startswith("Saring")
    assert "<script>" in page.locator(".lines").inner_text()
    assert page.get_by_label("Text of the article").input_value().startswith("</textarea>")


def test_the_report_opens_from_a_file(page: Page, article_file: Path, tmp_path: Path) -> None:
    output = tmp_path / "report.html"
    assert CliRunner().invoke(main, ["report", str(article_file), "-o", str(output)]).exit_code == 0
    page.goto(output.as_uri())
    assert page.locator("mark").all_inner_texts() == ["sbobet wap", "By gacor88"]
    assert fits(page)
