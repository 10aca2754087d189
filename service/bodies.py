"""Reading the body of a request, whatever its type."""

from __future__ import annotations

import json
from typing import Any

from flask import Request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from service.parsing import InputError, Submission, parse_submission


def read_submission(request: Request) -> Submission:
    """Return the article of a JSON or plain text request.

    Raises
    ------
    werkzeug.exceptions.HTTPException
        400 for a body that is empty, not UTF-8 or not JSON; 413 for one that is too large; 415 for another type.
    InputError
        For JSON that is not what it should be.
    """
    plain = request.mimetype == "text/plain"
    if not plain and request.mimetype not in ("application/json", ""):
        raise UnsupportedMediaType(f"Content-Type {request.mimetype!r} is not supported; send application/json or text/plain.")
    body = _decode(request.get_data(cache=False))
    return parse_submission(_plain(request, body) if plain else _json(body))


def _decode(body: bytes) -> str:
    if not body:
        raise BadRequest("The body is empty.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8: {error.reason} at byte {error.start}.") from None


def _json(body: str) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise BadRequest("The body is nested too deeply.") from None
    except ValueError as error:
        raise BadRequest(f"The body is not JSON: {error}.") from None


def _plain(request: Request, body: str) -> dict[str, Any]:
    """What JSON says in fields, a plain text request says in its query."""
    content: dict[str, Any] = {**request.args.to_dict(), "text": body}
    if "threshold" in content:
        try:
            content["threshold"] = float(content["threshold"])
        except ValueError:
            raise InputError(f"threshold must be a number, got {content['threshold']!r}", field="threshold") from None
    return content
