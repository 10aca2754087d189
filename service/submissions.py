"""What a caller asks for, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model import Article


@dataclass(frozen=True, slots=True)
class Submission:
    """An article and the threshold that its sender asks for."""

    article: Article
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; ``pointer`` is the JSON pointer (RFC 6901) to it, empty for the whole."""

    message: str
    pointer: str = ""


class MalformedError(Exception):
    """Input that cannot even be read."""


class InputError(Exception):
    """Input that can be read, but not judged; ``faults`` holds everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault] | str, field: str | None = None) -> None:
        if isinstance(faults, str):
            faults = [Fault(faults, to_pointer(field) if field else "")]
        self.faults = tuple(faults)
        super().__init__(_describe(self.faults))


def to_pointer(*path: str | int) -> str:
    """Return the JSON pointer to a place within a value."""
    return "".join("/" + str(part).encode("utf-8", "backslashreplace").decode()[:80].replace("~", "~0").replace("/", "~1") for part in path)


def _describe(faults: Sequence[Fault]) -> str:
    first = faults[0]
    name = first.pointer.removeprefix("/")
    # A message that speaks of its field by name needs no name before it.
    message = first.message if not name or name in first.message.split() else f"{name}: {first.message}"
    return message if len(faults) == 1 else f"{message} (and {len(faults) - 1} more)"
