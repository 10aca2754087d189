"""A brake on guessing passwords: some failures are free, then each costs a wait that doubles."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5
LONGEST = 300.0  # seconds
MOST = 10_000


class Attempts:
    """Counts failures by key in this process; the key that failed longest ago is forgotten first."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: OrderedDict[str, tuple[int, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Return how many seconds the next attempt has to wait, 0 if none."""
        _, until = self._failures.get(key, (0, 0.0))
        return max(0.0, until - self._clock())

    def failed(self, key: str) -> None:
        """Count a failure."""
        count = self._failures.pop(key, (0, 0.0))[0] + 1
        pause = min(2.0 ** (count - FREE), LONGEST) if count >= FREE else 0.0
        self._failures[key] = (count, self._clock() + pause)
        while len(self._failures) > MOST:
            self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures."""
        self._failures.pop(key, None)
