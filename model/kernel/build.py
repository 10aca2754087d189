"""Compiling the kernel, once, when Saring is installed.

The library's name holds a digest of its sources, so one that was compiled from others is never loaded.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fno-math-errno", "-ffp-contract=off")
# What every processor of the last fifteen years has; by default, compilers use what those of 2003 had.
PROCESSOR = ("-march=x86-64-v2",) if platform.machine() in ("x86_64", "AMD64") else ()


def library_path() -> Path:
    """Return where the library of the present sources lies, or would."""
    digest = hashlib.sha256()
    for source in sorted([*HERE.glob("*.c"), *HERE.glob("*.h")]):
        digest.update(source.read_bytes())
    return HERE / f"kernel-{digest.hexdigest()[:16]}.so"


def compiler() -> list[str]:
    """Return the command of a C compiler: ``$CC``, the system's, or the one in the package ziglang.

    Raises
    ------
    RuntimeError
        If there is none.
    """
    command = shlex.split(os.environ.get("CC", "cc"))
    if command and shutil.which(command[0]):
        return command
    if importlib.util.find_spec("ziglang"):
        return [sys.executable, "-m", "ziglang", "cc"]
    raise RuntimeError("no C compiler: install one, or `pip install ziglang`")


def build() -> Path:
    """Compile the library and return where it lies; whatever was compiled before is removed.

    Raises
    ------
    RuntimeError
        If there is no compiler.
    subprocess.CalledProcessError
        If it fails.
    """
    target = library_path()
    if target.exists():
        return target
    draft = target.with_suffix(f".{os.getpid()}.new")
    sources = sorted(str(path) for path in HERE.glob("*.c"))
    subprocess.run([*compiler(), *FLAGS, *PROCESSOR, "-o", str(draft), *sources, "-lm"], check=True)  # noqa: S603 - the compiler is the user's own
    for old in HERE.glob("kernel-*.so"):
        old.unlink()
    draft.replace(target)
    return target
