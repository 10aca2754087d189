"""What data a model was made of, counted for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from training.checks import Checked
from training.data import LABELS, LabelledArticle
from training.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Site:
    """New labels of one site: how many, and what either model makes of them; the challenger out of fold."""

    name: str
    spam: int
    found_before: int
    found_now: int
    clean: int
    alarms_before: int
    alarms_now: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two reviewers, how many texts both labelled, and the share on which they agree."""

    names: tuple[str, str]
    both: int
    agree: float


def count_rows(rows: Iterable[LabelledArticle], what: str, most: int = 12) -> list[tuple[str, list[int]]]:
    """Return, for each value of the attribute `what`, the number of rows by label; the most frequent first, the rest as one."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(getattr(row, what) or "(not given)", Counter())[row.label] += 1
    order = sorted(counts, key=lambda name: (-counts[name].total(), name))
    if len(order) > most:
        counts["others"] = sum((counts[name] for name in order[most:]), Counter())
        order = [*order[:most], "others"]
    return [(name, [counts[name][label] for label in LABELS]) for name in order]


def sites(evidence: Evidence, thresholds: tuple[float, float], most: int = 25) -> list[Site]:
    """Return what both models make of the new labels of each site, those with the most labels first."""
    by_name: dict[str, list[int]] = {}
    for index, row in enumerate(evidence.labels):
        by_name.setdefault(row.source or "(not given)", []).append(index)
    result = []
    for name, members in by_name.items():
        before, now = evidence.champion[members] >= thresholds[0], evidence.challenger[members] >= thresholds[1]
        spam = [not evidence.labels[index].is_clean for index in members]
        alarms = [not value for value in spam]
        found = int(before[spam].sum()), int(now[spam].sum())
        result.append(Site(name, sum(spam), *found, sum(alarms), int(before[alarms].sum()), int(now[alarms].sum())))
    return sorted(result, key=lambda site: (-site.spam - site.clean, site.name))[:most]


def agreement(labels: Checked) -> list[Pair]:
    """Return how often each two reviewers agree, over the texts that both labelled; those who disagree most first."""
    both: Counter[tuple[str, str]] = Counter()
    agree: Counter[tuple[str, str]] = Counter()
    told = [{label: set(names) - {""} for label, names in one.told.items()} for one in labels.disagreements]
    for names in labels.agreements:
        for pair in combinations(sorted(names), 2):
            both[pair] += 1
            agree[pair] += 1
    for labelled in told:
        people = sorted({(name, label) for label, names in labelled.items() for name in names})
        for (first, one), (second, other) in combinations(people, 2):
            if first != second:
                both[first, second] += 1
                agree[first, second] += one == other
    pairs = [Pair(names, count, agree[names] / count) for names, count in both.items()]
    return sorted(pairs, key=lambda pair: (pair.agree, -pair.both, pair.names))


def total_by_label(rows: Sequence[LabelledArticle]) -> list[int]:
    """Return the number of rows by label, in the order of ``LABELS``."""
    counts = Counter(row.label for row in rows)
    return [counts[label] for label in LABELS]
