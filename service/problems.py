"""Errors as problem details (RFC 9457)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, current_app, g, has_app_context, request
from werkzeug.exceptions import ClientDisconnected, Conflict, HTTPException

from service.submissions import Fault, InputError, MalformedError

# The kinds of problems: what callers may rely on. Kinds are added, never renamed; docs/api.md lists them.
TITLES = {
    "malformed": "Malformed request",
    "unauthorized": "API key needed",
    "not-found": "Not found",
    "method-not-allowed": "Method not allowed",
    "conflict": "Conflict",
    "timeout": "Request timed out",
    "too-large": "Request too large",
    "unsupported-media-type": "Unsupported media type",
    "invalid": "Invalid request",
    "busy": "Too many requests",
    "internal": "Internal error",
    "unavailable": "Service unavailable",
    "model-refused": "Model refused",
    "refused": "Request refused",
}
KINDS = {
    400: "malformed",
    401: "unauthorized",
    404: "not-found",
    405: "method-not-allowed",
    408: "timeout",
    409: "conflict",
    413: "too-large",
    415: "unsupported-media-type",
    422: "invalid",
    429: "busy",
    500: "internal",
    503: "unavailable",
}
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate", "Accept-Encoding")


class ModelRefused(Conflict):
    """A newer model that cannot be used."""

    kind = "model-refused"


def describe(status: int, detail: str, faults: Sequence[Fault] = (), kind: str | None = None) -> dict[str, Any]:
    """Return problem details; `kind` is a key of `TITLES`, that of the status if None."""
    kind = kind or KINDS.get(status, "refused")
    body: dict[str, Any] = {"type": f"urn:saring:problem:{kind}", "title": TITLES[kind], "status": status, "detail": detail}
    if has_app_context() and "request_id" in g:
        body["instance"] = f"urn:saring:request:{g.request_id}"
    if faults:
        body["errors"] = [{"pointer": fault.pointer, "detail": fault.message} for fault in faults]
    return body


def describe_error(error: Exception) -> dict[str, Any]:
    """Return the problem details of whatever was raised. What was not expected is logged with its trace, which the caller never gets."""
    if isinstance(error, InputError):
        return describe(422, str(error), error.faults)
    if isinstance(error, MalformedError):
        return describe(400, str(error))
    if isinstance(error, ClientDisconnected):  # or one that was too slow, for which the server gives up waiting
        return describe(408, "The rest of the request did not arrive in time.")
    if isinstance(error, HTTPException):
        return describe(error.code or 500, error.description or error.name, kind=getattr(error, "kind", None))
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return describe(500, "The server met an error that it did not expect.")


def register(app: Flask) -> None:
    """Answer every error of `app` with problem details."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response | HTTPException:
    """Return the answer to whatever was raised."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:
        return error  # a redirect
    body = describe_error(error)
    response = Response(json.dumps(body), status=body["status"], content_type="application/problem+json")
    if isinstance(error, HTTPException):
        for header, value in error.get_headers():
            if header in KEPT_HEADERS:
                response.headers.add(header, value)
    return response
