"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException, InternalServerError

from service.parsing import InputError


def problem(status: int, title: str, detail: str, field: str | None = None) -> Response:
    """Return an ``application/problem+json`` response; ``field`` becomes the JSON pointer of the fault."""
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if field is not None:
        pointer = "/" + field.replace("~", "~0").replace("/", "~1")
        body["errors"] = [{"pointer": pointer, "detail": detail}]
    return Response(json.dumps(body), status=status, content_type="application/problem+json")


def register(app: Flask) -> None:
    """Answer every error of `app` with problem details."""
    app.register_error_handler(InputError, _input_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected)


def _input_error(error: InputError) -> Response:
    detail = str(error)
    if error.field and error.field not in detail.split():
        detail = f"{error.field}: {detail}"
    return problem(422, "Invalid request", detail, error.field)


def _http_error(error: HTTPException) -> Response:
    response = problem(error.code or 500, error.name, error.description or error.name)
    for header, value in error.get_headers():
        if header in ("Allow", "Retry-After"):
            response.headers[header] = value
    return response


def _unexpected(error: Exception) -> Response:
    # The trace goes to the log, never to the caller.
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return problem(500, InternalServerError().name, "The server met an error that it did not expect.")
