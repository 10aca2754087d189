"""The client against the service as it is run, in a process of its own."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from saring import Article, AsyncClient, Client, ProblemError, Rejected, Retries, UnreachableError, Verdict

from model import Article as ModelArticle
from model import Classifier
from tests.conftest import ARTICLE
from tests.live import PATIENCE, free_port

ROOT = Path(__file__).parent.parent
PATIENT = Retries(attempts=200, first_wait=0.1, longest_wait=1)
CLEAN = "Harga beras di pasar induk naik pekan ini."


class Service:
    """``saring serve`` on a free port."""

    def __init__(self, workers: int = 1, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.workers = workers
        self.settings = settings
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["serve", "--port", str(self.port), "--workers", str(self.workers)]
        command = [sys.executable, "-c", "from service.cli import main; main()", *options]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.settings}, stdout=subprocess.DEVNULL)

    def kill_a_worker(self) -> None:
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        os.kill(int(children[-1]), signal.SIGKILL)

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(PATIENCE)

    def __enter__(self) -> Service:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with Service() as service:
        yield service


@pytest.fixture(params=[False, True], ids=["plain", "compressed"])
def saring(service: Service, request: pytest.FixtureRequest) -> Iterator[Client]:
    with Client(service.url, retries=PATIENT, compress=request.param) as client:
        yield client


def test_a_verdict_is_typed(saring: Client, classifier: Classifier) -> None:
    verdict = saring.classify(ARTICLE, id="a-1", threshold=0.9)
    assert (verdict.id, verdict.flagged, verdict.threshold, verdict.line_count) == ("a-1", True, 0.9, 11)
    assert [line.text for line in verdict.lines] == ["sbobet wap", "By gacor88"]
    assert verdict.lines[0].reasons
    assert verdict.clean_text == ARTICLE.partition("\n\nsbobet")[0]
    assert verdict.model_version == saring.model().version == classifier.manifest.version


def test_the_asynchronous_client_hears_the_same(service: Service, saring: Client) -> None:
    async def judge() -> object:
        async with AsyncClient(service.url) as client:
            return await client.classify(ARTICLE, id="a-1"), await client.model()

    assert asyncio.run(judge()) == (saring.classify(ARTICLE, id="a-1"), saring.model())


def test_a_refusal_says_why(saring: Client) -> None:
    with pytest.raises(ProblemError, match="between 0 and 1") as caught:
        saring.classify("a", threshold=2)
    assert caught.value.status == 422
    assert [fault.pointer for fault in caught.value.problem.faults] == ["/threshold"]


def test_many_get_the_verdicts_that_each_would(saring: Client, classifier: Classifier) -> None:
    texts = [CLEAN, ARTICLE, "satu\u2028slot gacor maxwin\x85dua", ""] * 50
    results = list(saring.classify_many(Article(text, id=str(number)) for number, text in enumerate(texts)))
    assert [result.id for result in results] == [str(number) for number in range(200)]
    for text, result in zip(texts[:4], results[:4], strict=True):
        report = classifier.classify(ModelArticle(text))
        assert isinstance(result, Verdict)
        assert result.clean_text == report.clean_text
        assert [line.spans for line in result.lines] == [verdict.spans for verdict in report.verdicts]


def test_what_the_service_cannot_judge_is_named_in_its_place(saring: Client) -> None:
    broken = [
        Article("a\0b", id="1"),
        Article("half \ud83c a character", id="2"),
        Article("a", id="3", threshold=7),
        Article(None, id="4"),  # type: ignore[arg-type]
        b"bytes",
    ]
    results = list(saring.classify_many([ARTICLE, *broken, ARTICLE]))  # type: ignore[list-item]
    assert results[0] == results[-1]
    for result, words in zip(results[1:-1], ["NUL", "surrogate", "between 0 and 1", "null", "got bytes"], strict=True):
        assert isinstance(result, Rejected)
        assert words in result.problem.detail
        assert result.problem.status == 422
        assert result.problem.type == results[1].problem.type  # type: ignore[union-attr]


def test_answers_far_longer_than_the_questions_do_not_stop_the_stream(saring: Client) -> None:
    questions = [Article("\n".join(["slot gacor"] * 100), threshold=0)] * 64
    assert sum(len(result.lines) for result in saring.classify_many(questions) if isinstance(result, Verdict)) == 100 * 64


def test_the_asynchronous_client_streams_the_same(service: Service, saring: Client) -> None:
    texts = [CLEAN, ARTICLE] * 40

    async def judge() -> object:
        async with AsyncClient(service.url) as client:
            return [result async for result in client.classify_many(texts, batch_size=16, connections=2)]

    assert asyncio.run(judge()) == list(saring.classify_many(texts))


def test_a_key_opens_the_service() -> None:
    with Service(SARING_API_KEYS=hashlib.sha256(b"secret").hexdigest()) as service:
        with Client(service.url, "secret", retries=PATIENT) as client:
            assert client.classify(ARTICLE).flagged
        for key in (None, "guessed"):
            with Client(service.url, key) as client, pytest.raises(ProblemError) as caught:
                client.classify(ARTICLE)
            assert caught.value.status == 401
            with Client(service.url, key) as client, pytest.raises(ProblemError):
                next(client.classify_many([ARTICLE]))


def test_what_is_too_large_for_one_request_is_divided() -> None:
    with Service(SARING_MAX_BODY_BYTES="4000") as service, Client(service.url, retries=PATIENT) as client:
        results = list(client.classify_many([ARTICLE] * 20 + ["a" * 5000, ARTICLE]))
        assert [isinstance(result, Rejected) for result in results] == [False] * 20 + [True, False]
        assert results[20].problem.status == 413  # type: ignore[union-attr]


def test_a_full_service_is_waited_for() -> None:
    with Service(SARING_MAX_CONCURRENCY="1") as service, Client(service.url, retries=PATIENT) as client:
        flagged: list[bool] = []

        def ask() -> None:
            flagged.extend(result.flagged for result in client.classify_many([ARTICLE] * 20) if isinstance(result, Verdict))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert flagged == [True] * 120


def test_a_killed_worker_costs_no_verdict() -> None:
    with Service(workers=2) as service, Client(service.url, retries=PATIENT) as client:
        articles = [Article(ARTICLE, id=str(number)) for number in range(300)]
        results = []
        for result in client.classify_many(articles, batch_size=20, connections=4):
            if len(results) in (20, 120):
                service.kill_a_worker()
            results.append(result)
    assert [result.id for result in results if isinstance(result, Verdict)] == [article.id for article in articles]


def test_a_service_that_restarts_is_waited_for() -> None:
    service = Service()
    with Client(service.url, retries=Retries(attempts=2, first_wait=0)) as client, pytest.raises(UnreachableError, match="ConnectError"):
        client.model()
    with Client(service.url, retries=PATIENT) as client:
        for _ in range(2):
            with service:
                assert client.classify(ARTICLE).flagged
