"""The name that a line promotes, by a simple rule: a name glued to digits, or one shaped as gambling sites shape theirs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.normalise import fold

MOST = 64  # characters of a name
_GLUED = re.compile(r"(?<![a-z0-9])[a-z]{3,}(?:[0-9]{2,4}|[2-6]d)(?![a-z0-9])")
_SHAPED = re.compile(
    r"(?<![a-z0-9])(?:[a-z]{3,}(?:bet|toto|togel|slot|poker|casino|kasino|bola|jitu|hoki|cuan|gacor|qq|jp|win|play|bandar|4d)"
    r"|(?:qq|dewa|raja|slot|togel|toto|poker|bandar)[a-z]{3,})(?![a-z0-9])"
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}$")
# Words of everyday language in the shape of a name.
_WORDS = frozenset(
    "alphabet display darwin erwin edwin sepakbola dewasa rajanya rajawali slotnya bandara bandarnya totalitas tibet".split()
)


def find_brand(text: str, spans: Sequence[Sequence[int]]) -> str:
    """Return the promoted name in lower case, from the marked parts of a line or else from all of it; empty if there is none."""
    for part in (" ".join(text[start:end] for start, end in spans), text):
        folded = fold(part[:5000]).text
        for shape in (_GLUED, _SHAPED):
            for match in shape.finditer(folded):
                name = match[0]
                if name not in _WORDS and not _YEAR.search(name) and len(name) <= MOST:
                    return name
    return ""
