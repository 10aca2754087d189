"""The service as it runs: signals, workers, models that change under load."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from model import DEFAULT_MODEL
from model.artifact import read_artifact
from service.keys import hash_key
from service.worker import REQUESTS_A_CONNECTION
from tests.conftest import ARTICLE
from tests.live import PATIENCE, Live, serving, wait_for
from training.publish import point_to, publish

KEY = "saring_for-tests"
BEARER = {"Authorization": f"Bearer {KEY}"}
CONNECTIONS = 6


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry of the default model under two names, with the first in use."""
    path = tmp_path_factory.mktemp("registry")
    manifest, tensors = read_artifact(DEFAULT_MODEL)
    for version in ("one", "two"):
        publish(path, replace(manifest, version=version), tensors)
    point_to(path, "one")
    return path


@pytest.fixture
def server(registry: Path, tmp_path: Path) -> Iterator[Live]:
    """A server of that registry, with two workers, that needs a key and looks for new versions all the time."""
    point_to(registry, "one")
    settings = {"SARING_MODEL": str(registry), "SARING_MODEL_POLL_SECONDS": "0.2", "SARING_API_KEYS": hash_key(KEY)}
    with serving(tmp_path / "log", **settings) as live:
        yield live


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A server for all tests that leave it as it is."""
    with serving(tmp_path_factory.mktemp("lasting") / "log", SARING_API_KEYS=hash_key(KEY)) as live:
        yield live


class Load:
    """Requests without pause, each on a connection of its own, for as long as the block lasts."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.versions: list[str] = []
        self.failures: list[str] = []
        self._ended = [0] * CONNECTIONS
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(number,)) for number in range(CONNECTIONS)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        self.wait_for_more()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, count: int = 3) -> None:
        """Wait until every thread has ended `count` requests more; of all but the first it is sure that they began after this call."""
        before = list(self._ended)
        wait_for(lambda: all(now >= then + count for now, then in zip(self._ended, before, strict=True)))

    def _ask(self, number: int) -> None:
        with httpx.Client(headers=BEARER, timeout=PATIENCE, limits=httpx.Limits(max_keepalive_connections=0)) as client:
            while not self._over.is_set():
                try:
                    response = client.post(f"{self.live.url}/classify", json={"text": ARTICLE})
                    response.raise_for_status()
                    self.versions.append(response.json()["model"]["version"])
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                self._ended[number] += 1


def get(live: Live, path: str) -> httpx.Response:
    return httpx.get(live.url + path, headers=BEARER, timeout=PATIENCE)


def post(live: Live, path: str, **what: Any) -> httpx.Response:
    return httpx.post(live.url + path, headers=BEARER, timeout=PATIENCE, **what)


def versions_in_use(live: Live) -> dict[str, float]:
    lines = get(live, "/metrics").text.splitlines()
    info = [line for line in lines if line.startswith("saring_model_info{")]
    return {line.split('version="')[1].split('"')[0]: float(line.split()[-1]) for line in info}


SWITCHES: dict[str, Callable[[Live], object]] = {
    "noticed": lambda live: None,
    "SIGHUP": lambda live: live.send(signal.SIGHUP),
    "POST /model/reload": lambda live: post(live, "/model/reload").raise_for_status(),
}


@pytest.mark.parametrize("how", SWITCHES)
def test_a_new_model_comes_into_use_under_load_and_no_request_is_lost(server: Live, registry: Path, how: str) -> None:
    with Load(server) as load:
        for version in ("two", "one", "two"):
            point_to(registry, version)
            SWITCHES[how](server)
            wait_for(lambda version=version: versions_in_use(server).get(version) == 2.0)
            load.wait_for_more()
    assert load.failures == []
    assert set(load.versions) == {"one", "two"}
    assert {post(server, "/classify", json={"text": "a"}).json()["model"]["version"] for _ in range(10)} == {"two"}


def test_a_bad_model_is_not_taken(server: Live, registry: Path) -> None:
    bad = registry / "versions" / "bad"
    shutil.copytree(registry / "versions" / "two", bad)
    weights = bad / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    try:
        with Load(server) as load:
            (registry / "current").write_text("bad\n")
            response = post(server, "/model/reload")
            assert response.status_code == 409
            assert response.json()["type"] == "urn:saring:problem:model-refused"
            assert "truncated or altered" in response.json()["detail"]
            server.send(signal.SIGHUP)
            load.wait_for_more()
        assert load.failures == []
        assert set(load.versions) == {"one"}
        wait_for(lambda: "one before" in get(server, "/readyz").json()["checks"]["model"])
        assert get(server, "/readyz").status_code == 200
    finally:
        shutil.rmtree(bad)
        point_to(registry, "two")
    wait_for(lambda: versions_in_use(server).get("two") == 2.0)


