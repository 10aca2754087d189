"""Who may decide: names and password hashes from a file, as ``saring reviewer`` writes it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from werkzeug.security import check_password_hash, generate_password_hash

MOST_NAME = 80


class ReviewersError(Exception):
    """A file of reviewers that cannot be used; the message names the file and, where there is one, the row."""


class Reviewers:
    """Names with the hashes of their passwords. Without any, everybody on this machine may decide under a name of their choice."""

    def __init__(self, hashes: Mapping[str, str] | None = None) -> None:
        self._hashes = dict(hashes or {})

    @property
    def open(self) -> bool:
        return not self._hashes

    @classmethod
    def read(cls, path: Path) -> Reviewers:
        """Read rows of ``name:hash``; blank rows and those that start with ``#`` are passed over.

        Raises
        ------
        ReviewersError
            If the file cannot be read, a row is not of that form, or nobody is in it.
        """
        hashes: dict[str, str] = {}
        try:
            rows = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise ReviewersError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
        for number, row in enumerate(rows, 1):
            if not row.strip() or row.startswith("#"):
                continue
            name, _, password = row.strip().partition(":")
            if not is_name(name) or not password.startswith(("scrypt:", "pbkdf2:")):
                raise ReviewersError(f"{path}: row {number}: expected name:hash; `saring reviewer` writes such rows")
            hashes[name] = password
        if not hashes:
            # An empty file is a mistake, and must not open the door.
            raise ReviewersError(f"{path}: nobody is in it")
        return cls(hashes)

    def check(self, name: str, password: str) -> bool:
        """Say whether this is the password of that reviewer, in the same time for names that are not known."""
        return check_password_hash(self._hashes.get(name) or _nobody(), password) and name in self._hashes

    def fingerprint(self, name: str) -> str | None:
        """Return what changes with the reviewer's password, so that it ends their sessions; None if there is no such reviewer."""
        if self.open:
            return "open" if is_name(name) else None
        password = self._hashes.get(name)
        return password and hashlib.sha256(password.encode()).hexdigest()[:16]


def is_name(name: str) -> bool:
    """Say whether a reviewer may be called so: visible characters, no colon, up to `MOST_NAME`."""
    return bool(name) and len(name) <= MOST_NAME and name == name.strip() and name.isprintable() and ":" not in name and name[0] != "#"


def hash_password(password: str) -> str:
    """Return a salted scrypt hash."""
    return generate_password_hash(password)


@cache
def _nobody() -> str:
    return generate_password_hash("nobody has this password")
