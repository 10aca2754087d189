"""The client."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import httpx

from saring.errors import ProblemError
from saring.verdicts import Verdict


class Client:
    """Talks to a Saring service; a context manager that closes its connections.

    Parameters
    ----------
    url : str
        Where the service listens, such as ``http://127.0.0.1:8000``.
    timeout : float
        Seconds to wait for a connection and for each part of an answer.
    transport : httpx.BaseTransport, optional
        What carries the requests instead of the network; for tests.
    """

    def __init__(self, url: str, timeout: float = 30.0, transport: httpx.BaseTransport | None = None) -> None:
        self._http = httpx.Client(base_url=url, timeout=timeout, transport=transport)

    def classify(
        self,
        text: str,
        *,
        id: str | None = None,
        url: str | None = None,
        lang: str | None = None,
        threshold: float | None = None,
    ) -> Verdict:
        """Return the verdict on one article.

        Raises
        ------
        ProblemError
            If the service refuses the request.
        httpx.HTTPError
            If it cannot be reached.
        """
        fields = {"text": text, "id": id, "url": url, "lang": lang, "threshold": threshold}
        response = self._http.post("/classify", json={key: value for key, value in fields.items() if value is not None})
        if not response.is_success:
            raise ProblemError(response.status_code, _detail(response))
        return Verdict.from_json(response.json())

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def _detail(response: httpx.Response) -> str:
    if response.headers.get("content-type") == "application/problem+json":
        return str(response.json().get("detail", response.reason_phrase))
    return response.reason_phrase