def test_a_new_worker_begins_with_the_model_in_use_now(server: Live, registry: Path) -> None:
    point_to(registry, "two")
    wait_for(lambda: versions_in_use(server).get("two") == 2.0)
    before = server.workers()
    for worker in before:
        os.kill(worker, signal.SIGKILL)
    wait_for(lambda: len(server.workers()) == 2 and not set(server.workers()) & set(before))
    assert post(server, "/classify", json={"text": "a"}).json()["model"]["version"] == "two"


def test_a_new_worker_knows_the_keys_of_now(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(hash_key("old"))

    def status(live: Live, key: str) -> int:
        return httpx.post(f"{live.url}/classify", json={"text": "a"}, headers={"X-API-Key": key}, timeout=PATIENCE).status_code

    with serving(tmp_path / "log", SARING_API_KEYS_FILE=str(file), SARING_WORKERS="1") as live:
        assert (status(live, "old"), status(live, "new")) == (200, 401)
        file.write_text(hash_key("new"))
        live.send(signal.SIGHUP)
        wait_for(lambda: (status(live, "old"), status(live, "new")) == (401, 200))
        (before,) = live.workers()
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: live.workers() and before not in live.workers())
        assert (status(live, "old"), status(live, "new")) == (401, 200)


def test_workers_share_the_mapped_weights_and_hold_little_besides(server: Live) -> None:
    wait_for(lambda: len(server.workers()) == 2)
    with Load(server) as load:
        load.wait_for_more(10 * CONNECTIONS)
        files = []
        for worker in server.workers():
            status = Path(f"/proc/{worker}/status").read_text()
            assert int(status.split("VmRSS:")[1].split()[0]) < 120 * 1024
            smaps = Path(f"/proc/{worker}/smaps").read_text()
            assert not [name for name in ("/sklearn/", "/scipy/", "/pandas/") if name in smaps]
            mapping = smaps.split("weights.safetensors\n")[1:]
            assert mapping, "the weights are not mapped"
            # What was written to would be anonymous, and the worker's own.
            assert all(int(part.split("Anonymous:")[1].split()[0]) == 0 for part in mapping)
            files.append({line.split()[4] for line in smaps.splitlines() if line.endswith("weights.safetensors")})
    assert files[0] == files[1]


@pytest.mark.parametrize("given", [None, "glibc.malloc.arena_max=3"])
def test_memory_is_kept_for_all_threads_together_unless_told_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    with serving(tmp_path / "log", **({"GLIBC_TUNABLES": given} if given else {})) as live:
        wait_for(live.workers)
        environment = Path(f"/proc/{live.workers()[0]}/environ").read_text()  # glibc puts NUL between what it has read
    assert ("glibc.malloc.tcache_count=0" in environment) == (given is None)
    assert (given or "glibc.malloc.arena_max=1") in environment


def test_a_worker_that_dies_costs_its_own_requests_alone(server: Live) -> None:
    with Load(server) as load:
        os.kill(server.workers()[0], signal.SIGKILL)
        load.wait_for_more()
        wait_for(lambda: len(server.workers()) == 2)
        lost = len(load.failures)
        assert lost <= CONNECTIONS
        load.wait_for_more(10)
    assert len(load.failures) == lost


def test_stopping_answers_what_is_under_way(server: Live) -> None:
    rows = [json.dumps({"id": str(number), "text": ARTICLE}).encode() + b"\n" for number in range(4)]
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    connection.putrequest("POST", "/classify")
    for name, value in {**BEARER, "Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()
    send_chunk(connection, rows[0])
    wait_for(lambda: "saring_requests_in_progress 1.0" in get(server, "/metrics").text)
    server.send(signal.SIGTERM)
    time.sleep(0.5)
    for row in rows[1:]:
        send_chunk(connection, row)
    send_chunk(connection, b"")
    answers = connection.getresponse().read().splitlines()
    assert [json.loads(answer)["id"] for answer in answers] == ["0", "1", "2", "3"]
    connection.close()
    assert server.process.wait(PATIENCE) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url)


def test_stopping_under_load_refuses_connections_and_breaks_none(tmp_path: Path) -> None:
    def stop() -> list[str]:
        with serving(tmp_path / "log") as live, Load(live) as load:
            live.send(signal.SIGTERM)
            live.process.wait(PATIENCE)
        return [failure for failure in load.failures if not failure.startswith("ConnectError")]

    # Between the last look for a connection and the end of listening lies an instant in which one may come.
    assert any(stop() == [] for _ in range(3))


