"""Which part of a flagged line was injected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.parse import Parsed
from model.types import Span

REACH = 6.0  # log odds; a segment so much less suspicious than the worst of its line was hardly written by the same hand


@dataclass(frozen=True)
class Chosen:
    """The injected span of a line, and the indices of the segments that it covers."""

    span: Span
    segments: NDArray[np.int64]


def find_spans(parsed: Parsed, members: NDArray[np.int64], logits: NDArray[np.float64], floor: float) -> Chosen:
    """Choose the segments of a line whose log odds reach `floor` and come near the highest, and at least that.

    What stands between two injected parts was hardly written by the author, so it is taken, too.

    Parameters
    ----------
    members : ndarray of int64
        The segments of the line, in order.
    logits : ndarray of float64
        Their calibrated log odds.
    """
    highest = float(logits.max())
    inner = np.flatnonzero(logits >= min(max(floor, highest - REACH), highest))
    line = parsed.lines[int(parsed.segments.lines[members[0]])]
    first, last = int(inner[0]), int(inner[-1])
    offsets = parsed.folded.offsets
    start = line.start if first == 0 else int(offsets[parsed.segments.starts[members[first]]])
    end = line.end if last == len(members) - 1 else int(offsets[parsed.segments.ends[members[last]]])
    return Chosen(Span(start, end), members[first : last + 1])
