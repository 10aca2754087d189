"""The compiled engine. `python -m model.kernel` compiles it; without it, `model.reference` does the same work, slower."""

from model.kernel.binding import Kernel

__all__ = ["Kernel"]
