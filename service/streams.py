"""Articles one a line in, verdicts one a line out: in order, in bounded memory, and without an end for one broken line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import Any

from flask import Request, Response, stream_with_context
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge

from model import Report
from service.bodies import read_terms
from service.encode import encode_row
from service.gzipped import accepts_gzip, is_gzipped, pack_pieces, unpack_pieces
from service.judging import judge_uncounted
from service.metrics import count_reports
from service.parsing import Terms, parse_row
from service.problems import describe_error
from service.serialise import report_to_dict
from service.spool import Spool
from service.state import State
from service.submissions import MalformedError

PIECE = 64 * 1024
# A stream that says it is no longer than this is read at once instead of put aside on disk.
SHORT = 2**20
# Under this name a server may leave a function that has it take no other request from the connection.
ABANDON = "saring.abandon"
# And under this, one that has it wait for each piece of the body instead of the whole.
GO_ON = "saring.go-on"


def stream_verdicts(request: Request, state: State, after: ExitStack) -> Response:
    """Return the answer to a stream; `after` is closed when it ends, however it does.

    Articles are judged as the answer is sent, and nothing is kept but what is under way.
    """
    gzipped, terms = is_gzipped(request), read_terms(request, state.settings)
    request.max_content_length = sys.maxsize  # the limit is that of a line
    headers = {"Vary": "Accept-Encoding"}
    if request.content_length is not None and request.content_length <= SHORT:
        pieces: Iterable[bytes] = _cut(request.get_data(cache=False))
    else:
        limits = state.settings
        request.environ.get(GO_ON, bool)()
        spool = Spool(request.stream, limits.max_spool_bytes, limits.request_seconds, request.environ.get(ABANDON))
        after.callback(spool.close)
        pieces = spool
    rows = _rows(unpack_pieces(pieces) if gzipped else pieces, state.settings.max_body_bytes)
    answer = _ending(_verdicts(rows, state, terms), after)
    if accepts_gzip():
        headers["Content-Encoding"] = "gzip"
        answer = pack_pieces(answer)
    response = Response(stream_with_context(answer), content_type="application/x-ndjson", headers=headers)
    response.call_on_close(after.close)  # an answer that nobody began to read has no end of its own
    return response


def _cut(body: bytes) -> Iterator[bytes]:
    return (body[start : start + PIECE] for start in range(0, len(body), PIECE))


def _ending(pieces: Iterator[bytes], after: ExitStack) -> Iterator[bytes]:
    with after:
        yield from pieces


def _rows(pieces: Iterable[bytes], most: int) -> Iterator[list[bytes | Exception]]:
    """Yield the rows that each piece completes. Rows end at line feeds only: JSON strings may hold the other line ends.

    What is wrong with a row, or with the rest of the stream, is put in its place.
    """
    started: list[bytes] = []
    size, skipping = 0, False
    too_large = RequestEntityTooLarge(f"The line is longer than {most} bytes.")
    try:
        for piece in pieces:
            rows: list[bytes | Exception] = []
            *ended, rest = piece.split(b"\n")
            for end in ended:
                if not skipping:
                    rows.append(b"".join([*started, end]) if size + len(end) <= most else too_large)
                started, size, skipping = [], 0, False
            size += len(rest)
            if not skipping and size > most:
                rows.append(too_large)
                started, skipping = [], True
            elif not skipping and rest:
                started.append(rest)
            yield rows
    except (MalformedError, HTTPException, OSError) as error:
        # What comes after cannot be read; what came before is answered, and the last object says so.
        yield [ClientDisconnected() if isinstance(error, OSError) else error]
        return
    if started:
        yield [b"".join(started)]


def _verdicts(batches: Iterable[list[bytes | Exception]], state: State, terms: Terms) -> Iterator[bytes]:
    for rows in batches:
        reports: list[Report] = []
        try:
            answers = [_answer(row, state, terms, reports) for row in rows if not isinstance(row, bytes) or row.strip()]
        finally:
            count_reports(reports)
        if answers:
            yield b"".join(encode_row(answer) for answer in answers)


def _answer(row: bytes | Exception, state: State, terms: Terms, reports: list[Report]) -> dict[str, Any]:
    if isinstance(row, Exception):
        return {"error": describe_error(row)}
    try:
        report = judge_uncounted(state, state.models.current, parse_row(row, terms))
        reports.append(report)
        return report_to_dict(report)
    except Exception as error:  # whatever it is, the other lines go on
        return {**_id(row), "error": describe_error(error)}


def _id(row: bytes) -> dict[str, Any]:
    """Return the id of a broken row, if that much of it can be read."""
    try:
        identity = json.loads(row).get("id")
    except (ValueError, RecursionError, AttributeError):
        return {}
    return {"id": identity} if isinstance(identity, (str, int)) else {}
