"""Headers that every answer bears, so that a browser does with it what it is meant for and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

DEFAULTS = {
    "Content-Security-Policy": (
        "default-src 'none'; img-src 'self'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Answers hold articles; the files at /static say themselves how long they may be kept.
    "Cache-Control": "no-store",
}


class SecureHeaders:
    """Adds what is missing of `DEFAULTS` to every answer of a WSGI application."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said = {name.title() for name, _ in headers}
            headers.extend(default for default in DEFAULTS.items() if default[0].title() not in said)
            return start_response(status, headers, *rest)

        return self.app(environ, start)
