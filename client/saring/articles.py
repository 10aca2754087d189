"""What the client sends of an article."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Article:
    """A text to judge, and what is known of it.

    Parameters
    ----------
    text : str
        The text as it was scraped, line ends included.
    id : str, optional
        The caller's own name for it, which comes back in the verdict.
    url : str, optional
        Where it was found.
    lang : str, optional
        Its language, such as ``id``.
    threshold : float, optional
        The score from 0 to 1 at which a line is flagged; the model's own by default.
    """

    text: str
    id: str | None = None
    url: str | None = None
    lang: str | None = None
    threshold: float | None = None

    def to_json(self) -> bytes:
        """Return the body of a request: one JSON object on one line.

        Raises
        ------
        TypeError
            If a field holds what JSON cannot say.
        """
        fields = {"text": self.text, "id": self.id, "url": self.url, "lang": self.lang, "threshold": self.threshold}
        return dump({key: value for key, value in fields.items() if value is not None or key == "text"})


def dump(content: dict[str, Any]) -> bytes:
    """Return `content` as JSON in UTF-8, on one line."""
    try:
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # A lone surrogate has no UTF-8. Escaped it reaches the service, which says what is wrong and where.
        return json.dumps(content, separators=(",", ":")).encode()
