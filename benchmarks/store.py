"""How long the pages of reviewers wait for PostgreSQL: 100,000 flagged lines, medians of what each page asks, server-side.

    python benchmarks/store.py [--lines 100000] [--server postgresql://postgres@127.0.0.1:5432]

It makes a database of its own, and drops it.
"""

from __future__ import annotations

import argparse
import random
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from statistics import median

import psycopg
from psycopg import sql

from model import Article, ModelInfo, Reason, Report, Span, Verdict
from model.lines import split_lines
from service.reports.periods import Period
from service.review.filters import Filters
from service.store import Store
from service.store.arrivals import Arrival, arrive

RUNS = 15
PAGE_MS, DECISION_MS = 200, 50
WORDS = (
    "harga beras pasar jalan desa warga panen hujan sekolah kapal nelayan bupati dinas air listrik musim sawah kota jembatan lomba".split()
)
HEADS = "raja dewa naga koi bola sultan macan bintang garuda mega hoki gacor panda zeus joker".split()
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
        print(f"{options.lines:,} lines stored in {seconds:.0f} s, {options.lines / seconds:,.0f} lines/s\n")
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
        _measure(store)
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
    """Return an article of 4 KB with one to seven injected lines, on one of a thousand sites within 90 days."""
    lines = [" ".join(made.choices(WORDS, k=20)) for _ in range(28)]
    flagged = set()
    for _ in range(made.randint(1, 7)):
        at = made.randrange(len(lines) + 1)
        name = f"{made.choice(HEADS)}{made.choice(HEADS)}{made.choice((77, 88, 99, 138, 777))}"
        lines.insert(at, f"{made.choice(LEADS)} {name} {' '.join(made.choices(WORDS, k=made.randint(0, 2)))}".strip())
        flagged.add(lines[at])
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


def _measure(store: Store) -> None:
    today = datetime.now(UTC).date()
    deep = None
    for _ in range(20):
        deep = store.queue(Filters(), "", deep).next
    article = store.queue(Filters(), "").cards[0].article_id
    asked: dict[str, Callable[[], object]] = {
        "queue": lambda: store.queue(Filters(), ""),
        "queue, page 21": lambda: store.queue(Filters(), "", deep),
        "queue of a site": lambda: store.queue(Filters(site="situs1.example"), ""),
        "queue of a label": lambda: store.queue(Filters(label="promotion"), ""),
        "queue of a version": lambda: store.queue(Filters(version="2026.2"), ""),
        "queue of scores": lambda: store.queue(Filters(low=0.6, high=0.8), ""),
        "queue of a week": lambda: store.queue(Filters(since=today - timedelta(days=6)), ""),
        "search": lambda: store.queue(Filters(text="rajanaga88"), ""),
        "search, a common word": lambda: store.queue(Filters(text="situs"), ""),
        "all lines": lambda: store.queue(Filters(state="all"), ""),
        "decided lines": lambda: store.queue(Filters(state="decided"), ""),
        "versions": store.versions,
        "article": lambda: store.article(article),
        "report of 30 days": lambda: store.figures(_last(today, 30)),
        "report of 90 days": lambda: store.figures(_last(today, 90)),
    }
    print("| asked | median ms | slowest ms | at most |\n|---|--:|--:|--:|")
    for name, ask in asked.items():
        _print(name, [_time(ask) for _ in range(RUNS)], PAGE_MS)
    _print("decision, alone", [_time(_decision(store, alone=True)) for _ in range(RUNS)], DECISION_MS)
    _print("decision, a group", [_time(_decision(store, alone=False)) for _ in range(RUNS)], DECISION_MS)


def _last(today: date, days: int) -> Period:
    return Period(today - timedelta(days=days - 1), today)


def _decision(store: Store, *, alone: bool) -> Callable[[], object]:
    card = store.queue(Filters(), "").cards[0]
    return lambda: store.decide(card.id, card.revision, "clean", None, "benchmark", alone=alone)


def _time(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


def _print(name: str, times: list[float], most: int) -> None:
    print(f"| {name} | {median(times):.1f} | {max(times):.1f} | {most} |", flush=True)


if __name__ == "__main__":
    main()
