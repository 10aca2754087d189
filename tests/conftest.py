"""What many tests share: the default model, loaded once, and an application that serves it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright

from model import Classifier
from service.app import create_app

# An article of our own with two injected lines at its end, as in the case that started the project.
ARTICLE = "\n\n".join(
    [
        "Pemerintah Kabupaten Sumberjati memperbaiki 12 kilometer jalan desa yang rusak akibat banjir bulan lalu.",
        "Kepala Dinas Pekerjaan Umum Wahyu Hidayat mengatakan perbaikan dimulai dari ruas jalan menuju pasar induk.",
        "“Kami targetkan selesai sebelum musim panen, supaya petani tidak kesulitan mengangkut hasil,” ujarnya, Selasa.",
        "Warga berharap saluran air di kiri dan kanan jalan ikut dibenahi agar banjir tidak terulang.",
        "sbobet wap",
        "By gacor88",
    ]
)

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def skip_or_fail(reason: str) -> NoReturn:
    """Skip on a user's machine; on a continuous integration machine, what is missing is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def classifier() -> Classifier:
    return Classifier.load()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    if path is None:
        skip_or_fail("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def client(classifier: Classifier) -> Iterator[FlaskClient]:
    with create_app(classifier).test_client() as client:
        yield client


@pytest.fixture
def article_file(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path
