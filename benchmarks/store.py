"""How long the pages of reviewers take with 100,000 flagged lines in PostgreSQL, server-side: from the request to the whole answer.

    python -m benchmarks.store [--lines 100000] [--server postgresql://postgres@127.0.0.1:5432]

It makes a database of its own, and drops it.
"""

from __future__ import annotations

import argparse
import random
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from flask.testing import FlaskClient
from psycopg import sql

from model import Article, ModelInfo, Reason, Report, Span, Verdict
from model.lines import split_lines
from service.app import create_app
from service.reports.figures import Figures
from service.reports.views import build_views
from service.review.filters import Filters
from service.settings import load_settings
from service.store import Store
from service.store.arrivals import Arrival, arrive

RUNS = 21
DECISIONS = 1500
VIEWS = [view.name for view in build_views(Figures(0, 0))]
FILES = "csv", "jsonl"
PAGE_MS, DECISION_MS = 200, 50
WORDS = (
    "harga beras pasar jalan desa warga panen hujan sekolah kapal nelayan bupati dinas air listrik musim sawah kota jembatan lomba".split()
)
HEADS = "raja dewa naga koi bola sultan macan bintang garuda mega hoki gacor panda zeus joker".split()
CAMPAIGN = "panduan lengkap menang bersama ratutogel"
LEADS = "situs slot", "daftar sekarang di", "link alternatif", "bandar resmi", "main di", "bonus new member", "agen terpercaya"


