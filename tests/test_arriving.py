"""Requests that arrive slowly, broken, or not as HTTP: `saring serve` answers in time and stays free for others."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.live import PATIENCE, Live, serving

HEAD = b"POST /classify HTTP/1.1\r\nHost: a\r\nContent-Type: "
JSON, NDJSON = HEAD + b"application/json\r\n", HEAD + b"application/x-ndjson\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = {"SARING_REQUEST_SECONDS": "3", "SARING_WORKERS": "1", "SARING_MAX_BODY_BYTES": "1000000"}
    with serving(tmp_path_factory.mktemp("server") / "log", **settings) as live:
        yield live


def connect(live: Live) -> socket.socket:
    return socket.create_connection(("127.0.0.1", live.port), timeout=PATIENCE)


def trickle(live: Live, head: bytes, piece: bytes) -> bytes:
    """Send `head` at once and then `piece` again and again, until the server has had enough; return what it says."""
    with connect(live) as connection:
        connection.sendall(head)
        connection.settimeout(0.1)
        answer = b""
        while True:
            try:
                received = connection.recv(2**16)
                if not received:
                    return answer
                answer += received
            except TimeoutError:
                connection.sendall(piece)
            except ConnectionError:
                return answer


def ask(live: Live, request: bytes) -> tuple[int, Any]:
    """Send bytes as they are, and return the status and the body of the answer."""
    with connect(live) as connection:
        connection.sendall(request)
        answer = b""
        while piece := connection.recv(2**16):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"nosniff" in head
    return int(head.split()[1]), json.loads(body)


@pytest.mark.parametrize(
    ("head", "piece"),
    [(JSON + b"Content-Length: 9000\r\n\r\n", b" "), (JSON + CHUNKED, b"1\r\n \r\n"), (NDJSON + b"Content-Length: 9000\r\n\r\n", b" ")],
    ids=["known length", "chunks", "short stream"],
)
def test_a_body_that_trickles_is_not_waited_for(server: Live, head: bytes, piece: bytes) -> None:
    answer = trickle(server, head, piece)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"urn:saring:problem:timeout" in answer


def test_a_head_that_trickles_is_not_waited_for(server: Live) -> None:
    assert trickle(server, b"GET /healthz HTTP/1.1\r\nX-Long: ", b"a") == b""


def test_who_is_slow_leaves_room_for_others(server: Live) -> None:
    whole = b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    heads = [b"GET /healthz HTTP/1.1\r\n", JSON + b"Content-Length: 9\r\n\r\n", whole]
    slow = [connect(server) for _ in range(10) for _ in heads]
    for connection, head in zip(slow, heads * 10, strict=True):
        connection.sendall(head)
    assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200
    for connection in slow:
        connection.close()


def test_a_stream_may_take_longer_than_a_request(server: Live) -> None:
    row = b'{"text": "a"}\n'
    with connect(server) as connection:
        connection.sendall(NDJSON + b"Connection: close\r\n" + CHUNKED)
        for _ in range(20):
            connection.sendall(b"%x\r\n%s\r\n" % (len(row), row))
            time.sleep(0.2)  # together longer than a request may take
        connection.sendall(b"0\r\n\r\n")
        answer = b""
        while piece := connection.recv(2**16):
            answer += piece
    assert answer.count(b'"clean_text"') == 20
    assert b"problem" not in answer


def test_chunks_that_are_none_are_malformed(server: Live) -> None:
    assert ask(server, JSON + CHUNKED + b"zz\r\n")[0] == 400
    with connect(server) as connection:
        connection.sendall(NDJSON + CHUNKED + b"e\r\n" + b'{"text": "a"}\n' + b"\r\nzz\r\n")
        answer = b""
        while piece := connection.recv(2**16):
            answer += piece
    assert answer.index(b"clean_text") < answer.index(b"urn:saring:problem:malformed")
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431),
        (JSON + b"Expect: miracles\r\nContent-Length: 2\r\n\r\n{}", 417),
        (JSON + b"Content-Length: 1000001\r\n\r\n{", 413),
    ],
)
def test_what_is_not_http_or_too_large_is_refused_with_a_problem(server: Live, request_: bytes, status: int) -> None:
    got, problem = ask(server, request_)
    assert (got, problem["status"]) == (status, status)
    assert problem["type"].startswith("urn:saring:problem:")
    assert problem["detail"]


def test_who_sends_far_too_much_reads_why(server: Live) -> None:
    response = httpx.post(f"{server.url}/classify", content=b"a" * 3_000_000, headers={"Content-Type": "text/plain"}, timeout=PATIENCE)
    assert response.status_code == 413
    assert "1000000 bytes" in response.json()["detail"]
