"""What lines are compared and searched by: their text with disguises undone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b, sha256

from model.normalise import fold
from service.store.brands import find_brand

MOST_SEARCHED = 2000  # characters of a line that search looks at
_DIGITS = re.compile(r"[0-9]+")
_REST = re.compile(r"[^\w#]+")


def find_wording(text: str, spans: Sequence[Sequence[int]]) -> dict[str, str]:
    """Return what a stored line is found by: its folded text, the key of its near-duplicates, and the name that it promotes."""
    return {"folded": fold_plainly(text), "near_key": near_key(text), "brand": find_brand(text, spans)}


def fold_plainly(text: str) -> str:
    """Return `text` in plain lower-case characters with single blanks, as search compares it."""
    return " ".join(fold(text).text.split())[:MOST_SEARCHED]


def near_key(text: str) -> str:
    """Return a key that near-duplicates share: lines that differ in digits, signs, case or disguise alone."""
    plain = _REST.sub(" ", _DIGITS.sub("#", " ".join(fold(text).text.split()))).strip()
    # A line of nothing but signs is like no other one but itself.
    return blake2b((plain or text).encode(), digest_size=16).hexdigest()


def digest(kind: str, value: str) -> str:
    """Return what tells a text or an id of any length from others."""
    return sha256(f"{kind}\0{value}".encode()).hexdigest()
