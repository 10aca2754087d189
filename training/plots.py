"""Small plots as SVG, drawn from numbers alone; their colours are those of the page that they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup, escape
from numpy.typing import NDArray

WIDTH, HEIGHT, LEFT, BELOW, ABOVE = 380, 300, 46, 40, 12
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_POINTS = 200  # of a curve; more cannot be told apart


@dataclass(frozen=True, slots=True)
class Series:
    """A line through ``points`` (x, y), each from 0 to 1, with dots at ``marks``; ``style`` is a class of the page's style sheet."""

    name: str
    style: str
    points: Sequence[tuple[float, float]]
    marks: Sequence[tuple[float, float]] = ()


def plot(title: str, x: str, y: str, series: Sequence[Series], *, diagonal: bool = False) -> Markup:
    """Return an SVG of lines in the unit square."""
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" class="plot">',
        *(_tick(value) for value in TICKS),
        f'<text x="{_x(0.5):.0f}" y="{HEIGHT - 4}" text-anchor="middle">{escape(x)}</text>',
        f'<text transform="translate(12 {_y(0.5):.0f}) rotate(-90)" text-anchor="middle">{escape(y)}</text>',
    ]
    if diagonal:
        parts.append(f'<path class="rule dashed" d="M{_x(0):.1f} {_y(0):.1f}L{_x(1):.1f} {_y(1):.1f}"/>')
    for one in series:
        path = "L".join(f"{_x(a):.1f} {_y(b):.1f}" for a, b in one.points)
        parts.append(f'<path class="{one.style}" d="M{path}"><title>{escape(one.name)}</title></path>' if one.points else "")
        parts.extend(f'<circle class="{one.style}" cx="{_x(a):.1f}" cy="{_y(b):.1f}" r="4"/>' for a, b in one.marks)
    return Markup("".join(parts) + "</svg>")  # noqa: S704 - numbers, and names that were escaped


def interval(low: float, high: float, tolerance: float, scale: float) -> Markup:
    """Return an SVG of an interval around 0, with the tolerance shaded; `scale` is the value at either edge."""

    def at(value: float) -> float:
        return 60 + 58 * max(-1.0, min(1.0, value / scale))

    shade = f'<rect class="shade" x="{at(-tolerance):.1f}" y="0" width="{at(tolerance) - at(-tolerance):.1f}" height="16"/>'
    span = f'<path class="span" d="M{at(low):.1f} 8L{max(at(high), at(low) + 2):.1f} 8"/>'
    return Markup(  # noqa: S704 - numbers alone
        f'<svg viewBox="0 0 120 16" class="interval" aria-hidden="true">{shade}<path class="rule" d="M60 0V16"/>{span}</svg>'
    )


def precision_recall(
    spam: NDArray[np.bool_], scores: NDArray[np.float64], threshold: float
) -> tuple[list[tuple[float, float]], tuple[float, float] | None]:
    """Return the curve of (recall, precision) over all thresholds, and the point at `threshold` (None if nothing is flagged)."""
    if not spam.any():
        return [], None
    order = np.argsort(-scores, kind="stable")
    hits, last = np.cumsum(spam[order]), np.append(np.diff(scores[order]) != 0, True)
    recall, precision = (hits / spam.sum())[last], (hits / np.arange(1, len(spam) + 1))[last]
    chosen = np.unique(np.linspace(0, len(recall) - 1, MOST_POINTS).astype(int))
    flagged = scores >= threshold
    mark = (float((flagged & spam).sum() / spam.sum()), float(spam[flagged].mean())) if flagged.any() else None
    return [(float(recall[i]), float(precision[i])) for i in chosen], mark


def _x(value: float) -> float:
    return LEFT + value * (WIDTH - LEFT - ABOVE)


def _y(value: float) -> float:
    return ABOVE + (1 - value) * (HEIGHT - ABOVE - BELOW)


def _tick(value: float) -> str:
    return (
        f'<path class="rule" d="M{_x(value):.1f} {_y(0):.1f}V{_y(1):.1f}M{_x(0):.1f} {_y(value):.1f}H{_x(1):.1f}"/>'
        f'<text x="{_x(value):.1f}" y="{HEIGHT - BELOW + 15}" text-anchor="middle">{value:g}</text>'
        f'<text x="{LEFT - 6}" y="{_y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
    )
