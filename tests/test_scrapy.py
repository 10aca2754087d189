"""The Scrapy pipeline, in real crawls that need no network: the spider makes its items up."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from model import Classifier
from service.app import create_app
from tests.conftest import ARTICLE

CLEAN = "Harga beras di pasar induk naik pekan ini."
CRAWL = """
import json, sys
import scrapy
from scrapy.crawler import CrawlerProcess

class Narrow(scrapy.Item):
    text = scrapy.Field()

class Made(scrapy.Spider):
    name = "made"
    async def start(self):
        for item in json.load(sys.stdin):
            yield Narrow(item) if set(item) == {"text"} else item

settings = json.loads(sys.argv[1])
process = CrawlerProcess({"ITEM_PIPELINES": {"saring.scrapy.SaringPipeline": 300}, "LOG_LEVEL": "WARNING", **settings})
crawler = process.create_crawler(Made)
process.crawl(crawler)
process.start()
print(json.dumps({key: value for key, value in crawler.stats.get_stats().items() if key.startswith(("saring/", "item_"))}))
"""


@pytest.fixture(scope="module")
def url(classifier: Classifier) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(classifier), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def crawl(tmp_path: Path) -> Any:
    def crawl(items: list[dict[str, Any]], **settings: Any) -> tuple[list[dict[str, Any]], dict[str, int], str]:
        """Return the items that came out, the crawl's statistics and its log."""
        output = tmp_path / "items.jsonl"
        settings["FEEDS"] = {str(output): {"format": "jsonlines", "overwrite": True, "store_empty": True}}
        result = subprocess.run(
            [sys.executable, "-c", CRAWL, json.dumps(settings)], input=json.dumps(items), capture_output=True, text=True, check=True
        )
        # A crawl that never began has written nothing.
        rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()] if output.exists() else []
        return sorted(rows, key=lambda row: str(row.get("url"))), json.loads(result.stdout), result.stderr

    return crawl


ITEMS = [{"url": "https://berita.example/1", "text": CLEAN}, {"url": "https://berita.example/2", "text": ARTICLE}]


def test_items_are_marked(crawl: Any, url: str) -> None:
    rows, stats, log = crawl(ITEMS, SARING_URL=url)
    assert [row["text"] for row in rows] == [CLEAN, ARTICLE]
    assert [row["saring"]["flagged"] for row in rows] == [False, True]
    assert [line["text"] for line in rows[1]["saring"]["lines"]] == ["sbobet wap", "By gacor88"]
    assert (stats["saring/judged"], stats["saring/flagged"]) == (2, 1)
    assert log == ""


def test_items_are_cleaned(crawl: Any, url: str) -> None:
    items = [{"link": item["url"], "body": item["text"]} for item in ITEMS]
    rows, _, _ = crawl(items, SARING_URL=url, SARING_ACTION="clean", SARING_TEXT_FIELD="body", SARING_URL_FIELD="link")
    assert sorted(row["body"] for row in rows) == [CLEAN, ARTICLE.partition("\n\nsbobet")[0]]


def test_items_are_dropped(crawl: Any, url: str) -> None:
    rows, stats, log = crawl(ITEMS, SARING_URL=url, SARING_ACTION="drop")
    assert [row["url"] for row in rows] == ["https://berita.example/1"]
    assert stats["item_dropped_count"] == 1
    assert "2 injected lines in the item of https://berita.example/2" in log


def test_what_cannot_be_judged_goes_on(crawl: Any, url: str) -> None:
    items = [{"url": "1", "text": None}, {"url": "2"}, {"url": "3", "text": "a\0"}, {"text": CLEAN}, {"url": "5", "text": CLEAN}]
    rows, stats, log = crawl(items, SARING_URL=url)
    assert len(rows) == 5
    assert sum("saring" in row for row in rows) == 1
    assert (stats["saring/unjudged"], stats["saring/judged"]) == (4, 1)
    assert log.count("goes on without a verdict") == 4


def test_without_a_service_named_nothing_is_done(crawl: Any) -> None:
    rows, _, log = crawl(ITEMS)
    assert [set(row) for row in rows] == [{"url", "text"}] * 2
    assert "SARING_URL does not say where the service is" in log


def test_a_wrong_setting_ends_the_crawl_before_it_begins(crawl: Any, url: str) -> None:
    rows, stats, log = crawl(ITEMS, SARING_URL=url, SARING_ACTION="burn")
    assert (rows, stats) == ([], {})
    assert "SARING_ACTION is one of mark, clean, drop, not 'burn'" in log
