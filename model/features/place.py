"""Where the segment stands in its line and its line in the article."""

from __future__ import annotations

import numpy as np

from model.features.context import Array, Context

NAMES = (
    "single_line",  # the article has no other line
    "first_line",  # of several
    "last_line",  # of several
    "depth",  # place of the line in the article, 0 to 1
    "lines",  # log
    "line_alone",  # the segment is its whole line
    "line_first",  # it starts its line
    "line_last",  # it ends its line
)


def compute(context: Context) -> list[Array]:
    line_of, lines = context.line_of, context.line_count
    changes = np.diff(line_of) != 0
    first, last = np.concatenate(([True], changes)), np.concatenate((changes, [True]))
    columns = (
        np.full(context.count, lines == 1),
        (line_of == 0) & (lines > 1),
        (line_of == lines - 1) & (lines > 1),
        line_of / max(lines - 1, 1),
        np.full(context.count, np.log(lines)),
        first & last,
        first,
        last,
    )
    return [np.asarray(column, np.float64) for column in columns]
