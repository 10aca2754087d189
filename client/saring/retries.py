"""When a request that failed is worth sending again. Every request of this client may be: none changes more if it comes twice."""

from __future__ import annotations

import random
from dataclasses import dataclass

import httpx

from saring.errors import IncompleteAnswerError, ProblemError, SaringError, UnreachableError

# A request that took too long to arrive, too many of them, a proxy without its service, a service that is full or restarting, a proxy
# that waited too long.
PASSING = frozenset({408, 429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Retries:
    """How patient the client is.

    Parameters
    ----------
    attempts : int
        How often a request is sent at most; 1 for never again.
    first_wait : float
        Seconds before the second attempt; each further wait is twice as long. Waits are shortened by up to half, at random, so
        that clients that failed together do not come back together.
    longest_wait : float
        Seconds that no wait exceeds. A service that asks for more with ``Retry-After`` is not asked again.
    """

    attempts: int = 5
    first_wait: float = 0.5
    longest_wait: float = 60.0

    def __post_init__(self) -> None:
        if self.attempts < 1 or self.first_wait < 0 or self.longest_wait < 0:
            raise ValueError("attempts must be at least 1, and waits at least 0 seconds")

    def wait(self, failed: int, asked: float | None = None) -> float | None:
        """Return the seconds to wait after `failed` attempts, never less than the service `asked` for; None to give up."""
        if failed >= self.attempts or (asked is not None and asked > self.longest_wait):
            return None
        backoff = min(self.first_wait * 2.0 ** (failed - 1), self.longest_wait) * random.uniform(0.5, 1.0)
        return max(backoff, asked or 0.0)


USUAL = Retries()


class Attempts:
    """Counts the failures of one request."""

    def __init__(self, retries: Retries) -> None:
        self._retries = retries
        self._failed = 0

    def wait_after(self, error: httpx.HTTPError | SaringError) -> float:
        """Return the seconds to wait before the next attempt.

        Raises
        ------
        SaringError
            If there is none: the error will not pass, or was met too often.
        """
        self._failed += 1
        asked = error.retry_after if isinstance(error, ProblemError) else None
        wait = self._retries.wait(self._failed, asked) if _may_pass(error) else None
        if wait is not None:
            return wait
        if isinstance(error, httpx.HTTPError):
            raise UnreachableError(f"no answer after {self._failed} of {self._retries.attempts} attempts: {_describe(error)}") from error
        raise error


def _may_pass(error: httpx.HTTPError | SaringError) -> bool:
    if isinstance(error, ProblemError):
        return error.status in PASSING
    return isinstance(error, (httpx.NetworkError, httpx.TimeoutException, httpx.RemoteProtocolError, IncompleteAnswerError))


def _describe(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
