"""The body of a request as it arrives, under gunicorn.

gunicorn's own reader waits until it has as many bytes as it was asked for. A caller that sends an article, and its next one only after it
has read the verdict, would wait forever.
"""

from __future__ import annotations

import io
from typing import Any

from gunicorn.http.body import Body, ChunkedReader
from gunicorn.http.errors import ParseException

from service.submissions import MalformedError


class Arriving(io.RawIOBase):
    """Reads what there is of a chunked body, and waits only if there is nothing."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._rest = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._rest:
            self._rest = self._next()
        size = min(len(buffer), len(self._rest))
        buffer[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def _next(self) -> bytes:
        reader = self._body.reader
        try:
            for piece in reader.parser or ():
                if piece:
                    return bytes(piece)
        except Exception as error:
            self._body.failed = True  # where the next request begins is not known: gunicorn closes the connection
            if isinstance(error, ParseException):
                raise MalformedError(f"The body is not in chunks as it says: {error}.") from None
            raise
        reader.parser = None
        return b""


def as_it_arrives(body: Body) -> io.RawIOBase | Body:
    """Return a stream of `body` that does not wait for more than there is, if its length is not known beforehand."""
    return Arriving(body) if isinstance(body.reader, ChunkedReader) else body
