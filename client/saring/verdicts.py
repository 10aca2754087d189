"""What the service says, as typed values. Offsets count code points of the text that was sent, ends are exclusive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from saring.errors import Problem


class Span(NamedTuple):
    """A part of the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line was flagged; ``span`` is the part of the text that the reason points at, if it points at one."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class FlaggedLine:
    """A line that holds injected text, at ``spans``; ``number`` counts from 1."""

    number: int
    start: int
    end: int
    text: str
    label: str
    score: float
    spans: tuple[Span, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one article; ``clean_text`` is its text without the injected parts."""

    id: str | None
    flagged: bool
    score: float
    threshold: float
    line_count: int
    lines: tuple[FlaggedLine, ...]
    clean_text: str
    model_name: str
    model_version: str

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read a verdict; fields that a newer service adds are passed over."""
        return cls(
            id=body.get("id"),
            flagged=body["flagged"],
            score=body["score"],
            threshold=body["threshold"],
            line_count=body["line_count"],
            lines=tuple(_line(line) for line in body["lines"]),
            clean_text=body["clean_text"],
            model_name=body["model"]["name"],
            model_version=body["model"]["version"],
        )


@dataclass(frozen=True, slots=True)
class Rejected:
    """Takes the place of a verdict on an article that the service could not judge, and says why."""

    id: str | None
    problem: Problem


@dataclass(frozen=True, slots=True)
class Model:
    """The model that the service has loaded; ``figures`` is what its training measured."""

    name: str
    version: str
    created: str
    line_count: int
    threshold: float
    figures: Mapping[str, Any]

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Self:
        """Read a model's description; fields that a newer service adds are passed over."""
        return cls(body["name"], body["version"], body["created"], body["line_count"], body["threshold"], body["figures"])


def _line(body: Mapping[str, Any]) -> FlaggedLine:
    return FlaggedLine(
        number=body["number"],
        start=body["start"],
        end=body["end"],
        text=body["text"],
        label=body["label"],
        score=body["score"],
        spans=tuple(Span(start, end) for start, end in body["spans"]),
        reasons=tuple(_reason(reason) for reason in body["reasons"]),
    )


def _reason(body: Mapping[str, Any]) -> Reason:
    span = body.get("span")
    return Reason(body["code"], body["message"], None if span is None else Span(*span))
