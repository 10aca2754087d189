"""Looking over labelled data before anything learns from it: every problem with its file and row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from model.normalise import fold
from training.data import CLEAN, SUFFIXES, DataError, LabelledArticle, iterate_file

UNREADABLE, DUPLICATE, CONTRADICTION, LEAKAGE = "unreadable", "duplicate", "contradiction", "leakage"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one row (from 1) of a file. A row with a problem of leakage is kept, any other is left out."""

    file: str
    row: int
    kind: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}: {self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be learned from, in order, and what was wrong."""

    articles: list[LabelledArticle]
    problems: list[Problem]

    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter(problem.kind for problem in self.problems).items()))


def check(paths: Iterable[Path], weight: float = 1.0, beside: Sequence[LabelledArticle] = ()) -> Checked:
    """Read files and folders, and set aside what is broken, there twice, or labelled both ways.

    A text that contradicts a row of `beside` (the seeds) wins over it: reviewers saw the real thing. See `without_contradicted`.

    Parameters
    ----------
    weight : float
        What each row that is read counts for.

    Raises
    ------
    DataError
        If a file as a whole cannot be read.
    """
    rows: list[tuple[str, int, LabelledArticle]] = []
    problems: list[Problem] = []
    for file in _files(paths):
        for number, row in iterate_file(file):
            if isinstance(row, str):
                problems.append(Problem(str(file), number, UNREADABLE, row))
            else:
                rows.append((str(file), number, replace(row, weight=weight)))
    groups = {_key(article): article.group for article in beside}
    kept: list[LabelledArticle] = []
    labels: dict[str, dict[str, int]] = {}
    for _, _, article in rows:
        labels.setdefault(_key(article), Counter())[_verdict(article)] += 1
    seen: set[str] = set()
    for name, number, article in rows:
        key = _key(article)
        told = labels[key]
        if len(told) > 1:
            problems.append(Problem(name, number, CONTRADICTION, f"the same text is labelled {_listed(told)}"))
        elif key in seen:
            problems.append(Problem(name, number, DUPLICATE, "the same text with the same label stands in an earlier row"))
        else:
            seen.add(key)
            group = groups.setdefault(key, article.group)
            if group != article.group:
                problems.append(Problem(name, number, LEAKAGE, f"stands in group {group!r} too; moved there"))
                article = replace(article, group=group)
            kept.append(article)
    return Checked(kept, sorted(problems, key=lambda problem: (problem.file, problem.row)))


def without_contradicted(seeds: Sequence[LabelledArticle], labels: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Return the seeds less those whose text `labels` holds, whatever its label there."""
    told = {_key(article) for article in labels}
    return [seed for seed in seeds if _key(seed) not in told]


def write_rejects(path: Path, problems: Sequence[Problem]) -> None:
    """Write the problems as JSONL, one a row."""
    path.write_text("".join(json.dumps(asdict(problem), ensure_ascii=False) + "\n" for problem in problems), encoding="utf-8")


def _files(paths: Iterable[Path]) -> list[Path]:
    files: list[Path] = []
    for path in paths:
        found = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES) if path.is_dir() else [path]
        if not found:
            raise DataError(f"{path}: holds no {', '.join(SUFFIXES)} file")
        files.extend(found)
    return files


def _key(article: LabelledArticle) -> str:
    return " ".join(fold(article.text).text.split())


def _verdict(article: LabelledArticle) -> str:
    return CLEAN if article.is_clean else ", ".join(sorted({span.label for span in article.spans}))


def _listed(told: dict[str, int]) -> str:
    return " and ".join(f"{label} ({count})" for label, count in sorted(told.items()))
