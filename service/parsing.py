"""From what a caller sent to an `Article`: the one place that says what a request may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model import Article

FIELDS = ("text", "id", "url", "lang", "threshold")


class InputError(Exception):
    """Input that cannot be judged; ``field`` names the field at fault, if it is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class Submission:
    """An article and the threshold that its sender asks for."""

    article: Article
    threshold: float | None


def parse_submission(content: Any, *, strict: bool = True) -> Submission:
    """Check one JSON object and return what it asks for.

    With ``strict``, a field that is not known is an error; without, it is the caller's own and passed over.

    Raises
    ------
    InputError
        If `content` is not an object, or a field is missing, unknown, of the wrong type or out of range.
    """
    if not isinstance(content, Mapping):
        raise InputError(f"expected a JSON object, got {_type_name(content)}")
    unknown = [key for key in content if key not in FIELDS]
    if strict and unknown:
        raise InputError(f"unknown field; known are {', '.join(FIELDS)}", field=_printable(unknown[0]))
    if "text" not in content:
        raise InputError("text is missing", field="text")
    return Submission(_article(content), parse_threshold(content.get("threshold")))


def parse_threshold(value: Any) -> float | None:
    """Return a threshold from 0 to 1, or None for none."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InputError(f"threshold must be a number, got {_type_name(value)}", field="threshold")
    if not 0 <= value <= 1:
        raise InputError(f"threshold must lie between 0 and 1, got {value}", field="threshold")
    return float(value)


def _article(content: Mapping[str, Any]) -> Article:
    for field in ("text", "id", "url", "lang"):
        value = content.get(field)
        if not isinstance(value, str) and (value is not None or field == "text"):
            raise InputError(f"{field} must be a string, got {_type_name(value)}", field=field)
        if value is not None and field != "text":
            _check_encodable(value, field)
    try:
        return Article(content["text"], content.get("id"), content.get("url"), content.get("lang"))
    except ValueError as error:
        raise InputError(str(error), field="text") from None


def _check_encodable(value: str, field: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"{field} holds a lone surrogate at offset {error.start}", field=field) from None


def _printable(key: object) -> str:
    return str(key).encode("utf-8", "backslashreplace").decode()[:80]


def _type_name(value: Any) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array", dict: "an object"}
    return "null" if value is None else names.get(type(value), type(value).__name__)