def main() -> None:
    """Fill a database and time what the pages ask of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432")
    options = parser.parse_args()
    with _database(options.server) as url:
        store = Store.open(url)
        store.upgrade()
        started = time.perf_counter()
        _fill(store, options.lines)
        seconds = time.perf_counter() - started
        print(f"{options.lines:,} lines stored in {seconds:.0f} s, {options.lines / seconds:,.0f} lines/s")
        _decide(store)
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            count = "SELECT count(*), count(*) FILTER (WHERE state <> 'open') FROM lines"
            lines, decided = connection.exec_driver_sql(count).one()
        print(f"{lines:,} lines, {decided:,} of them decided\n")
        with TemporaryDirectory() as folder:
            app = create_app(settings=load_settings(database_url=url, outbox=Path(folder) / "outbox.db"))
            _measure(store, _Reviewer(app.test_client()))
            app.extensions["saring-keeper"].stop()
        store.close()


@contextmanager
def _database(server: str) -> Iterator[str]:
    name = f"saring_benchmark_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _fill(store: Store, number: int) -> None:
    made = random.Random(7)
    waiting: list[Arrival] = []
    lines = 0
    while lines < number:
        waiting.append(_arrival(made, len(waiting)))
        lines += len(waiting[-1].verdicts)
        if len(waiting) == 200 or lines >= number:
            store.save_all(waiting)
            waiting = []


def _arrival(made: random.Random, _: int) -> Arrival:
    """Return an article of 4 KB with one to seven injected lines, on one of a thousand sites within 90 days.

    One line stands in every hundredth article: such are the largest groups of near-duplicates.
    """
    lines = [" ".join(made.choices(WORDS, k=20)) for _ in range(28)]
    flagged = set()
    for _ in range(made.randint(1, 7)):
        at = made.randrange(len(lines) + 1)
        name = f"{made.choice(HEADS)}{made.choice(HEADS)}{made.choice((77, 88, 99, 138, 777))}"
        lines.insert(at, f"{made.choice(LEADS)} {name} {' '.join(made.choices(WORDS, k=made.randint(0, 2)))}".strip())
        flagged.add(lines[at])
    if made.random() < 0.01:
        lines.append(CAMPAIGN)
        flagged.add(CAMPAIGN)
    text = "\n".join(lines)
    verdicts = [
        Verdict(line, "gambling" if made.random() < 0.9 else "promotion", 1 - made.random() ** 3 / 2, (Span(line.start, line.end),),
                (Reason("wording", "reads like an advertisement"),))
        for line in split_lines(text) if line.text in flagged
    ]  # fmt: skip
    url = f"https://situs{int(made.paretovariate(0.7)) % 1000}.example/{made.random()}"
    model = ModelInfo("default", f"2026.{made.randint(1, 4)}")
    report = Report(Article(text, uuid.UUID(int=made.getrandbits(128)).hex, url), True, 1.0, 0.5, len(lines), tuple(verdicts), "", model)
    return arrive(report, datetime.now(UTC) - timedelta(days=made.random() * 90))


def _decide(store: Store) -> None:
    """Let two reviewers decide some of the lines, group by group, so that the views of what was decided have something to show."""
    for number in range(DECISIONS):
        # The campaign waits for `_measure`.
        card = next(card for card in store.queue(Filters(), "", size=2).cards if card.line.line.text != CAMPAIGN)
        store.decide(card.id, card.revision, "clean" if number % 5 == 4 else card.label, None, ("Sri", "Budi")[number % 2])


class _Reviewer:
    """Somebody signed in at the pages, who asks for one after the other."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.token = self._field(self.get("/login"), "csrf_token")
        client.post("/login", data={"name": "benchmark", "csrf_token": self.token})
        self.token = self._field(self.get("/review"), "csrf_token")

    def get(self, path: str) -> str:
        response = self._client.get(path)
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status}")
        return response.text

    def post(self, path: str, **fields: str) -> dict[str, Any]:
        response = self._client.post(path, data={"csrf_token": self.token, **fields}, headers={"Accept": "application/json"})
        if response.status_code != 200:
            raise SystemExit(f"{path}: {response.status} {response.text}")
        answer: dict[str, Any] = response.json
        return answer

    def next_page(self, path: str) -> str:
        """Return the address that a page of the queue leads on to."""
        link = re.search(r'href="([^"]*)" rel="next"', self.get(path))
        if link is None:
            raise SystemExit(f"{path}: no next page")
        return unescape(link[1])

    def first_line(self, path: str) -> dict[str, str]:
        """Return what a decision on the first line of a page has to say."""
        page = self.get(path)
        return {name: self._field(page, name) for name in ("line", "revision")}

    @staticmethod
    def _field(page: str, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', page)
        if found is None:
            raise SystemExit(f"a page without {name}")
        return unescape(found[1])


def _measure(store: Store, reviewer: _Reviewer) -> None:
    print("| page | median ms | 95 % ms | at most |\n|---|--:|--:|--:|")
    deep = "/review"
    for _ in range(20):
        deep = reviewer.next_page(deep)
    week = (datetime.now(UTC).date() - timedelta(days=6)).isoformat()
    article = store.queue(Filters(), "").cards[0].article_id
    pages = {
        "queue": "/review",
        "queue, page 21": deep,
        "queue of a large site": "/review?site=situs1.example",
        "queue of a small site": "/review?site=situs700.example",
        "queue of a label": "/review?label=promotion",
        "queue of a version": "/review?version=2026.2",
        "queue of scores": "/review?low=0.6&high=0.8",
        "queue of a week": f"/review?since={week}",
        "queue of all of these": f"/review?site=situs1.example&label=gambling&version=2026.2&low=0.6&since={week}",
        "decided lines": "/review?state=decided",
        "confirmed lines": "/review?state=confirmed",
        "rejected lines": "/review?state=rejected",
        "all lines": "/review?state=all",
        "search, a name": "/review?text=rajanaga88",
        "search, a common word": "/review?text=situs",
        "search, two letters": "/review?text=aq",
        "search, two words in all lines of a site": "/review?text=situs+hoki&state=all&site=situs1.example",
        "article": f"/articles/{article}",
        "reports, 30 days": "/reports?days=30",
        "reports, 90 days": "/reports?days=90",
        **{f"report {name}, 90 days": f"/reports/{name}?days=90" for name in VIEWS},
        **{f"{ending.upper()} of {name}, 90 days": f"/reports/{name}.{ending}?days=90" for name in VIEWS for ending in FILES},
        "labels, all of them": "/labels",
    }
    for name, path in pages.items():
        reviewer.get(path)
        _print(name, [_time(lambda path=path: reviewer.get(path)) for _ in range(RUNS)], PAGE_MS)
    largest, undone = [], []
    for _ in range(RUNS):
        line = reviewer.first_line(f"/review?text={CAMPAIGN.split()[-1]}")
        kept = []
        largest.append(_time(lambda line=line, kept=kept: kept.append(reviewer.post("/review/decide", label="clean", **line))))
        undone.append(_time(lambda kept=kept: reviewer.post("/review/undo", decision=str(kept[0]["decision"]))))
    _print(f"decision on a group of {kept[0]['lines']} lines", largest, DECISION_MS)
    _print("undo of it", undone, DECISION_MS)
    alone, group, undone = [], [], []
    for _ in range(RUNS):
        line = reviewer.first_line("/review")
        kept: list[dict[str, Any]] = []
        alone.append(_time(lambda line=line, kept=kept: kept.append(reviewer.post("/review/decide", label="clean", alone="yes", **line))))
        undone.append(_time(lambda kept=kept: reviewer.post("/review/undo", decision=str(kept[0]["decision"]))))
        line = reviewer.first_line("/review")
        group.append(_time(lambda line=line: reviewer.post("/review/decide", label="clean", **line)))
    _print("decision on a line", alone, DECISION_MS)
    _print("decision on a group", group, DECISION_MS)
    _print("undo", undone, DECISION_MS)


def _time(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


def _print(name: str, times: list[float], most: int) -> None:
    print(f"| {name} | {median(times):.0f} | {quantiles(times, n=20)[-1]:.0f} | {most} |", flush=True)


if __name__ == "__main__":
    main()
