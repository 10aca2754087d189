"""Looking over labelled data before anything learns from it: every problem with its file and row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from training.blocks import fold_texts
from training.data import CLEAN, LabelledArticle, Source, Unreadable, find_sources, iterate_source, name_of
from training.progress import track

UNREADABLE, DUPLICATE, CONTRADICTION, LEAKAGE = "unreadable", "duplicate", "contradiction", "leakage"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with one row (from 1) of a file, and what the row holds. A row with a problem of leakage is kept, no other."""

    file: str
    row: int
    kind: str
    message: str
    content: object = None

    def __str__(self) -> str:
        return f"{self.file}: row {self.row}: {self.kind}: {self.message}"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A text that was labelled in more than one way; ``told`` holds, for each label, who said so (blank: nobody was named)."""

    text: str
    told: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows that can be learned from, in order, what was wrong, and where those who labelled disagree.

    ``agreements`` holds, for each text that several reviewers labelled alike, their names.
    """

    articles: list[LabelledArticle]
    problems: list[Problem]
    disagreements: list[Disagreement] = field(default_factory=list)
    agreements: list[frozenset[str]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return dict(sorted(Counter(problem.kind for problem in self.problems).items()))


def check(sources: Iterable[Source], weight: float = 1.0, beside: Sequence[LabelledArticle] = ()) -> Checked:
    """Read files, folders and databases, and set aside what is broken, there twice, or labelled both ways.

    A text that contradicts a row of `beside` (the seeds) wins over it: reviewers saw the real thing. See `without_contradicted`.

    Parameters
    ----------
    weight : float
        What each row that is read counts for.

    Raises
    ------
    DataError
        If a file or database cannot be read as a whole.
    """
    rows: list[tuple[str, int, LabelledArticle]] = []
    problems: list[Problem] = []
    for source in find_sources(sources):
        name = name_of(source)
        for number, row in track(iterate_source(source), f"reading {name}"):
            if isinstance(row, Unreadable):
                problems.append(Problem(name, number, UNREADABLE, row.message, row.row))
            else:
                rows.append((name, number, replace(row, weight=weight)))
    keys = keys_of([article for _, _, article in rows])
    contested = _contested(keys, rows)
    groups = dict(zip(keys_of(beside), (article.group for article in beside), strict=True))
    kept: list[LabelledArticle] = []
    seen: dict[str, set[str]] = {}
    for key, (name, number, article) in zip(keys, rows, strict=True):
        if key in contested:
            problems.append(Problem(name, number, CONTRADICTION, f"the same text is labelled {_listed(contested[key])}", article))
        elif key not in seen:
            seen[key] = {article.reviewer}
            group = groups.setdefault(key, article.group)
            if group != article.group:
                problems.append(Problem(name, number, LEAKAGE, f"stands in group {group!r} too; moved there", article))
                article = replace(article, group=group)
            kept.append(article)
        elif article.reviewer in seen[key]:
            problems.append(Problem(name, number, DUPLICATE, "the same text with the same label stands in an earlier row", article))
        else:
            seen[key].add(article.reviewer)
    problems.sort(key=lambda problem: (problem.file, problem.row))
    agreements = [frozenset(names - {""}) for names in seen.values() if len(names - {""}) > 1]
    return Checked(kept, problems, list(contested.values()), agreements)


def without_contradicted(seeds: Sequence[LabelledArticle], labels: Sequence[LabelledArticle]) -> list[LabelledArticle]:
    """Return the seeds less those whose text `labels` holds, whatever its label there."""
    told = set(keys_of(labels))
    return [seed for seed, key in zip(seeds, keys_of(seeds), strict=True) if key not in told]


def keys_of(articles: Sequence[LabelledArticle]) -> list[str]:
    """Return, for every article, what it says as the model reads it: equal for texts that differ in looks alone."""
    return list(track(fold_texts([article.text for article in articles]), "comparing rows", len(articles)))


def write_rejects(path: Path, problems: Sequence[Problem]) -> None:
    """Write the problems as JSONL, each with the row that has it."""
    with path.open("w", encoding="utf-8") as file:
        for problem in problems:
            # Rows of Parquet files and databases hold values that JSON does not know.
            file.write(json.dumps(asdict(problem), ensure_ascii=False, default=str) + "\n")


def _contested(keys: Sequence[str], rows: Sequence[tuple[str, int, LabelledArticle]]) -> dict[str, Disagreement]:
    first: dict[str, str] = {}
    contested: dict[str, dict[str, list[str]]] = {}
    for key, (_, _, article) in zip(keys, rows, strict=True):
        if first.setdefault(key, _verdict(article)) != _verdict(article):
            contested[key] = {}
    texts: dict[str, str] = {}
    for key, (_, _, article) in zip(keys, rows, strict=True):
        if key in contested:
            texts.setdefault(key, article.text)
            contested[key].setdefault(_verdict(article), []).append(article.reviewer)
    return {key: Disagreement(texts[key], {label: tuple(who) for label, who in sorted(told.items())}) for key, told in contested.items()}


def _verdict(article: LabelledArticle) -> str:
    return CLEAN if article.is_clean else ", ".join(sorted({span.label for span in article.spans}))


def _listed(contested: Disagreement) -> str:
    return " and ".join(
        f"{label} ({len(who)}{': ' + ', '.join(names) if (names := sorted({name for name in who if name})) else ''})"
        for label, who in contested.told.items()
    )
