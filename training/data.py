"""Reading labelled data: CSV, JSONL, Parquet or a database, of labelled lines or of articles with labelled spans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model.types import Article
from training.database import TABLE, is_database, iterate_labels, shown
from training.errors import DataError

CLEAN = "clean"
LINE_KINDS = ("line", "comment", "news")  # as it stands between paragraphs, below videos, or within news about gambling
LABELS = (CLEAN, "gambling", "promotion")
NOT_UTF8 = "not UTF-8"
REPLACED = "\ufffd"  # what a reader puts in place of bytes that are not UTF-8
SUFFIXES = (".csv", ".jsonl", ".parquet")

Source = Path | str  # a file, a folder, or the URL of a database


@dataclass(frozen=True, slots=True)
class LabelledSpan:
    """An injected stretch ``text[start:end]`` of an article, in code points."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """A text with its injected stretches. A labelled line is an article of one line.

    ``group`` names what must not be split between training and test: a brand, a template, an article. ``weight`` says how many
    rows this one counts for in training. ``source`` is the site or feed that the text is from, ``reviewer`` who labelled it; the
    model learns from neither.
    """

    id: str
    text: str
    spans: tuple[LabelledSpan, ...]
    lang: str = ""
    kind: str = "line"
    group: str = ""
    weight: float = 1.0
    source: str = ""
    reviewer: str = ""

    @property
    def is_line(self) -> bool:
        return self.kind in LINE_KINDS

    @property
    def is_clean(self) -> bool:
        return not self.spans

    @property
    def label(self) -> str:
        """The label of the first span, ``clean`` without one."""
        return self.spans[0].label if self.spans else CLEAN


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that cannot be learned from: what is wrong with it, and what it holds."""

    message: str
    row: object


def read_labelled(sources: Iterable[Source]) -> list[LabelledArticle]:
    """Read files, databases, and every data file of folders, in sorted order.

    Raises
    ------
    DataError
        If a file is missing or broken, or a row lacks a text or bears an unknown label or an impossible span.
    """
    articles: list[LabelledArticle] = []
    for source in find_sources(sources):
        for row, article in iterate_source(source):
            if isinstance(article, Unreadable):
                raise DataError(f"{name_of(source)}: row {row}: {article.message}")
            articles.append(article)
    return articles


def digest(articles: Sequence[LabelledArticle]) -> str:
    """Return the SHA-256 of what is learned from the rows, in sorted order, whatever files they came from."""
    result = hashlib.sha256()
    for number, row in enumerate(sorted(map(_canonical, articles))):
        result.update(f"\n{row}".encode() if number else row.encode())
    return result.hexdigest()


def _canonical(article: LabelledArticle) -> str:
    learned = {
        "group": article.group,
        "id": article.id,
        "kind": article.kind,
        "lang": article.lang,
        "spans": [{"end": span.end, "label": span.label, "start": span.start} for span in article.spans],
        "text": article.text,
        "weight": article.weight,
    }
    return json.dumps(learned, ensure_ascii=False)


def find_sources(sources: Iterable[Source]) -> list[Source]:
    """Return files and databases as they are, and the data files of folders in sorted order.

    Raises
    ------
    DataError
        If a folder holds none.
    """
    found: list[Source] = []
    for source in sources:
        if isinstance(source, Path) and source.is_dir():
            files = sorted(file for file in source.rglob("*") if file.suffix in SUFFIXES)
            if not files:
                raise DataError(f"{source}: holds no {', '.join(SUFFIXES)} file")
            found.extend(files)
        else:
            found.append(source)
    return found


def iterate_source(source: Source) -> Iterator[tuple[int, LabelledArticle | Unreadable]]:
    """Yield, for every row of a file or database from 1, the labelled article that it holds, or what is wrong with it.

    Raises
    ------
    DataError
        If it cannot be read as a whole.
    """
    stem = TABLE if is_database(source) else Path(source).stem
    for row, values in iterate_labels(str(source)) if is_database(source) else _values(Path(source)):
        if isinstance(values, Unreadable):
            yield row, values
            continue
        try:
            yield row, (_line if values.get("spans") is None else _article)(values, f"{stem}-{row}")
        except (ValueError, TypeError) as error:
            yield row, Unreadable(str(error), values)


def name_of(source: Source) -> str:
    """Return how messages call a file or database; passwords are left out."""
    return shown(source) if isinstance(source, str) and is_database(source) else str(source)


def _values(path: Path) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    try:
        path.stat()  # what pandas says of a missing file is its name
        if path.suffix == ".jsonl":
            yield from _read_jsonl(path)
            return
        if path.suffix == ".csv":
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding_errors="replace")
        elif path.suffix == ".parquet":
            frame = pd.read_parquet(path)
        else:
            raise DataError(f"{path}: not one of {', '.join(SUFFIXES)}")
    except OSError as error:
        raise DataError(f"{path}: {error.strerror or error}") from error
    except (ValueError, pd.errors.ParserError) as error:
        raise DataError(f"{path}: {error}") from error
    if "text" not in frame or not {"label", "spans"} & set(frame):
        raise DataError(f"{path}: needs a column text and one of label and spans, has {', '.join(map(str, frame))}")
    for number, values in enumerate(frame.to_dict("records"), 1):
        row = {str(key): value for key, value in values.items()}
        yield number, Unreadable(NOT_UTF8, row) if REPLACED in str(row["text"]) else row


def _read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any] | Unreadable]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8"))
            except ValueError as error:
                message = NOT_UTF8 if isinstance(error, UnicodeDecodeError) else f"not JSON: {error}"
                yield number, Unreadable(message, line.decode("utf-8", "replace").rstrip("\r\n"))
                continue
            yield number, row if isinstance(row, dict) else Unreadable("not a JSON object", row)


def _text(values: dict[str, Any]) -> str:
    text = values.get("text")
    if not isinstance(text, str) or not text.strip():
        raise ValueError("text is missing or blank")
    return Article(text).text


def _string(values: dict[str, Any], key: str, default: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) and value else default


def _label(label: object) -> str:
    if label not in LABELS:
        raise ValueError(f"label {label!r} is none of {', '.join(LABELS)}")
    return str(label)


def _line(values: dict[str, Any], default: str) -> LabelledArticle:
    text, label = _text(values), _label(values.get("label"))
    spans = () if label == CLEAN else (LabelledSpan(0, len(text), label),)
    return _labelled(values, default, text, spans, "line")


def _labelled(values: dict[str, Any], default: str, text: str, spans: tuple[LabelledSpan, ...], kind: str) -> LabelledArticle:
    name = _string(values, "id", default)
    return LabelledArticle(
        name,
        text,
        spans,
        _string(values, "lang", ""),
        _string(values, "kind", kind),
        _string(values, "group", name),
        source=_string(values, "source", _string(values, "site", "")),
        reviewer=_string(values, "reviewer", ""),
    )


def _article(values: dict[str, Any], default: str) -> LabelledArticle:
    text = _text(values)
    spans = values["spans"]
    if isinstance(spans, str):
        spans = json.loads(spans or "[]")
    parsed = []
    for span in [] if spans is None else spans:
        start, end, label = span
        start, end = int(start), int(end)
        if not 0 <= start < end <= len(text):
            raise ValueError(f"span [{start}, {end}] does not lie in a text of {len(text)} code points")
        parsed.append(LabelledSpan(start, end, _label(label)))
    return _labelled(values, default, text, tuple(sorted(parsed, key=lambda span: span.start)), "article")
