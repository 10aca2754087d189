"""Articles from folders, files, rows and standard input, for the command line. What cannot be read is named and passed over."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal

from model import Article
from service.submissions import InputError, Submission

Format = Literal["text", "jsonl"]
STDIN = "-"
ROWS = (".jsonl", ".ndjson")
TEXTS = (".txt", ".text", ".md", "")


@dataclass(frozen=True, slots=True)
class Source:
    """Where an article was read: the file (``-`` for standard input), and its row if it has rows."""

    file: str
    row: int | None = None

    def __str__(self) -> str:
        name = "standard input" if self.file == STDIN else self.file
        return name if self.row is None else f"{name}: row {self.row}"


@dataclass(frozen=True, slots=True)
class Row:
    """What a row holds, or a whole file as the field ``text``; nothing of it has been checked."""

    source: Source
    content: Any


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
    """Read what `read_rows` reads, as articles; a broken one does not end it."""
    for row in read_rows(path, input_format):
        yield row if isinstance(row, Unreadable) else to_article(row)


def read_rows(path: str, input_format: Format | None = None) -> Iterator[Row | Unreadable]:
    """Read one file, every file of a folder that looks like an article or rows of them, or standard input for ``-``.

    A file ending in ``.jsonl`` or ``.ndjson`` has one JSON object a row, any other is one text, unless `input_format` says otherwise.
    """
    if path != STDIN and Path(path).is_dir():
        files = sorted(file for file in Path(path).rglob("*") if file.suffix.lower() in (*ROWS, *TEXTS) and _shown(file, Path(path)))
        if not files:
            yield Unreadable(Source(path), f"holds no {', '.join((*ROWS, *TEXTS[:-1]))} file")
        for file in files:
            yield from read_rows(str(file), input_format)
        return
    jsonl = input_format == "jsonl" if input_format else Path(path).suffix.lower() in ROWS
    try:
        if path == STDIN:
            yield from _read(sys.stdin.buffer, path, jsonl=jsonl)
        else:
            with Path(path).open("rb") as opened:
                yield from _read(opened, path, jsonl=jsonl)
    except OSError as error:
        yield Unreadable(Source(path), error.strerror or str(error))


def to_article(row: Row) -> Read | Unreadable:
    """Return the article that a row holds, or why it holds none."""
    if row.source.row is None:
        return _to_plain(row)
    # Imported here, so that a plain text is read without waiting for pydantic.
    from service.parsing import parse_submission

    try:
        submission = parse_submission(_with_string_id(row.content), strict=False)
    except InputError as error:
        return Unreadable(row.source, str(error))
    return Read(row.source, submission, {key: value for key, value in row.content.items() if key not in ("text", "threshold")})


def _to_plain(row: Row) -> Read | Unreadable:
    """Return the article of a text file."""
    try:
        return Read(row.source, Submission(Article(row.content["text"], row.content.get("id")), None))
    except ValueError as error:
        return Unreadable(row.source, str(error))


def _shown(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(part.startswith(".") for part in file.relative_to(folder).parts)


def _read(file: BinaryIO, path: str, *, jsonl: bool) -> Iterator[Row | Unreadable]:
    if jsonl:
        # Rows end at line feeds only: JSON strings may hold the other line ends.
        for number, row in enumerate(file, 1):
            if row.strip():
                yield _read_row(row, Source(path, number))
        return
    try:
        text = file.read().decode("utf-8")
    except UnicodeDecodeError as error:
        yield Unreadable(Source(path), f"not UTF-8: {error.reason} at byte {error.start}")
    else:
        yield Row(Source(path), {"text": text} if path == STDIN else {"text": text, "id": path})


def _read_row(row: bytes, source: Source) -> Row | Unreadable:
    try:
        return Row(source, json.loads(row.decode("utf-8")))
    except UnicodeDecodeError as error:
        return Unreadable(source, f"not UTF-8: {error.reason} at byte {error.start}")
    except (ValueError, RecursionError) as error:
        return Unreadable(source, f"not JSON: {error}")


def _with_string_id(content: Any) -> Any:
    """Rows of data sets are often numbered; the number comes back as it was, through `Read.rest`."""
    if isinstance(content, dict) and isinstance(content.get("id"), int):
        return {**content, "id": str(content["id"])}
    return content
