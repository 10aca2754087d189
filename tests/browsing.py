"""What tests in a real browser share."""

from __future__ import annotations

from contextlib import AbstractContextManager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

# Long, for machines that do much else; what is there sooner costs no wait.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


def arriving(page: Page) -> AbstractContextManager[object]:
    """Wait at the end until the page that a click or a key leads to is all there, its style and script too.

    A click alone ends before that, and what is measured next may be the page without its style.
    """
    return page.expect_navigation(wait_until="load", timeout=PATIENCE)


def faults(page: Page) -> list[str]:
    """Return what axe finds, one line for each element at fault."""
    return [f"{found['id']}: {node['html']}" for found in Axe().run(page).response["violations"] for node in found["nodes"]]


def fits(page: Page) -> bool:
    """Say whether the page is no wider than the window."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
