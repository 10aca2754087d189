"""How long the server waits for a caller: gunicorn's threads wait for as long as a byte comes now and then."""

from __future__ import annotations

import socket
import time
from typing import Any

# A head is short; whoever needs longer to send one keeps a thread from the others.
HEAD_SECONDS = 5.0


class PatientSocket:
    """A connection on which a request has a time to arrive; all but reading is left to the socket itself."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._end: float | None = None
        self._in_head = True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def begin_head(self, seconds: float) -> None:
        """Wait for the head of the next request for so long."""
        self._end, self._in_head = time.monotonic() + min(seconds, HEAD_SECONDS), True

    def begin_body(self, seconds: float) -> None:
        """Wait for the whole of its body for so long, and for the caller to take the answer."""
        self._end, self._in_head = time.monotonic() + seconds, False
        self._connection.settimeout(seconds)

    def wait_for_each(self) -> None:
        """Let the body go on for as long as more of it comes in time."""
        self._end = None

    def recv(self, size: int) -> bytes:
        """Return what arrives next.

        Raises
        ------
        TimeoutError
            If it does not arrive in time. Of a head that does not, it is said that the caller has gone: there is nobody to answer yet.
        """
        if self._end is None:
            return self._connection.recv(size)
        before, left = self._connection.gettimeout(), self._end - time.monotonic()
        if left <= 0:
            return self._give_up()
        try:
            self._connection.settimeout(left if before is None else min(before, left))
            return self._connection.recv(size)
        except TimeoutError:
            return self._give_up()
        finally:
            self._connection.settimeout(before)

    def _give_up(self) -> bytes:
        if self._in_head:
            return b""
        raise TimeoutError

    def setblocking(self, flag: bool) -> None:
        """Do as the socket does; gunicorn asks for it once more after the worker has closed the connection."""
        if self._connection.fileno() >= 0:
            self._connection.setblocking(flag)
