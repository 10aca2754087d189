"""What the client raises. Everything derives from `SaringError`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of a request; ``pointer`` is the JSON pointer of the field (RFC 6901)."""

    pointer: str
    detail: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What the service says is wrong, as problem details (RFC 9457); ``type`` is stable, the wording of the rest is not."""

    status: int
    title: str
    detail: str
    type: str = "about:blank"
    faults: tuple[Fault, ...] = ()

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read problem details; members that are not known are passed over."""
        title = str(body.get("title", ""))
        return cls(
            status=int(body["status"]),
            title=title,
            detail=str(body.get("detail", title)),
            type=str(body.get("type", "about:blank")),
            faults=tuple(Fault(str(fault.get("pointer", "")), str(fault.get("detail", ""))) for fault in body.get("errors", ())),
        )


class SaringError(Exception):
    """Anything that goes wrong between the client and the service."""


class ProblemError(SaringError):
    """The service refused a request.

    Attributes
    ----------
    problem : Problem
        What it says is wrong.
    retry_after : float or None
        Seconds after which it wants to be asked again, if it said so.
    request_id : str or None
        What its log calls the request.
    """

    def __init__(self, problem: Problem, *, retry_after: float | None = None, request_id: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.retry_after = retry_after
        self.request_id = request_id

    def __str__(self) -> str:
        return self.problem.detail

    @property
    def status(self) -> int:
        """The status of HTTP."""
        return self.problem.status


class UnreachableError(SaringError):
    """No answer could be had: no connection, or one that broke or took too long."""


class AnswerError(SaringError):
    """What answered does not speak as Saring does."""


class IncompleteAnswerError(AnswerError):
    """The answer ended early."""
