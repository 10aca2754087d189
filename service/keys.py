"""API keys: which there are is known by their hashes alone."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from pathlib import Path

from service.settings import KEY_HASH, Settings, SettingsError

logger = logging.getLogger("service.keys")


class Keys:
    """The hashes of the keys that open the service; without any, it is open to all."""

    def __init__(self, settings: Settings) -> None:
        """Read the keys that the settings name, here and in their file.

        Raises
        ------
        SettingsError
            If the file cannot be read or a line of it does not begin with a hash.
        """
        self._settings = settings
        self._hashes = _read(settings)

    def __bool__(self) -> bool:
        return bool(self._hashes)

    def fits(self, key: str) -> bool:
        """Tell whether `key` is one of the keys; that takes as long whichever it is, or none."""
        offered = hash_key(key)
        return sum(hmac.compare_digest(offered, known) for known in self._hashes) > 0

    def refresh(self) -> None:
        """Read the file again; if it cannot be used, the keys stay as they were."""
        try:
            self._hashes = _read(self._settings)
        except SettingsError as error:
            logger.error("keys not reloaded: %s", error)  # noqa: TRY400 - the trace tells no more


def make_key() -> str:
    """Return a new key: 256 random bits after a prefix by which leaked ones are found."""
    return f"saring_{secrets.token_urlsafe(32)}"


def hash_key(key: str) -> str:
    """Return what is kept of a key. Keys are long and random, so a fast hash is enough: there is nothing to guess."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def _read(settings: Settings) -> tuple[str, ...]:
    hashes = [key.get_secret_value() for key in settings.api_keys]
    if settings.api_keys_file is not None:
        hashes += _read_file(settings.api_keys_file)
    return tuple(hashes)


def _read_file(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"SARING_API_KEYS_FILE: {path}: {getattr(error, 'strerror', None) or error}") from None
    hashes = []
    for number, line in enumerate(lines, 1):
        words = line.split(maxsplit=1)
        if not words or words[0].startswith("#"):
            continue
        if not KEY_HASH.fullmatch(words[0]):
            raise SettingsError(f"SARING_API_KEYS_FILE: {path}: line {number} does not begin with a SHA-256 in 64 lower-case hex digits")
        hashes.append(words[0])
    if not hashes:
        raise SettingsError(f"SARING_API_KEYS_FILE: {path}: holds no key")
    return hashes
