"""Sums over groups of an array."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def group_sums(groups: NDArray[np.int64], size: int, values: NDArray[Any] | None = None) -> NDArray[np.float64]:
    """Return the sum of `values` (1 each if None) of every group from 0 to `size` - 1."""
    return np.bincount(groups, values, size).astype(np.float64, copy=False)
