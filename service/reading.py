"""Articles from files, rows and standard input, for the command line. What cannot be read is named and passed over."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from model import Article
from service.parsing import InputError, Submission, parse_submission

Format = Literal["text", "jsonl"]
STDIN = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read: the file (``-`` for standard input), and its row if it has rows."""

    file: str
    row: int | None = None

    def __str__(self) -> str:
        name = "standard input" if self.file == STDIN else self.file
        return name if self.row is None else f"{name}: row {self.row}"


@dataclass(frozen=True, slots=True)
class Read:
    """An article that was read, with everything else that its row held."""

    source: Source
    submission: Submission
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """What could not be read, and why."""

    source: Source
    message: str


def read_articles(path: str, input_format: Format | None = None) -> Iterator[Read | Unreadable]:
    """Read one file, or standard input for ``-``, a row at a time; a broken row does not end it.

    A file ending in ``.jsonl`` has one JSON object a row, any other is one text, unless `input_format` says otherwise.
    """
    jsonl = input_format == "jsonl" if input_format else Path(path).suffix == ".jsonl"
    try:
        if path == STDIN:
            yield from _read(sys.stdin.buffer, path, jsonl=jsonl)
        else:
            with Path(path).open("rb") as file:
                yield from _read(file, path, jsonl=jsonl)
    except OSError as error:
        yield Unreadable(Source(path), error.strerror or str(error))


def _read(file: BinaryIO, path: str, *, jsonl: bool) -> Iterator[Read | Unreadable]:
    if jsonl:
        # Rows end at line feeds only: JSON strings may hold the other line ends.
        for number, row in enumerate(file, 1):
            if row.strip():
                yield _read_row(row, Source(path, number))
        return
    try:
        article = Article(file.read().decode("utf-8"), id=None if path == STDIN else path)
    except UnicodeDecodeError as error:
        yield Unreadable(Source(path), f"not UTF-8: {error.reason} at byte {error.start}")
    except ValueError as error:
        yield Unreadable(Source(path), str(error))
    else:
        yield Read(Source(path), Submission(article, None))


def _read_row(row: bytes, source: Source) -> Read | Unreadable:
    try:
        content = json.loads(row.decode("utf-8"))
        submission = parse_submission(_with_string_id(content), strict=False)
    except UnicodeDecodeError as error:
        return Unreadable(source, f"not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Unreadable(source, f"not JSON: {error}")
    except InputError as error:
        return Unreadable(source, str(error))
    return Read(source, submission, {key: value for key, value in content.items() if key not in ("text", "threshold")})


def _with_string_id(content: Any) -> Any:
    """Rows of data sets are often numbered; the number comes back as it was, through `Read.rest`."""
    if isinstance(content, dict) and isinstance(content.get("id"), int):
        return {**content, "id": str(content["id"])}
    return content
