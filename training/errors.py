"""What goes wrong with labelled data."""

from __future__ import annotations


class DataError(Exception):
    """Labelled data that cannot be read; the message names the file or database and, where there is one, the row."""
