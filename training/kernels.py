"""The same sums on every machine: libraries for arrays choose their inner loops by processor, and those differ in last bits."""

from __future__ import annotations

import os
import platform
from pathlib import Path

BLAS = "Haswell"  # what the default model was fitted with; every x86 processor with AVX2 has it
BEYOND_AVX2 = "X86_V4 AVX512_ICL AVX512_SPR"  # names of NumPy's


def choose_kernels() -> None:
    """Choose loops for AVX2 on x86; this has an effect before NumPy is loaded only. What the environment says already stays."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return
    os.environ.setdefault("OPENBLAS_CORETYPE", BLAS)
    processor = Path("/proc/cpuinfo")
    # NumPy warns of features that the processor lacks anyway.
    if processor.exists() and "avx512f" in processor.read_text(encoding="utf-8", errors="replace"):
        os.environ.setdefault("NPY_DISABLE_CPU_FEATURES", BEYOND_AVX2)