def send_chunk(connection: http.client.HTTPConnection, data: bytes) -> None:
    connection.send(b"%x\r\n%s\r\n" % (len(data), data))


def send_row(connection: socket.socket, value: object) -> None:
    row = json.dumps(value).encode() + b"\n"
    connection.sendall(b"%x\r\n%s\r\n" % (len(row), row))


def test_a_caller_connects_anew_after_many_requests(lasting: Live) -> None:
    address = httpx.URL(lasting.url)
    connection = http.client.HTTPConnection(address.host, address.port or 80, timeout=PATIENCE)
    answered = 0
    ends = False
    while not ends:
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        answered += 1
        ends = answer.headers["Connection"] == "close"
        assert answer.status == 200
        assert answered <= REQUESTS_A_CONNECTION
    assert answered == REQUESTS_A_CONNECTION
    connection.close()


def test_a_verdict_comes_as_soon_as_its_article_is_there(lasting: Live) -> None:
    head = f"POST /classify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/x-ndjson\r\n"
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=PATIENCE) as connection:
        connection.sendall(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        answer = b""
        for number in range(3):
            send_row(connection, {"id": f"article {number}", "text": "a"})
            while b"article %d" % number not in answer:
                answer += connection.recv(2**16)
        connection.sendall(b"0\r\n\r\n")
        while not answer.endswith(b"\r\n0\r\n\r\n"):
            answer += connection.recv(2**16)
        # The connection goes on.
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert connection.recv(2**16).startswith(b"HTTP/1.1 200")
    assert answer.count(b"article") == 3


def test_a_connection_whose_stream_was_given_up_is_closed(tmp_path: Path) -> None:
    with serving(tmp_path / "log", SARING_REQUEST_SECONDS="2") as live, socket.create_connection(("127.0.0.1", live.port)) as connection:
        connection.settimeout(PATIENCE)
        head = "POST /classify HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        send_row(connection, {"text": "a"})
        answer = b""
        while piece := connection.recv(2**16):
            answer += piece
        assert b"urn:saring:problem:timeout" in answer
        assert answer.index(b"clean_text") < answer.index(b"problem")


def test_who_sends_everything_before_reading_anything_gets_everything(lasting: Live) -> None:
    row = b"{" + b" " * 500 + b"\n"
    count = 30_000
    head = f"POST /classify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {KEY}\r\nContent-Type: application/x-ndjson\r\n"
    with socket.create_connection(("127.0.0.1", lasting.port), timeout=PATIENCE) as connection:
        connection.sendall(f"{head}Content-Length: {len(row) * count}\r\nConnection: close\r\n\r\n".encode() + row * count)
        received = 0
        while piece := connection.recv(2**20):
            received += piece.count(b"urn:saring:problem:malf")
    # A few may be cut in two by the pieces.
    assert count * 0.99 < received <= count


def test_schemathesis_finds_nothing(lasting: Live, tmp_path: Path) -> None:
    command = [
        "run",
        f"{lasting.url}/openapi.json",
        "-H",
        f"Authorization: Bearer {KEY}",
        "--checks",
        "all",
        "--max-examples",
        "25",
        "--request-timeout",
        str(PATIENCE),
        "--suppress-health-check",
        "all",
        "--seed",
        "1",
    ]
    # Its own process, in a directory of its own: it keeps notes there.
    code = "from schemathesis.cli import schemathesis; schemathesis()"
    result = subprocess.run([sys.executable, "-c", code, *command, "--no-color"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "No issues found" in result.stdout
    assert "Traceback" not in lasting.log.read_text()


def test_the_log_is_json_with_the_id_of_the_request_and_without_its_text(lasting: Live) -> None:
    httpx.post(f"{lasting.url}/classify", json={"text": ARTICLE}, headers={**BEARER, "X-Request-ID": "find-me"}, timeout=PATIENCE)
    httpx.post(
        f"{lasting.url}/classify",
        content=f'{{"text": 1, "{ARTICLE[:20]}": 2}}'.encode(),
        headers={**BEARER, "Content-Type": "application/json"},
        timeout=PATIENCE,
    )
    wait_for(lambda: "find-me" in lasting.log.read_text())
    lines = [json.loads(line) for line in lasting.log.read_text().splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line.get("request_id") == "find-me"]
    assert {"time", "level", "logger", "message", "method", "path", "status", "milliseconds"} <= line.keys()
    assert (line["method"], line["path"], line["status"]) == ("POST", "/classify", 200)
    assert ARTICLE[:20] not in lasting.log.read_text()
