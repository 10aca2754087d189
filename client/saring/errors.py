"""What the client raises."""

from __future__ import annotations


class ProblemError(Exception):
    """The service refused a request; ``status`` is that of HTTP, the message what the service says is wrong."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
