"""A stream that is read ahead of its use into a temporary file.

Many a caller sends all of its articles before it reads the first verdict. A server that reads only as fast as it can answer would then wait
for the caller to read, while the caller waits for the server to read, forever. So what arrives is put aside: on disk, not in memory.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import IO

from werkzeug.exceptions import RequestTimeout

PIECE = 64 * 1024


class Spool:
    """An iterator of the pieces of `stream`, which a thread reads.

    Parameters
    ----------
    stream : file
        Read by the thread alone.
    most : int
        Bytes that the file may take; with more, reading waits for use.
    seconds : float
        How long to wait for the next piece. Then `RequestTimeout` is raised.
    abandon : callable, optional
        Called if the spool is closed before `stream` has ended: the thread may still be reading, and nobody else may read after it.
    """

    def __init__(self, stream: IO[bytes], most: int, seconds: float, abandon: Callable[[], None] | None = None) -> None:
        self._abandon = abandon
        self._most = most
        self._seconds = seconds
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - it is closed with the spool
        self._changed = threading.Condition()
        self._written = self._taken = 0
        self._ended = self._closed = False
        self._error: Exception | None = None
        threading.Thread(target=self._fill, args=(stream,), name="saring-spool", daemon=True).start()

    def __iter__(self) -> Iterator[bytes]:
        while piece := self._take():
            yield piece
        if self._error:
            raise self._error

    def close(self) -> None:
        """Give up the file and what is in it; the thread ends with its next piece."""
        with self._changed:
            if not self._ended and self._abandon:
                self._abandon()
            self._closed = True
            self._changed.notify_all()
            self._file.close()

    def _fill(self, stream: IO[bytes]) -> None:
        try:
            while piece := stream.read(PIECE):
                with self._changed:
                    self._changed.wait_for(lambda: self._written < self._most or self._closed)
                    if self._closed:
                        return
                    while piece:
                        size = os.pwrite(self._file.fileno(), piece, self._written)
                        self._written, piece = self._written + size, piece[size:]
                    self._changed.notify_all()
        except Exception as error:  # whatever it is, it is raised where the stream is used
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _take(self) -> bytes:
        with self._changed:
            if not self._changed.wait_for(lambda: self._taken < self._written or self._ended, self._seconds):
                raise RequestTimeout(f"Nothing more of the stream arrived within {self._seconds:g} seconds.")
            piece = os.pread(self._file.fileno(), PIECE, self._taken)
            self._taken += len(piece)
            if piece and self._taken == self._written:
                # All of it is used: begin the file anew, so that it grows no larger than what waits.
                os.ftruncate(self._file.fileno(), 0)
                self._taken = self._written = 0
                self._changed.notify_all()
            return piece
