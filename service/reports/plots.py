"""The geometry of plots that templates draw as SVG. Widths are percent, so that text keeps its size on a phone; heights are pixels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log10, sqrt

HEIGHT = 160
GAP = 0.18  # of a column's place
MOST_LABELS = 5
Z_95 = 1.96


@dataclass(frozen=True, slots=True)
class Bar:
    """One piece of a column; ``series`` counts from 0 and picks its colour, ``title`` says it in words."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: pixels from the top for counts, percent from the left for categories."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns of counts, one for each category."""

    height: int
    bars: tuple[Bar, ...]
    counts: tuple[Tick, ...]
    categories: tuple[Tick, ...]
    series: tuple[str, ...]


def stacked_columns(categories: Sequence[str], series: Mapping[str, Sequence[int]]) -> Columns:
    """Return one column for each of `categories`, stacked from the counts of `series` in their order.

    Raises
    ------
    ValueError
        If a series has more or fewer counts than there are categories.
    """
    totals = [sum(counts) for counts in zip(*series.values(), strict=True)] or [0] * len(categories)
    if len(totals) != len(categories):
        raise ValueError(f"{len(categories)} categories, but {len(totals)} counts")
    step, top = _scale(max(totals, default=0))
    place = 100 / max(len(categories), 1)
    bars = []
    for index, category in enumerate(categories):
        bottom = float(HEIGHT)
        for number, (name, counts) in enumerate(series.items()):
            height = counts[index] / top * HEIGHT
            bottom -= height
            if height:
                title = f"{category}: {counts[index]:,} {name}"
                bars.append(Bar(_r(place * (index + GAP / 2)), _r(bottom), _r(place * (1 - GAP)), _r(height), number, title))
    return Columns(
        height=HEIGHT,
        bars=tuple(bars),
        counts=tuple(Tick(_r(HEIGHT - value / top * HEIGHT), f"{value:,}") for value in range(0, top + 1, step)),
        categories=tuple(Tick(_r(place * (index + 0.5)), categories[index]) for index in _labelled(len(categories))),
        series=tuple(series),
    )


def interval(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share, from 0 to 1 (E. B. Wilson, 1927); all of it where nothing was counted."""
    if whole == 0:
        return 0.0, 1.0
    share, square = part / whole, Z_95**2 / whole
    middle, reach = share + square / 2, Z_95 * sqrt(share * (1 - share) / whole + square / whole / 4)
    return max(0.0, (middle - reach) / (1 + square)), min(1.0, (middle + reach) / (1 + square))


def _scale(most: int) -> tuple[int, int]:
    """Return the distance of round marks, and the topmost of them: at most five, the last not below `most`."""
    if most <= 4:
        return 1, max(most, 1)
    power = 10 ** int(log10(most / 4))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power * 4 >= most)
    return step, ceil(most / step) * step


def _labelled(count: int) -> range:
    step = max(1, ceil(count / MOST_LABELS))
    return range(min(step // 2, max(count - 1, 0)), count, step)  # from the middle of a step, so that no label leaves the plot


def _r(value: float) -> float:
    return round(value, 3)
