"""Reading the body of a request, whatever its type."""

from __future__ import annotations

from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from service.gzipped import is_gzipped, unpack
from service.parsing import FIELDS, Terms, parse_body, parse_submission
from service.settings import Settings
from service.submissions import InputError, MalformedError, Submission

NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines")


def read_submissions(request: Request, settings: Settings) -> Submission | list[Submission]:
    """Return the article, or the batch of articles, of a JSON or plain text request.

    Raises
    ------
    werkzeug.exceptions.HTTPException
        413 for a body that is too large; 415 for another type.
    MalformedError, InputError
        For a body that cannot be read, or is not what it should be.
    """
    plain = request.mimetype == "text/plain"
    if not plain and request.mimetype not in ("application/json", ""):
        raise UnsupportedMediaType(
            f"Content-Type {request.mimetype[:80]!r} is not supported; send application/json, application/x-ndjson or text/plain."
        )
    terms = read_terms(request, settings, strict=plain)
    body = _read(request, settings.max_body_bytes)
    return parse_submission({**terms.stand_ins, "text": _decode(body)}, terms) if plain else parse_body(body, terms)


def read_terms(request: Request, settings: Settings, *, strict: bool = False) -> Terms:
    """Return what holds for all articles of a request; with `strict`, its query may say nothing that is not known."""
    return Terms(settings.max_lines, settings.max_articles, _read_stand_ins(request, strict=strict))


def _read(request: Request, most: int) -> bytes:
    gzipped = is_gzipped(request)
    too_large = RequestEntityTooLarge(f"The body is longer than {most} bytes.")
    if (request.content_length or 0) > most:
        raise too_large
    # One byte more, or else a body that does not say how long it is would end at the limit as if there were no more of it.
    request.max_content_length = most + 1
    body = request.get_data(cache=False)
    if len(body) > most:
        raise too_large
    return unpack(body, most) if gzipped else body


def _read_stand_ins(request: Request, *, strict: bool) -> dict[str, Any]:
    if not request.query_string:
        return {}
    content: dict[str, Any] = request.args.to_dict()
    if not strict:
        content = {name: value for name, value in content.items() if name in FIELDS}
    if "text" in content:
        raise InputError("text belongs into the body", field="text")
    if "threshold" in content:
        try:
            content["threshold"] = float(content["threshold"])
        except ValueError:
            raise InputError(f"threshold must be a number, got {content['threshold']!r}", field="threshold") from None
    parse_submission({**content, "text": ""})
    return content


def _decode(body: bytes) -> str:
    if not body:
        raise MalformedError("The body is empty.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedError(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None
