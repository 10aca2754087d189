"""Who may ask: requests with one of the API keys, if there are any."""

from __future__ import annotations

from flask import Request, request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from service.state import state

# A browser asks for a name and a password; the password is the key.
CHALLENGES = [WWWAuthenticate("bearer", {"realm": "Saring"}), WWWAuthenticate("basic", {"realm": "Saring, with an API key as password"})]


def need_key() -> None:
    """Refuse the current request if it bears no key although there are some; for ``before_request`` of a blueprint."""
    keys = state().keys
    if keys and not keys.fits(_offered(request)):
        raise Unauthorized("Send one of the API keys as Authorization: Bearer, or as X-API-Key.", www_authenticate=CHALLENGES)


def need_any_key() -> None:
    """Refuse the current request if it bears no key, or if there are no keys at all."""
    if not state().keys:
        raise Unauthorized("This needs an API key, and the service has none (SARING_API_KEYS).", www_authenticate=CHALLENGES)
    need_key()


def _offered(request: Request) -> str:
    authorization = request.authorization
    if authorization is not None:
        offered = authorization.token if authorization.type == "bearer" else authorization.parameters.get("password")
        return offered or ""
    return request.headers.get("X-API-Key", "")
