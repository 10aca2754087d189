"""What the client asks, and how it reads the answers. No network here: the clients carry these calls, each in its own way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Any, Generic, Protocol, TypeVar

import httpx

from saring.articles import Article, dump
from saring.errors import AnswerError, Problem, ProblemError
from saring.verdicts import Model, Verdict

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
JSON = "application/json"


class Reader(Protocol[T_co]):
    """Makes a long answer a value while it arrives."""

    def feed(self, piece: bytes) -> None:
        """Take the next piece of it."""

    def end(self) -> T_co:
        """Return the value when all of it is there."""


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One question to the service; ``read`` makes its answer a value, or raises what is wrong with it.

    Where there is a ``reader``, it makes one of an answer that is no refusal, while the service is still at work on the rest.
    """

    method: str
    path: str
    read: Callable[[httpx.Response], T]
    body: bytes | None = None
    content_type: str = JSON
    reader: Callable[[], Reader[T]] | None = None

    def request(self, http: httpx.Client | httpx.AsyncClient, *, compress: bool) -> httpx.Request:
        """Return the request that asks it."""
        if self.body is None:
            return http.build_request(self.method, self.path)
        headers = {"Content-Type": self.content_type}
        body = self.body
        if compress:
            headers["Content-Encoding"] = "gzip"
            # At this level it costs a third of the time of the default one, and makes text a few per cent longer.
            body = gzip.compress(body, compresslevel=3, mtime=0)
        return http.build_request(self.method, self.path, content=body, headers=headers)


def headers(key: str | None, *, compress: bool) -> dict[str, str]:
    """Return what every request says."""
    result = {"User-Agent": f"saring/{version('saring')}", "Accept-Encoding": "gzip" if compress else "identity"}
    if key is not None:
        result["Authorization"] = f"Bearer {key}"
    return result


def classify(article: Article) -> Call[Verdict]:
    """Ask for the verdict on one article."""
    return Call("POST", "/classify", lambda response: parse(Verdict.from_json, content_of(response)), article.to_json())


def describe_model() -> Call[Model]:
    """Ask which model is loaded."""
    return Call("GET", "/model", lambda response: parse(Model.from_json, content_of(response)))


def feedback(label: str, *, id: str | None, text: str | None, line: int | None, span: tuple[int, int] | None) -> Call[None]:
    """Say what a part of an article really is."""
    fields = {"id": id, "text": text, "line": line, "span": span, "label": label}
    body = dump({key: value for key, value in fields.items() if value is not None})
    return Call("POST", "/feedback", check, body)


def content_of(response: httpx.Response) -> bytes:
    """Return the body of an answer that is no refusal.

    Raises
    ------
    ProblemError
        If it is one.
    """
    if response.is_success:
        return response.content
    raise refusal(response)


def refusal(response: httpx.Response) -> ProblemError:
    """Return what to raise for an answer that is one."""
    return ProblemError(
        problem_of(response),
        retry_after=seconds_of(response.headers.get("Retry-After")),
        request_id=response.headers.get("X-Request-ID"),
    )


def check(response: httpx.Response) -> None:
    """Pass over the body of an answer that is no refusal, and raise as `content_of` does if it is one."""
    content_of(response)


def parse(read: Callable[[Any], T], content: bytes) -> T:
    """Return what `read` makes of JSON.

    Raises
    ------
    AnswerError
        If it is not JSON, or not what `read` expects.
    """
    try:
        return read(json.loads(content))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise AnswerError(f"the answer is not one of Saring's ({type(error).__name__}: {error}): {content[:80]!r}") from error


def problem_of(response: httpx.Response) -> Problem:
    """Return what a refusal says is wrong; proxies in between do not speak in problem details."""
    if response.headers.get("Content-Type", "").partition(";")[0] == "application/problem+json":
        with suppress(AnswerError):
            return parse(lambda body: Problem.from_json({**body, "status": response.status_code}), response.content)
    reason = response.reason_phrase or f"status {response.status_code}"
    return Problem(response.status_code, reason, reason)


def seconds_of(retry_after: str | None) -> float | None:
    """Return the seconds that a ``Retry-After`` header means, which gives a number or a date; None for none."""
    if retry_after is None:
        return None
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        date = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())
