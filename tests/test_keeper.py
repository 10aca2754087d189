"""Nothing is lost and nothing is stored twice, whether or not the database is there."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from service.reports.periods import Period
from service.review.filters import Filters
from service.store import Keeper, Outbox, Store, StoreError
from service.store.arrivals import arrive, pack, unpack
from service.store.outbox import FullError
from tests.databases import KINDS, SERVER, database
from tests.reports import arrival, report

PATIENCE = 60.0  # for machines that do much else; what is ready sooner costs no wait
EVER = Period(date(2000, 1, 1), date(2100, 1, 1))


class Away(Store):
    """A store whose database can be taken away, before or right after it has written."""

    away = False
    breaks_after_commit = 0

    def check(self) -> None:
        if self.away:
            raise StoreError("the database cannot be reached: it is away")
        super().check()

    def take(self, outbox: str, entries: Any) -> None:
        self.check()
        super().take(outbox, entries)
        if self.breaks_after_commit:
            self.breaks_after_commit -= 1
            raise StoreError("the connection broke, and nobody knows what was written")


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Away]:
    with database(request.param, tmp_path) as url:
        store = Away.open(url)
        store.upgrade()
        yield store
        store.close()


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "waiting" / "outbox.db")


@pytest.fixture
def keeper(store: Away, outbox: Outbox) -> Iterator[Keeper]:
    keeper = Keeper(store, outbox)
    yield keeper
    keeper.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def send(keeper: Keeper, number: int) -> None:
    for i in range(number):
        keeper(report(f"artikel {i}\nsitus gacor88", f"a-{i}", gacor88=0.9))
        keeper(report(f"bersih {i}"))


def test_an_arrival_waits_on_disk_as_it_was() -> None:
    for kept in (arrival(1, "satu\r\n\u2028situs 𝗴𝗮𝗰𝗼𝗿88 ", "a", "https://a.example/", situs=0.123456789), arrival(2, "bersih", "b")):
        assert unpack(pack(kept)) == kept
    assert "bersih" not in pack(arrival(2, "bersih", "b"))


def test_reports_reach_the_store(keeper: Keeper, store: Away) -> None:
    send(keeper, 3)
    assert keeper.settle(PATIENCE)
    assert (store.queue(Filters(), "").total, store.figures(EVER).articles) == (3, 6)
    assert keeper.probe() is None


def test_reports_wait_while_the_database_is_away(keeper: Keeper, store: Away, outbox: Outbox) -> None:
    store.away = True
    send(keeper, 110)
    wait_for(lambda: keeper.problem is not None)
    assert not keeper.settle(PATIENCE)
    assert str(keeper.probe()).endswith("it is away; 220 verdicts wait on disk")
    store.away = False
    wait_for(lambda: outbox.waiting() == 0)
    wait_for(lambda: keeper.probe() is None)
    assert (store.queue(Filters(), "").total, store.figures(EVER).articles) == (110, 220)


def test_nothing_is_stored_twice_when_the_connection_breaks_after_writing(keeper: Keeper, store: Away) -> None:
    store.breaks_after_commit = 2
    send(keeper, 5)
    wait_for(lambda: keeper.settle(PATIENCE))
    assert (store.queue(Filters(), "").total, store.figures(EVER).articles) == (5, 10)


def test_what_waits_outlives_the_process(store: Away, outbox: Outbox) -> None:
    child = os.fork()
    if child == 0:  # a worker that is killed right after it took a report
        outbox.put(pack(arrive(report("situs gacor88", "a", gacor88=0.9))))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    keeper = Keeper(store, outbox)
    assert keeper.settle(PATIENCE)
    keeper.stop()
    assert store.find(id="a") is not None


def test_many_may_begin_to_use_a_queue_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(6) as threads:
        for number in range(20):
            queue, together = Outbox(tmp_path / f"{number}.db"), threading.Barrier(6)
            assert (
                list(threads.map(lambda _, queue=queue, together=together: together.wait() >= 0 and queue.waiting(), range(6))) == [0] * 6
            )


def test_two_workers_empty_one_outbox_without_doubling(store: Away, outbox: Outbox) -> None:
    keepers = [Keeper(store, Outbox(outbox.path)) for _ in range(2)]
    threads = [threading.Thread(target=send, args=(keeper, 50)) for keeper in keepers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(keeper.settle(PATIENCE) for keeper in keepers)
    for keeper in keepers:
        keeper.stop()
    # Both sent the same fifty flagged articles.
    assert (store.queue(Filters(), "").total, store.figures(EVER).articles) == (50, 200)


def test_the_outbox_is_bounded(store: Away, tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "small.db", most_bytes=200_000)
    keeper = Keeper(store, outbox)
    dropped: list[int] = []
    keeper.dropped = lambda: dropped.append(1)
    store.away = True
    for i in range(30):
        keeper(report(f"{i} " + "kata " * 4000 + "\nsitus gacor88", gacor88=0.9))
    assert dropped
    assert str(keeper.probe()).startswith("verdicts are lost")
    assert outbox.path.stat().st_size <= 200_000
    with pytest.raises(FullError):
        outbox.put("x" * 200_000)
    waiting = outbox.waiting()
    store.away = False
    wait_for(lambda: outbox.waiting() == 0)
    keeper(report("baru gacor88", gacor88=0.9))
    assert keeper.settle(PATIENCE)
    keeper.stop()
    assert keeper.probe() is None
    assert store.figures(EVER).articles == waiting + 1


def test_what_cannot_be_read_is_put_aside_and_holds_up_nothing(keeper: Keeper, store: Away, outbox: Outbox) -> None:
    outbox.put("{")
    send(keeper, 1)
    assert keeper.settle(PATIENCE)
    assert store.figures(EVER).articles == 2
    assert str(keeper.probe()).startswith("the store refused 1 verdicts")


def test_a_database_without_tables_is_waited_for(tmp_path: Path, outbox: Outbox) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'new.db'}")
    keeper = Keeper(store, outbox)
    send(keeper, 1)
    wait_for(lambda: "saring db upgrade" in str(keeper.probe()))
    store.upgrade()
    wait_for(lambda: keeper.settle(PATIENCE))
    keeper.stop()
    assert store.queue(Filters(), "").total == 1
    store.close()


def test_a_server_that_is_not_there_is_told_without_delay(outbox: Outbox) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keeper = Keeper(Store.open(f"{SERVER.rpartition(':')[0]}:{port}/none"), outbox)
    send(keeper, 1)
    assert "cannot be reached" in str(keeper.probe())
    assert "2 verdicts wait" in str(keeper.probe())
    keeper.stop()


def test_a_database_that_froze_holds_up_nobody_who_asks(keeper: Keeper, store: Away, monkeypatch: pytest.MonkeyPatch) -> None:
    thawed = threading.Event()
    monkeypatch.setattr("service.store.keeper.ASK_SECONDS", 0.2)
    monkeypatch.setattr(store, "check", thawed.wait)
    assert str(keeper.probe()).startswith("the database does not answer")
    assert not keeper.healthy()
    thawed.set()
    monkeypatch.undo()
    wait_for(keeper.healthy)


def test_only_its_owner_reads_the_outbox(outbox: Outbox) -> None:
    outbox.put("x")
    assert outbox.path.stat().st_mode & 0o077 == 0
