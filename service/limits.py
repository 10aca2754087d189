"""What one request may cost."""

from __future__ import annotations

import threading
import time
from itertools import islice

from werkzeug.exceptions import RequestTimeout, ServiceUnavailable, TooManyRequests

from model.lines import LINE_END

RETRY_SECONDS = 1


class Gate:
    """Lets a number of requests in at once; one more is told to come back."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._free = threading.Semaphore(places)

    def enter(self) -> None:
        """Take a place.

        Raises
        ------
        werkzeug.exceptions.TooManyRequests
            If there is none.
        """
        if not self._free.acquire(blocking=False):
            raise TooManyRequests(f"The service works on {self.places} requests already; try again.", retry_after=RETRY_SECONDS)

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()


class Deadline:
    """The time by which a request must be answered."""

    __slots__ = ("end", "seconds")

    def __init__(self, started: float, seconds: float) -> None:
        self.seconds = seconds
        self.end = started + seconds

    def left(self) -> float:
        """Return the seconds that are left; 0 if there are none."""
        return max(0.0, self.end - time.monotonic())

    def check_received(self) -> None:
        """Raise if the caller took too long to send the request."""
        if time.monotonic() > self.end:
            raise RequestTimeout(f"The request did not arrive within {self.seconds:g} seconds.")

    def check(self, done: int, of: int) -> None:
        """Raise if there is no time left to judge more than `done` articles."""
        if time.monotonic() > self.end:
            raise ServiceUnavailable(
                f"Only {done} of {of} articles were judged within {self.seconds:g} seconds; send fewer at once, or try again.",
                retry_after=RETRY_SECONDS,
            )


def has_more_lines(text: str, most: int) -> bool:
    """Tell whether `text` has more than `most` lines, counted as `model` counts them."""
    if len(text) <= most:  # a line has at least one character, be it its end
        return False
    count, end = 0, 0
    for match in islice(LINE_END.finditer(text), most + 1):
        count, end = count + 1, match.end()
    return count + (end < len(text)) > most
