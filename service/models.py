"""The model in use, and the change to another while requests go on."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from model import Article, ArtifactError, Classifier, Manifest
from model.artifact import MANIFEST
from model.registry import resolve

logger = logging.getLogger("service.models")

Mark = tuple[str, int, int, int]
WARM_UP = Article("Harga beras naik pekan ini.\nslot gacor maxwin")


class Models:
    """Holds the model in use; a request that took it keeps it, so a change costs no request.

    `path` is a model directory or a registry (see `model.registry`); without one there is nothing to change to.
    What is in use there is known by which directory it is and by the state of the manifest in it, which is written last: looking costs
    a few system calls.
    """

    def __init__(self, loaded: Classifier, path: Path | None = None, mark: Mark | None = None) -> None:
        self.current = loaded
        self.path = path
        self.listeners: list[Callable[[Manifest, Manifest | None], None]] = []
        self.error: str | None = None
        self._mark = mark
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._watched_by: int | None = None

    @classmethod
    def open(cls, path: Path) -> Models:
        """Load the model at `path`; raises ArtifactError if there is no usable one."""
        mark = _look(path)
        return cls(_load(path), path, mark)

    def reload(self) -> Classifier:
        """Load the model anew and put it to use; the one before stays if the new one is bad.

        Raises
        ------
        ArtifactError
            If there is no usable model.
        """
        with self._lock:
            mark = _look(self.path)
            before = self.current.manifest
            try:
                fresh = _load(self.path)
            except ArtifactError as error:
                self.error, self._mark = str(error), mark  # the same bad model is not tried again and again
                logger.error("model not reloaded: %s", error, extra={"model": before.version})  # noqa: TRY400 - the trace tells no more
                raise
            self.current, self.error, self._mark = fresh, None, mark
            logger.warning("model reloaded", extra={"model": fresh.manifest.version, "model_before": before.version})
        self._tell(fresh.manifest, before)
        return fresh

    def refresh(self) -> None:
        """Reload if what lies at the path is not what was loaded from it."""
        if _look(self.path) != self._mark:
            self._try_reload()

    def watch(self, seconds: float) -> None:
        """Call `refresh` every `seconds` from now on, in a thread of this process; calling again does nothing."""
        process = os.getpid()  # threads do not outlive a fork
        if self._watched_by == process:
            return
        self._watched_by = process
        self._tell(self.current.manifest, None)
        if self.path is not None:
            self.refresh()  # a worker may begin long after the model was loaded for all of them
            self._wake = threading.Event()
            threading.Thread(target=self._watch, args=(seconds,), name="saring-model-watch", daemon=True).start()

    def wake(self) -> None:
        """Have the watching thread reload at once, changed or not; safe in a signal handler."""
        self._wake.set()

    def _watch(self, seconds: float) -> None:
        while True:
            if self._wake.wait(seconds):
                self._wake.clear()
                self._try_reload()
            else:
                self.refresh()

    def _try_reload(self) -> None:
        with suppress(ArtifactError):  # it was logged, and stays in `error`
            self.reload()

    def _tell(self, manifest: Manifest, before: Manifest | None) -> None:
        for listener in self.listeners:
            listener(manifest, before)


def _load(path: Path | None) -> Classifier:
    if path is None:
        raise ArtifactError("the application was given a loaded model, and has no directory to load another from")
    fresh = Classifier.load(path)
    try:
        fresh.classify(WARM_UP)  # also fills tables that it fills once; what is filled before workers are forked, they share
    except Exception as error:  # whatever is wrong with a model, it must not come into use
        raise ArtifactError(f"{path}: {error}") from error
    return fresh


def _look(path: Path | None) -> Mark | None:
    if path is None:
        return None
    try:
        directory = resolve(path)
        status = (directory / MANIFEST).stat()
    except (ArtifactError, OSError):
        return None
    return str(directory), status.st_mtime_ns, status.st_size, status.st_ino
