"""Reviewers at work in a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from model import Article, Classifier
from service.app import create_app
from service.review.pages import register
from service.review.reviewers import Reviewers
from tests.browsing import arriving, faults
from tests.memory_desk import MemoryDesk

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 800}
PLACES = (
    "Ambon Bima Cilacap Demak Ende Fakfak Garut Hulu Ijen Jepara Kudus "
    "Luwuk Maros Natuna Oebobo Palu Rembang Sikka Tuban Ulu Waingapu Yapen"
)
MARKUP = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title = 'owned'\"> slot gacor maxwin daftar situs judi"


@pytest.fixture
def desk(classifier: Classifier) -> MemoryDesk:
    texts = [f"Panen di {place} mulai ramai.\nsitus slot gacor {place.lower()}88 daftar\nPasar kembali penuh." for place in PLACES.split()]
    articles = [Article(text, f"a-{number}", "https://kabar.example/") for number, text in enumerate(texts)]
    return MemoryDesk(classifier, [*articles, Article(f"Harga beras naik.\n{MARKUP}\nWarga senang.", "markup")], page=8)


@pytest.fixture
def url(classifier: Classifier, desk: MemoryDesk) -> Iterator[str]:
    app = create_app(classifier)
    register(app, desk, Reviewers(), "a secret")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(viewport=DESKTOP)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    # Answers such as 409 and 422 are what some tests provoke; the browser calls each an error.
    page.on("console", lambda message: problems.append(message.text) if not message.text.startswith("Failed to load") else None)
    page.goto(f"{url}/review")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type("Sri")
    with arriving(page):
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Review")).to_be_visible()
    yield page
    context.close()
    assert problems == []


def test_twenty_lines_are_decided_and_one_is_undone_with_the_keyboard_alone(page: Page, desk: MemoryDesk) -> None:
    for number in range(20):
        expect(page.locator(".card.current:not(.done)")).to_be_focused()
        page.keyboard.press("r" if number % 5 == 4 else "2" if number % 5 == 3 else "c")
    expect(page.locator("#here")).to_have_text("20")
    expect(page.locator(".card.saving")).to_have_count(0)
    assert [len(kept.decisions) for kept in desk.lines.values()] == [1] * 20 + [0] * 3
    labels = [kept.decisions[0].label for kept in list(desk.lines.values())[:5]]
    assert labels == ["gambling", "gambling", "gambling", "promotion", "clean"]
    page.keyboard.press("u")
    expect(page.locator("#here")).to_have_text("19")
    expect(page.locator(".card.current:not(.done)")).to_be_focused()
    assert desk.lines[20].decisions == []
    page.keyboard.press("c")
    expect(page.locator("#here")).to_have_text("20")
    expect(page.locator(".card.saving")).to_have_count(0)
    page.reload()
    expect(page.locator(".card")).to_have_count(3)


def test_the_marked_part_is_widened_and_narrowed_by_words(page: Page, desk: MemoryDesk) -> None:
    marked = page.locator(".card.current mark")
    page.keyboard.press("w")
    expect(marked).to_have_text("situs slot gacor ambon88 daftar")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowRight")
    expect(marked).to_have_text("slot gacor ambon88")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_role("status")).to_have_text("It ends here.")
    page.keyboard.press("c")
    expect(page.locator("#here")).to_have_text("1")
    expect(page.locator(".card.saving")).to_have_count(0)
    start, end = desk.lines[1].span
    assert desk.reports[1].article.text[start:end] == "situs slot gacor ambon88"


def test_a_line_that_somebody_else_decided_comes_back_with_word_of_it(page: Page, desk: MemoryDesk) -> None:
    expect(page.locator("#line-1")).to_be_focused()
    desk.decide(1, 1, "clean", None, "Budi", alone=True)
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.keyboard.press("c")
    expect(page.locator("#line-1 .problem")).to_have_text("Budi decided this line: clean.")
    expect(page.locator(".card.saving")).to_have_count(0)
    expect(page.locator("#line-1")).to_be_focused()
    page.keyboard.press("r")  # meant for the line that was here a moment ago
    assert desk.lines[1].decisions[-1].reviewer == "Budi"
    page.clock.run_for(1000)
    page.locator("#line-1").press("c")
    expect(page.locator("#line-1 .verdict")).to_have_text("Confirmed as gambling")


def test_the_key_of_a_label_confirms_it_whatever_the_model_said(page: Page, desk: MemoryDesk) -> None:
    for key in ("1", "2"):
        page.keyboard.press(key)
    expect(page.locator(".card.saving")).to_have_count(0)
    assert [desk.lines[line].decisions[0].label for line in (1, 2)] == ["gambling", "promotion"]


def test_decisions_are_undone_one_after_the_other_however_fast_the_keys(page: Page, desk: MemoryDesk) -> None:
    for key in "ccccuuu":
        page.keyboard.press(key)
    expect(page.locator("#here")).to_have_text("1")
    assert [bool(desk.lines[line].decisions) for line in (1, 2, 3, 4)] == [True, False, False, False]


def test_what_was_decided_before_is_undone_where_it_is_shown(page: Page, url: str, desk: MemoryDesk) -> None:
    page.keyboard.press("c")
    expect(page.locator(".card.saving")).to_have_count(0)
    page.goto(f"{url}/review?state=decided")
    page.locator("#line-1").get_by_role("button", name="Undo").click()
    expect(page.locator("#line-1:not(.done)")).to_be_focused()
    assert desk.lines[1].decisions == []


def test_who_is_no_longer_signed_in_is_told_so(page: Page) -> None:
    page.wait_for_load_state("networkidle")  # a late answer would bring the cookie back
    page.context.clear_cookies()
    page.keyboard.press("c")
    expect(page.locator("#line-1 .problem")).to_contain_text("Your session has ended.")


def test_keys_can_be_turned_off_and_do_nothing_in_fields(page: Page, desk: MemoryDesk) -> None:
    page.keyboard.press("/")
    expect(page.get_by_label("Search")).to_be_focused()
    page.keyboard.type("car")
    page.get_by_label("Keys", exact=True).uncheck()
    page.keyboard.press("c")
    assert desk.decided == 0


def test_markup_in_an_article_does_nothing(page: Page, url: str) -> None:
    for path in ("/review?text=owned", "/articles/23"):
        page.goto(url + path)
        assert page.title() != "owned"
        assert "<script>document.title = 'owned'</script>" in page.locator("main").inner_text()
        assert page.locator("main img, main script").count() == 0


def test_a_missed_part_is_marked_where_it_is_selected(page: Page, url: str, desk: MemoryDesk) -> None:
    page.goto(f"{url}/articles/1")
    page.evaluate(
        """() => new Promise((told) => {
        document.addEventListener("selectionchange", told, { once: true });
        const text = document.querySelector("#line-3 p").firstChild;
        const range = new Range();
        range.setStart(text, 6); range.setEnd(text, 13);
        getSelection().addRange(range);
        })"""
    )
    page.get_by_label("promotion").check()
    with arriving(page):
        page.locator("#line-3").get_by_role("button").click()
    expect(page.locator("#line-3 mark")).to_have_text("kembali")
    expect(page.get_by_role("status")).to_contain_text("Line 3 is marked as promotion.")


def test_without_script_a_line_is_decided_and_undone(browser: Browser, url: str, desk: MemoryDesk) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/review")
    page.get_by_label("Name").fill("Sri")
    with arriving(page):
        page.get_by_role("button", name="Sign in").click()
    with arriving(page):
        page.locator(".card").first.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("status").first).to_contain_text("Rejected")
    assert desk.lines[1].decisions[0].label == "clean"
    with arriving(page):
        page.locator(".flash").get_by_role("button", name="Undo").click()
    expect(page.locator(".flash")).to_contain_text("Undone.")
    assert desk.lines[1].decisions == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_fault_on_any_page(page: Page, url: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.locator(".card.saving")).to_have_count(0)
    assert faults(page) == []
    for path in ("/", "/review?state=decided&site=x", "/review?low=7", "/articles/1", "/articles/99", "/reports", "/reports/sites"):
        page.goto(url + path)
        assert faults(page) == [], path
        for size in (DESKTOP, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.context.clear_cookies()
    page.goto(f"{url}/review")
    assert faults(page) == []


def test_every_button_and_link_of_the_queue_can_be_hit_with_a_finger(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{url}/review")
    page.get_by_label("Name").fill("Sri")
    with arriving(page):
        page.get_by_role("button", name="Sign in").click()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a, select, summary, input:not([type=hidden], [type=checkbox])")]
        .filter((element) => element.checkVisibility({visibilityProperty: true}) && !element.matches(".skip"))
        .filter((element) => element.getBoundingClientRect().height < 43.9)
        .map((element) => element.outerHTML)"""
    )
    assert small == []
    context.close()
