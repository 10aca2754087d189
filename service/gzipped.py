"""gzip in both directions, with bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from flask import Request, Response, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.submissions import MalformedError

GZIP = 31  # what zlib calls the gzip format with its largest window
LEAST = 1024  # a smaller answer gains nothing
LEVEL = 4
PIECE = 64 * 1024


def is_gzipped(request: Request) -> bool:
    """Tell whether the body of a request is gzipped.

    Raises
    ------
    werkzeug.exceptions.UnsupportedMediaType
        If it is encoded in another way.
    """
    encoding = request.environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if encoding in ("", "identity"):
        return False
    if encoding in ("gzip", "x-gzip"):
        return True
    raise UnsupportedEncoding(f"Content-Encoding {encoding[:40]!r} is not supported; send gzip, or none.")


class UnsupportedEncoding(UnsupportedMediaType):
    """A content encoding that is not known here; the answer names the known one."""

    def get_headers(self, *args: object, **kwargs: object) -> list[tuple[str, str]]:
        return [*super().get_headers(*args, **kwargs), ("Accept-Encoding", "gzip")]  # type: ignore[arg-type]


def unpack(body: bytes, most: int) -> bytes:
    """Return what a gzipped body holds.

    Raises
    ------
    werkzeug.exceptions.RequestEntityTooLarge
        If that is more than `most` bytes; no more than those are unpacked.
    MalformedError
        If it is broken or ends early.
    """
    pieces, size = [], 0
    for piece in unpack_pieces([body]):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise RequestEntityTooLarge(f"The body holds more than {most} bytes when it is unpacked.")
    return b"".join(pieces)


def unpack_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Unpack a gzipped stream a piece at a time; a piece comes out at most `PIECE` bytes long, however much it was packed."""
    unpacker = zlib.decompressobj(GZIP)
    fresh = True
    for packed in pieces:
        while packed:
            if unpacker.eof:  # a gzip file may be followed by another
                unpacker = zlib.decompressobj(GZIP)
            fresh = False
            try:
                piece = unpacker.decompress(packed, PIECE)
            except zlib.error as error:
                raise MalformedError(f"The body is not gzip: {error}.") from None
            packed = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            if piece:
                yield piece
    if not fresh and not unpacker.eof:
        raise MalformedError("The body ends in the middle of its gzip.")


def accepts_gzip() -> bool:
    """Tell whether the caller of the current request reads gzip."""
    return "HTTP_ACCEPT_ENCODING" in request.environ and request.accept_encodings["gzip"] > 0


def pack(response: Response) -> Response:
    """Pack a whole answer if it is worth it and the caller reads gzip; for ``after_request``."""
    whole = not response.is_streamed and not response.direct_passthrough
    if not whole or (response.content_length or 0) < LEAST or not accepts_gzip() or "Content-Encoding" in response.headers:
        return response
    response.vary.add("Accept-Encoding")
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    response.set_data(packer.compress(response.get_data()) + packer.flush())
    response.headers["Content-Encoding"] = "gzip"
    return response


def pack_pieces(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pack a stream so that each piece can be unpacked as soon as it arrives."""
    packer = zlib.compressobj(LEVEL, wbits=GZIP)
    for piece in pieces:
        yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
