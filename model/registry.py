"""Where a model lies: a directory of its own, or one of the versions of a registry.

A registry is a directory with ``versions/<version>/``, each a model directory, and a small file ``current`` that names the version
in use. To switch is to replace that file, which happens at once or not at all.
"""

from __future__ import annotations

from pathlib import Path

from model.artifact import ArtifactError

VERSIONS = "versions"
CURRENT = "current"


def is_registry(path: Path) -> bool:
    """Tell whether a directory holds versions of a model instead of one model."""
    return (path / VERSIONS).is_dir()


def resolve(path: Path) -> Path:
    """Return the model directory that `path` stands for now.

    Raises
    ------
    ArtifactError
        If `path` is a registry whose pointer is missing or names no version of it.
    """
    if not is_registry(path):
        return path
    pointer = path / CURRENT
    try:
        name = pointer.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ArtifactError(f"{pointer}: {error}") from error
    if not name or Path(name).name != name or not (path / VERSIONS / name).is_dir():
        raise ArtifactError(f"{pointer}: names no version of this registry: {name[:80]!r}")
    return path / VERSIONS / name
