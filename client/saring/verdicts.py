"""What the service says of an article, as typed values. Offsets count code points of the text that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line was flagged."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FlaggedLine:
    """A line that holds injected text, at ``spans``."""

    number: int
    start: int
    end: int
    text: str
    label: str
    score: float
    spans: tuple[tuple[int, int], ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one article."""

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
    def from_json(cls, body: Mapping[str, Any]) -> Verdict:
        """Read the body of an answer; fields that a newer service adds are passed over."""
        return cls(
            id=body["id"],
            flagged=body["flagged"],
            score=body["score"],
            threshold=body["threshold"],
            line_count=body["line_count"],
            lines=tuple(_line(line) for line in body["lines"]),
            clean_text=body["clean_text"],
            model_name=body["model"]["name"],
            model_version=body["model"]["version"],
        )


def _line(body: Mapping[str, Any]) -> FlaggedLine:
    return FlaggedLine(
        number=body["number"],
        start=body["start"],
        end=body["end"],
        text=body["text"],
        label=body["label"],
        score=body["score"],
        spans=tuple((start, end) for start, end in body["spans"]),
        reasons=tuple(Reason(reason["code"], reason["message"]) for reason in body["reasons"]),
    )
