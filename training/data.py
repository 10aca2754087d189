"""Reading labelled data: CSV, JSONL or Parquet, of labelled lines or of articles with labelled spans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from model.types import Article

CLEAN = "clean"
LINE_KINDS = ("line", "comment", "news")  # as it stands between paragraphs, below videos, or within news about gambling
LABELS = (CLEAN, "gambling", "promotion")
REPLACED = "\ufffd"  # what a reader puts in place of bytes that are not UTF-8
SUFFIXES = (".csv", ".jsonl", ".parquet")


class DataError(Exception):
    """Labelled data that cannot be read; the message names the file and, where there is one, the row."""


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
    rows this one counts for in training.
    """

    id: str
    text: str
    spans: tuple[LabelledSpan, ...]
    lang: str = ""
    kind: str = "line"
    group: str = ""
    weight: float = 1.0

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


def read_labelled(paths: Iterable[Path]) -> list[LabelledArticle]:
    """Read files, and every data file of folders, in sorted order.

    Raises
    ------
    DataError
        If a file is missing or broken, or a row lacks a text or bears an unknown label or an impossible span.
    """
    articles: list[LabelledArticle] = []
    for path in paths:
        files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES) if path.is_dir() else [path]
        if not files:
            raise DataError(f"{path}: holds no {', '.join(SUFFIXES)} file")
        for file in files:
            articles.extend(_read_file(file))
    return articles


def digest(articles: Sequence[LabelledArticle]) -> str:
    """Return the SHA-256 of the rows in sorted order, whatever files they came from."""
    rows = sorted(json.dumps(asdict(article), sort_keys=True, ensure_ascii=False) for article in articles)
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def iterate_file(path: Path) -> Iterator[tuple[int, LabelledArticle | str]]:
    """Yield, for every row of a file from 1, the labelled article that it holds, or what is wrong with it.

    Raises
    ------
    DataError
        If the file as a whole cannot be read.
    """
    for row, values in _values(path):
        if isinstance(values, str):
            yield row, values
            continue
        try:
            yield row, (_article if "spans" in values else _line)(values, f"{path.stem}-{row}")
        except (ValueError, TypeError) as error:
            yield row, str(error)


def _read_file(path: Path) -> list[LabelledArticle]:
    articles = []
    for row, article in iterate_file(path):
        if isinstance(article, str):
            raise DataError(f"{path}: row {row}: {article}")
        articles.append(article)
    return articles


def _values(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    try:
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
        yield number, "not UTF-8" if REPLACED in str(row["text"]) else row


def _read_jsonl(path: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8"))
            except ValueError as error:
                yield number, "not UTF-8" if isinstance(error, UnicodeDecodeError) else f"not JSON: {error}"
                continue
            yield number, row if isinstance(row, dict) else "not a JSON object"


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
    name = _string(values, "id", default)
    return LabelledArticle(name, text, spans, _string(values, "lang", ""), _string(values, "kind", "line"), _string(values, "group", name))


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
    name = _string(values, "id", default)
    spans = tuple(sorted(parsed, key=lambda span: span.start))
    return LabelledArticle(
        name, text, spans, _string(values, "lang", ""), _string(values, "kind", "article"), _string(values, "group", name)
    )
