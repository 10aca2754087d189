"""Every request gets an id, a line in the log, and is counted. What articles hold appears in none of these."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

from service import metrics
from service.state import state

logger = logging.getLogger("service.access")

HEADER = "X-Request-ID"
# Ids come back in headers and in the log, so no others are taken over.
FIT = re.compile(r"[A-Za-z0-9._:@/+=-]{1,128}")


def register(app: Flask) -> None:
    """Observe every request of `app`."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    held = state()
    held.models.watch(held.settings.model_poll_seconds)  # begins with the first request of a process, whatever server that has
    g.started = time.monotonic()
    offered = request.headers.get(HEADER, "")
    g.request_id = offered if FIT.fullmatch(offered) else secrets.token_hex(16)


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    seen = _Seen(response.status_code)
    if response.is_streamed:
        response.call_on_close(seen.tell)
    else:
        seen.tell()
    return response


class _Seen:
    """What is known of a request while there is one: a stream ends after it."""

    def __init__(self, status: int) -> None:
        self.status = status
        self.started: float = g.started
        self.method = request.method
        # Callers may ask for any path with any method; the labels of a metric must stay few.
        self.route = request.url_rule.rule if request.url_rule else "other"
        self.fields = {"request_id": g.request_id, "client": request.remote_addr, "method": self.method, "path": request.path}

    def tell(self) -> None:
        seconds = time.monotonic() - self.started
        metrics.requests.labels(self.method if self.route != "other" else "other", self.route, self.status).inc()
        metrics.request_seconds.labels(self.route).observe(seconds)
        if logger.isEnabledFor(logging.INFO):
            logger.info("request", extra={**self.fields, "status": self.status, "milliseconds": round(seconds * 1000, 3)})
