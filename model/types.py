"""The values that pass between modules. All offsets count Unicode code points of the submitted text, end exclusive."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of the submitted text, ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One text to judge.

    Attributes
    ----------
    utf8 : bytes or None
        The text in UTF-8, unless it is ASCII: it is needed to see whether the text can be stored, and to judge it.

    Raises
    ------
    ValueError
        If the text holds a lone surrogate or a NUL character: neither can be stored or sent on as UTF-8 text safely.
    """

    text: str
    id: str | None = None
    url: str | None = None
    lang: str | None = None
    utf8: bytes | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        text, utf8 = self.text, None
        if text.isascii():
            nul = "\0" in text
        else:
            try:
                utf8 = text.encode("utf-8")
            except UnicodeEncodeError as error:
                raise ValueError(f"text holds a lone surrogate at offset {error.start}") from None
            nul = b"\0" in utf8  # looking for it among wide characters takes longer than encoding them
        if nul:
            raise ValueError(f"text holds a NUL character at offset {text.index(chr(0))}")
        object.__setattr__(self, "utf8", utf8)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an article, without its line end. Numbers start at 1 and count blank lines too."""

    number: int
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a line was flagged, in words for a reviewer, and the part of the text that it points at."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the model says of one flagged line: ``score`` is the probability (0 to 1) that it holds injected text."""

    line: Line
    label: str
    score: float
    spans: tuple[Span, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model spoke."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything the model says of one article: the flagged lines in order, and the text without their spans.

    ``score`` is the highest score of any line (0 where there is none), ``line_count`` counts blank lines too.
    """

    article: Article
    flagged: bool
    score: float
    threshold: float
    line_count: int
    verdicts: tuple[Verdict, ...]
    clean_text: str
    model: ModelInfo
