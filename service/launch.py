"""How `saring` begins. The server does so twice: the C library reads how to keep memory only when a process starts."""

from __future__ import annotations

import os
import sys

VARIABLE = "GLIBC_TUNABLES"
# By default, glibc's threads each take memory from a place of their own and keep small pieces that they have freed to themselves, and
# what counts as large enough to be given back at once rises with what was freed before. A worker would grow for hours.
MEMORY = {"arena_max": 1, "tcache_count": 0, "trim_threshold": 2**17, "mmap_threshold": 2**17}
TUNABLES = ":".join(f"glibc.malloc.{name}={value}" for name, value in MEMORY.items())


def main() -> None:
    """Run the command line."""
    if sys.argv[1:2] == ["serve"]:
        begin_anew()
    from service.cli import main as run  # what it loads would else be loaded twice

    run(prog_name="saring")


def begin_anew() -> None:
    """Start the very command of this process in its place, its memory kept as `MEMORY` says, unless the environment says how."""
    if sys.platform == "linux" and VARIABLE not in os.environ:
        os.environ[VARIABLE] = TUNABLES
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - nobody else has a say in it
