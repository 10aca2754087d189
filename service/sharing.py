"""Where workers share their metrics. Imported before prometheus_client, which looks at the environment once, when it is imported."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

DIRECTORY_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share_metrics(directory: Path | None) -> None:
    """Have the workers that this process will start share their metrics in `directory`, or in one that goes with this process."""
    if directory is None:
        directory = Path(tempfile.mkdtemp(prefix="saring-metrics-"))
        atexit.register(_remove, directory, os.getpid())
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.db"):  # of an earlier run, whose workers are no more
        old.unlink()
    os.environ[DIRECTORY_VARIABLE] = str(directory)


def _remove(directory: Path, owner: int) -> None:
    if os.getpid() == owner:  # workers inherit the call, and the directory is not theirs
        shutil.rmtree(directory, ignore_errors=True)
