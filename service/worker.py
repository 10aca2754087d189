"""The worker of gunicorn that threads answer in, where its own leaves a caller too much time or too little said."""

from __future__ import annotations

import json
import select
import signal
import sys
import time
from typing import Any

from gunicorn import util
from gunicorn.http.errors import (
    ExpectationFailed,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
    UnsupportedTransferCoding,
)
from gunicorn.workers.gthread import TConn, ThreadWorker

from service.patience import PatientSocket
from service.problems import describe
from service.security import DEFAULTS

STATUSES: dict[type[Exception], tuple[int, str]] = {
    LimitRequestLine: (414, "URI Too Long"),
    ExpectationFailed: (417, "Expectation Failed"),
    LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    UnsupportedTransferCoding: (501, "Not Implemented"),
}


# After so many requests a caller connects anew. Whoever takes the first connections of many callers would else keep them all, while
# another worker has nothing to do; new connections go to the worker that is free to take them.
REQUESTS_A_CONNECTION = 100
TURN_SECONDS = 0.0001


class Worker(ThreadWorker):  # type: ignore[misc]
    """Waits for a request with patience, but not forever, and refuses what is not HTTP with problem details."""

    #: Seconds for a request to arrive.
    request_seconds = 30.0

    def init_signals(self) -> None:
        """Take SIGHUP, which would end a worker that has only begun, for nothing: it will read what there is anyway."""
        super().init_signals()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Begin or stop to accept connections.

        A worker that stops for good takes those that wait, and closes the door: gunicorn would leave it open until the last request is
        answered, and callers that came meanwhile would find their connection reset.
        """
        if not enabled and not self.alive:
            # What comes between the last look and the closing is lost, so this thread must not wait long for its turn.
            sys.setswitchinterval(TURN_SECONDS)
            self._accept_rest()
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()

    def _accept_rest(self) -> None:
        end = time.monotonic() + 1.0
        for listener in self.sockets:
            while self._accepting and select.select([listener], [], [], 0)[0] and time.monotonic() < end:
                self.accept(listener)

    def handle(self, conn: TConn) -> Any:
        """Answer one request on a connection; called in a thread."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(conn.sock)
        conn.sock.begin_head(self.request_seconds)
        goes_on = super().handle(conn)
        if not goes_on:
            # gunicorn would do this where it accepts connections, and have all callers wait for one that is slow to close.
            conn.close(graceful=True)
        return goes_on

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request that has been read."""
        conn.answered = getattr(conn, "answered", 0) + 1
        if conn.answered >= REQUESTS_A_CONNECTION:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what could not be read as a request."""
        if not isinstance(exc, ParseException) or isinstance(exc, (InvalidResponseHeader, InvalidResponseHeaderName)):
            super().handle_error(req, client, addr, exc)
            return
        status, reason = STATUSES.get(type(exc), (400, "Bad Request"))
        self.log.warning("%s from %s: %s", reason, addr[0] if addr else "", type(exc).__name__)
        body = json.dumps(describe(status, f"The request is not HTTP as it is spoken here: {exc}."))
        headers = {"Connection": "close", "Content-Type": "application/problem+json", "Content-Length": str(len(body)), **DEFAULTS}
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        try:
            util.write_nonblock(client, f"HTTP/1.1 {status} {reason}\r\n{head}\r\n{body}".encode("latin-1"))
        except OSError:
            self.log.debug("the answer could not be sent")
