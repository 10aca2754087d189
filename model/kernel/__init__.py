"""The compiled engine. `python -m model.kernel.build` compiles it; without it, `model.reference` does the same work, slower."""

from model.kernel.binding import Kernel
from model.kernel.build import library_path

__all__ = ["Kernel", "library_path"]
