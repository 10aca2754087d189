"""The numbers of a model, as its files hold them, in the shapes that scoring needs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from model.artifact import Manifest, Tensors
from model.features import NAMES
from model.judge import Judge
from model.wording import unpack


@dataclass(frozen=True)
class Parameters:
    """Everything that scoring a text depends on.

    Attributes
    ----------
    weights : ndarray of uint32, shape (2 ** bits,)
        Of every n-gram, packed by `model.wording.pack`: for being injected, in steps of ``scale``, and for being about
        gambling, in steps of ``topic_scale``.
    kind_weights : ndarray of int8, shape (2 ** bits,)
        For promoting something else than gambling, in steps of ``kind_scale``.
    known_bits : ndarray of uint8
        Which words training saw in clean text, by hash modulo eight times its length; most significant bit first.
    article, alone : Judge
        The judge of segments of articles, and that of a text of one line, which has no company to be judged by.
    """

    weights: NDArray[np.uint32]
    kind_weights: NDArray[np.int8]
    known_bits: NDArray[np.uint8]
    bits: int
    scale: float
    topic_scale: float
    kind_scale: float
    bias: float
    topic_bias: float
    kind_bias: float
    article: Judge
    alone: Judge
    span_floor: float

    @cached_property
    def unpacked(self) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
        """The weights for being injected and those for being about gambling, shape (2 ** bits,) each."""
        return unpack(self.weights)

    @cached_property
    def known(self) -> NDArray[np.bool_]:
        return np.unpackbits(self.known_bits).astype(np.bool_)

    @classmethod
    def read(cls, manifest: Manifest, tensors: Tensors) -> Parameters:
        """Take the parameters from what `model.artifact.read_artifact` returns.

        Raises
        ------
        KeyError, TypeError, ValueError
            If manifest and tensors do not fit each other or this version of Saring.
        """
        p = manifest.parameters
        if list(p["features"]) != list(NAMES):
            raise ValueError("the features of the model are not those of this version of Saring")
        bits = int(p["bits"])
        known_shape = tensors["known"].shape
        expected = {"weights": ((2**bits,), np.uint32), "kind_weights": ((2**bits,), np.int8), "known": (known_shape, np.uint8)}
        for name, (shape, dtype) in expected.items():
            if tensors[name].dtype != dtype or tensors[name].shape != shape:
                raise ValueError(f"{name} are not of shape {shape} and type {dtype.__name__}")
        if known_shape[0] & (known_shape[0] - 1) or not known_shape[0]:
            raise ValueError("known words are not kept in a number of bytes that is a power of two")
        return cls(
            tensors["weights"],
            tensors["kind_weights"],
            tensors["known"],
            bits,
            float(p["scale"]),
            float(p["topic_scale"]),
            float(p["kind_scale"]),
            float(p["bias"]),
            float(p["topic_bias"]),
            float(p["kind_bias"]),
            Judge.read("article", tensors, p["article"]),
            Judge.read("alone", tensors, p["alone"]),
            float(p["span_floor"]),
        )
