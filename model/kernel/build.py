"""Compiling the kernel, once, when Saring is installed.

A library's name holds a digest of its sources, so one that was compiled from others is never loaded. There is one for each level
of processor; which the processor has that runs it is seen when it is loaded, as an image may run elsewhere than it was built.
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
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
FLAGS = ("-std=c11", "-O3", "-fPIC", "-shared", "-fno-math-errno", "-ffp-contract=off")
CPUINFO = Path("/proc/cpuinfo")
# The levels of the x86-64 psABI, best first, and what Linux calls that which each has and the next lacks. All processors of the last
# fifteen years have the last.
X86_LEVELS = {
    "x86-64-v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "x86-64-v3": {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"},
    "x86-64-v2": set(),
}
LEVELS = X86_LEVELS if platform.machine() in ("x86_64", "AMD64") else {"any": set()}


@cache
def usable_levels() -> tuple[str, ...]:
    """Return the levels that this processor has, the best first; the last of `LEVELS`, if that cannot be seen."""
    found, present = [], _features()
    for level in reversed(LEVELS):
        if not LEVELS[level] <= present:
            break
        found.append(level)
    return tuple(reversed(found))


def _features() -> set[str]:
    try:
        with CPUINFO.open(encoding="ascii", errors="replace") as lines:
            return next((set(line.split()) for line in lines if line.startswith("flags")), set())
    except OSError:
        return set()


@cache
def _digest() -> str:
    digest = hashlib.sha256()
    for source in sorted([*HERE.glob("*.c"), *HERE.glob("*.h")]):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def library_path(level: str) -> Path:
    """Return where the library of the present sources lies, or would."""
    return HERE / f"kernel-{_digest()}-{level}.so"


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


def build() -> list[Path]:
    """Compile a library for each level and return where they lie; whatever was compiled before is removed.

    Raises
    ------
    RuntimeError
        If there is no compiler.
    subprocess.CalledProcessError
        If it fails.
    """
    targets = [library_path(level) for level in LEVELS]
    with ThreadPoolExecutor() as pool:
        list(pool.map(_compile, LEVELS, targets))
    for old in set(HERE.glob("kernel-*.so")) - set(targets):
        old.unlink()
    return targets


def _compile(level: str, target: Path) -> None:
    if target.exists():
        return
    draft = target.with_suffix(f".{os.getpid()}.new")
    command = compiler()
    named = level.replace("-", "_") if "ziglang" in command else level  # which would take the hyphens for names of features
    processor = [f"-march={named}"] if level in X86_LEVELS else []
    sources = sorted(str(path) for path in HERE.glob("*.c"))
    command = [*command, *FLAGS, *processor, "-o", str(draft), *sources, "-lm"]
    subprocess.run(command, check=True)  # noqa: S603 - the compiler is the user's own
    draft.replace(target)
