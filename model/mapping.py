"""Weights mapped from a safetensors file: eight bytes that say how long the header is, the header in JSON, the numbers."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_TYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "U32": "<u4", "I16": "<i2", "U16": "<u2", "I8": "|i1", "U8": "|u1"}


def map_tensors(path: Path) -> dict[str, NDArray[Any]]:
    """Return the tensors of a file as arrays that cannot be written to and take memory only as they are read.

    Raises
    ------
    OSError
        If the file cannot be read.
    KeyError, TypeError, ValueError
        If it is not what it should be.
    """
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    body = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:body])
    header.pop("__metadata__", None)
    return {name: _tensor(content, body, **entry) for name, entry in header.items()}


def _tensor(content: mmap.mmap, body: int, dtype: str, shape: list[int], data_offsets: list[int]) -> NDArray[Any]:
    start, end = data_offsets
    flat = np.frombuffer(content, _TYPES[dtype], offset=body + start, count=int(np.prod(shape)))
    if flat.nbytes != end - start:
        raise ValueError(f"a tensor of shape {shape} has {end - start} bytes")
    return flat.reshape(shape)
