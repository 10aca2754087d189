"""Publishing versions of a model into a registry: a kill at any moment leaves the old version in use or the new one, never half."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from model.artifact import ArtifactError, Manifest, Tensors, read_artifact, write_artifact
from model.registry import CURRENT, VERSIONS, resolve

DRAFT = ".new-"
LOCK = ".lock"


def publish(registry: Path, manifest: Manifest, tensors: Tensors, keep: int = 5, notes: Mapping[str, str] | None = None) -> Path:
    """Write a version beside the others, then point to it; return its directory.

    Of the versions, the last `keep` stay and so does the one that was in use before. Only one process publishes at a time; others wait.

    Parameters
    ----------
    notes : mapping of str to str
        Text files that go into the version's directory, by name.

    Raises
    ------
    FileExistsError
        If that version is in use, or the registry holds another model by its name.
    """
    versions = registry / VERSIONS
    versions.mkdir(parents=True, exist_ok=True)
    target, draft = versions / manifest.version, versions / f"{DRAFT}{manifest.version}"
    with _alone(registry):
        for left_over in versions.glob(f"{DRAFT}*"):  # of a run that was killed
            shutil.rmtree(left_over)
        before = _current(registry)
        if target.exists() and before == manifest.version:
            raise FileExistsError(f"{target}: this version was published before")
        try:
            written = write_artifact(draft, manifest, tensors)
            for name, content in (notes or {}).items():
                (draft / name).write_text(content, encoding="utf-8")
            for file in (*draft.iterdir(), draft):
                _sync(file)
            _place(draft, target, written)
        except BaseException:  # Ctrl-C, too, leaves nothing behind
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync(versions)
        point_to(registry, manifest.version)
        for old in list_versions(registry)[:-keep]:
            if old not in (manifest.version, before):
                # Renamed first: a kill in the middle leaves no half of a version among the others.
                shutil.rmtree((versions / old).rename(versions / f"{DRAFT}{old}"))
    return target


def _place(draft: Path, target: Path, written: Manifest) -> None:
    if not target.exists():
        draft.rename(target)
        return
    # Published before and rolled back, or left by a run that was killed before it could point here.
    if read_artifact(target)[0].files != written.files:
        raise FileExistsError(f"{target}: another model was published as this version before")
    shutil.rmtree(draft)


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


@contextmanager
def _alone(registry: Path) -> Iterator[None]:
    """Hold the registry's lock, which the system lets go of when the process ends, however it ends."""
    with (registry / LOCK).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


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
