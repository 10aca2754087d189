"""Publishing versions of a model into a registry: a kill at any moment leaves the old version in use or the new one, never half."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from model.artifact import ArtifactError, Manifest, Tensors, read_artifact, write_artifact
from model.registry import CURRENT, VERSIONS, resolve

DRAFT = ".new-"


def publish(registry: Path, manifest: Manifest, tensors: Tensors, keep: int = 5) -> Path:
    """Write a version beside the others, then point to it; return its directory.

    Of the versions, the last `keep` stay and so does the one that was in use before.

    Raises
    ------
    FileExistsError
        If the registry holds that version already.
    """
    versions = registry / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    target, draft = versions / manifest.version, versions / f"{DRAFT}{manifest.version}"
    if target.exists():
        raise FileExistsError(f"{target}: this version was published before")
    shutil.rmtree(draft, ignore_errors=True)
    write_artifact(draft, manifest, tensors)
    for file in (*draft.iterdir(), draft):
        _sync(file)
    draft.rename(target)
    _sync(versions)
    before = _current(registry)
    point_to(registry, manifest.version)
    for old in list_versions(registry)[:-keep]:
        if old not in (manifest.version, before):
            shutil.rmtree(versions / old)
    return target


def list_versions(registry: Path) -> list[str]:
    """Return the names of the complete versions, the oldest first; drafts of a run that was killed are not among them."""
    folders = [folder for folder in (registry / VERSIONS).glob("*") if folder.is_dir() and not folder.name.startswith(".")]
    return [folder.name for folder in sorted(folders, key=lambda folder: (folder.stat().st_mtime_ns, folder.name))]


def point_to(registry: Path, version: str) -> None:
    """Make `version` the one in use, at once.

    Raises
    ------
    model.ArtifactError
        If that version is missing or broken; the pointer stays as it was.
    """
    read_artifact(registry / VERSIONS / version)
    draft = registry / f"{DRAFT}{CURRENT}"
    draft.write_text(version + "\n", encoding="utf-8")
    _sync(draft)
    draft.replace(registry / CURRENT)
    _sync(registry)


def roll_back(registry: Path, version: str | None = None) -> str:
    """Go back to `version`, or to the newest one older than that in use; return its name."""
    if version is None:
        names = list_versions(registry)
        before = names[: names.index(resolve(registry).name)]
        if not before:
            raise ArtifactError(f"{registry}: there is no version older than the one in use")
        version = before[-1]
    point_to(registry, version)
    return version


def _current(registry: Path) -> str | None:
    try:
        return resolve(registry).name
    except ArtifactError:
        return None


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
