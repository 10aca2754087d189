"""Callers that keep a connection busy for long without asking for much: what a server in the open has besides those in a hurry."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from urllib.parse import urlsplit

STREAMS, TRICKLES = 2, 4
EVERY_SECONDS = 0.25
HEAD = b"POST /classify HTTP/1.1\r\nHost: benchmark\r\nContent-Type: "
ROW = b'{"text": "Harga cabai turun."}\n'
# How each begins, and what it sends again and again: an article now and then in a stream, a byte of a body that never ends.
STREAM = (HEAD + b"application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n", b"%x\r\n%s\r\n" % (len(ROW), ROW))
TRICKLE = (HEAD + b"application/json\r\nContent-Length: 1000000\r\n\r\n", b" ")


@contextmanager
def slow_callers(url: str) -> Iterator[None]:
    """Hold streams open and send bodies byte by byte until the block ends; who is cut off comes again."""
    with ExitStack() as callers:
        for head, piece in [STREAM] * STREAMS + [TRICKLE] * TRICKLES:
            callers.enter_context(calling(url, head, piece))
        yield


@contextmanager
def calling(url: str, head: bytes, piece: bytes, *, once: bool = False) -> Iterator[None]:
    """Send `head` and then `piece` again and again until the block ends; with `once`, do not come again after the server has had enough."""
    over = threading.Event()
    thread = threading.Thread(target=_call, args=(url, head, piece, once, over))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _call(url: str, head: bytes, piece: bytes, once: bool, over: threading.Event) -> None:
    address = urlsplit(url)
    while not over.is_set():
        with suppress(OSError), socket.create_connection((address.hostname, address.port), timeout=1) as connection:
            connection.sendall(head)
            connection.setblocking(False)
            while not over.wait(EVERY_SECONDS):
                connection.sendall(piece)
                with suppress(BlockingIOError):
                    if not connection.recv(2**16):
                        break
        if once:
            return
