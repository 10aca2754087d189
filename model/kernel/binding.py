"""The engine of compiled code (see `model.judged.Engine`): what it needs laid out for C, and its answers read back."""

from __future__ import annotations

import ctypes
import struct
from ctypes import POINTER, c_char, c_double, c_int, c_int32, c_int64, c_uint64, c_void_p
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.features.looks import CLOSING, PUNCTUATION
from model.judge import Judge
from model.judged import GROUP_OF, Flagged, Judged
from model.kernel.build import library_path, usable_levels
from model.kernel.forest import Forest, lay_out
from model.ngrams import WORD_INVERSE, WORD_PRIME
from model.parameters import Parameters
from model.spans import REACH
from model.unicode_tables import Kind, tables

LONGEST = 2**31 - 1  # code points
FEW = 4  # flagged lines that lie within the answer itself
BATCH = 128  # as in kernel.h
WINDOW = 4096  # bytes of a long text that are read at a time: few enough for what they take to stay in the processor's cache
COPIED = 2**15  # characters; longer texts of ASCII are read where they lie, which takes a moment to find
COUNTS = 256  # whose roots and logarithms are at hand
_PLAIN = [ord(character) for character in "abcdefghijklmnopqrstuvwxyz0123456789"]
_HOST = [*_PLAIN, ord("-")]
_SCHEME = [ord(character) for character in "hw<"]
_STOPS = ".:;!?…)]。！？；"  # what may begin a boundary of model.segments, besides blanks
_SIGNS = "0134578@$!"  # what may stand for a letter in model.normalise
# A flagged line: as `model.judged.Flagged` begins, then three pieces of evidence, and how many of them there are.
_FLAGGED = struct.Struct("=5i?3xd9ii")


class _Trees(ctypes.Structure):
    _fields_ = (
        *((name, c_int32) for name in ("count", "places", "depth")),
        *((name, c_void_p) for name in ("steps", "questions", "planes")),
        *((name, c_double) for name in ("root", "baseline", "unit", "slope", "intercept")),
    )


class _Model(ctypes.Structure):
    _fields_ = (
        *((name, c_void_p) for name in ("characters", "classes", "halves", "lookalikes", "weights", "kind_weights", "known")),
        ("known_size", c_uint64),
        ("bits", c_int32),
        ("roots", c_void_p),
        ("logs", c_void_p),
        ("powers", c_void_p),
        ("inverses", c_void_p),
        *((name, c_double) for name in ("scale", "topic_scale", "kind_scale", "bias", "topic_bias", "kind_bias", "span_floor", "reach")),
        ("article", _Trees),
        ("alone", _Trees),
        ("groups", c_void_p),
        ("window", c_int64),
    )


class _Answer(ctypes.Structure):
    _fields_ = (
        *((name, c_int64) for name in ("line_count", "flagged_count", "scored_count")),
        ("score", c_double),
        *((name, c_void_p) for name in ("lines", "numbers", "scores")),
        ("few", c_char * (FEW * _FLAGGED.size)),
    )


_PLACES = range(_Answer.few.offset, ctypes.sizeof(_Answer), _FLAGGED.size)


@cache
def _library(level: str | None = None) -> ctypes.CDLL:
    """Load the library for a level, or that for the best which this processor has."""
    paths = [library_path(known) for known in usable_levels() if level in (None, known)]
    path = next((path for path in paths if path.exists()), None)
    if path is None:
        raise FileNotFoundError("the kernel is not compiled for this processor: run `python -m model.kernel`")
    library = ctypes.CDLL(str(path))
    library.saring_judge.argtypes = (c_void_p, c_void_p, c_int64, c_int64, c_double, c_int, POINTER(_Answer))
    library.saring_judge.restype = c_int
    library.saring_free.argtypes = (POINTER(_Answer),)
    library.saring_free.restype = None
    ctypes.pythonapi.PyUnicode_AsUTF8AndSize.argtypes = (ctypes.py_object, c_void_p)
    ctypes.pythonapi.PyUnicode_AsUTF8AndSize.restype = c_void_p
    return library


class Kernel:
    """An engine that calls the compiled library.

    Parameters
    ----------
    parameters : Parameters
    window : int
        Bytes of a long text that are read at a time. What is said of a text does not depend on it.
    level : str, optional
        Which of `model.kernel.build.usable_levels` the library is for; the best for which there is one by default.

    Raises
    ------
    OSError
        If the library has not been compiled.
    """

    def __init__(self, parameters: Parameters, window: int = WINDOW, level: str | None = None) -> None:
        self._library = _library(level)
        self._kept: list[Any] = []  # what the structure points to must live as long as it does
        characters, classes, halves, lookalikes = _characters()
        p = parameters
        self._model = _Model(
            *(self._pointer(array) for array in (characters, classes, halves, lookalikes, p.weights, p.kind_weights, p.known_bits)),
            8 * len(p.known_bits),
            p.bits,
            self._pointer(1 / np.sqrt(np.maximum(np.arange(COUNTS), 1.0))),
            self._pointer(np.log1p(np.arange(COUNTS, dtype=np.float64)).astype(np.float32)),
            *(self._pointer(np.cumprod(np.array([1, *[factor] * BATCH], np.uint64))) for factor in (WORD_PRIME, WORD_INVERSE)),
            p.scale,
            p.topic_scale,
            p.kind_scale,
            p.bias,
            p.topic_bias,
            p.kind_bias,
            p.span_floor,
            REACH,
            self._trees(p.article),
            self._trees(p.alone),
            self._pointer(GROUP_OF),
            window,
        )
        self._address = ctypes.addressof(self._model)

    def judge(self, text: str, threshold: float, utf8: bytes | None = None) -> Judged:
        """Score every line of `text`, which is `utf8` in UTF-8 if that is known; those with a probability of at least `threshold`
        are flagged.

        Raises
        ------
        ValueError
            If `text` is longer than 2**31 - 1 code points.
        MemoryError
        """
        answer = self._call(text, utf8, threshold, scores=False)
        count = answer.flagged_count
        if count == 0:
            return Judged(answer.line_count, answer.score, ())
        if count <= FEW:
            flagged = [_flagged(_FLAGGED.unpack_from(answer, place)) for place in _PLACES[:count]]
            return Judged(answer.line_count, answer.score, tuple(flagged))
        try:
            raw = ctypes.string_at(answer.lines, count * _FLAGGED.size)
            return Judged(answer.line_count, answer.score, tuple([_flagged(values) for values in _FLAGGED.iter_unpack(raw)]))
        finally:
            self._library.saring_free(answer)

    def line_scores(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Return the numbers (from 1) of the lines that hold words, and their probabilities; see `judge` for errors raised."""
        answer = self._call(text, None, np.inf, scores=True)
        try:
            return (
                np.frombuffer(ctypes.string_at(answer.numbers, 4 * answer.scored_count), np.int32),
                np.frombuffer(ctypes.string_at(answer.scores, 8 * answer.scored_count), np.float64),
            )
        finally:
            self._library.saring_free(answer)

    def _call(self, text: str, utf8: bytes | None, threshold: float, *, scores: bool) -> _Answer:
        """Return the answer; if it holds scores or more than `FEW` flagged lines, the caller frees what it points to."""
        length = len(text)
        if length > LONGEST:
            raise ValueError(f"text is longer than {LONGEST} characters")
        raw: bytes | int | None = utf8
        if utf8 is not None:
            size = len(utf8)
        elif length > COPIED and text.isascii():
            raw, size = ctypes.pythonapi.PyUnicode_AsUTF8AndSize(text, None), length  # where its characters lie
        else:
            raw = text.encode("utf-8", "surrogatepass")
            size = len(raw)
        answer = _Answer()
        if self._library.saring_judge(self._address, raw, size, length, threshold, scores, answer):
            raise MemoryError("no memory left to judge a text")
        return answer

    def _pointer(self, array: NDArray[Any]) -> int:
        contiguous = np.ascontiguousarray(array)
        self._kept.append(contiguous)
        return int(contiguous.ctypes.data)

    def _trees(self, judge: Judge) -> _Trees:
        forest: Forest = lay_out(judge.trees)
        arrays = (forest.steps, forest.questions, forest.planes)
        return _Trees(
            *forest.steps.shape,
            judge.trees.depth,
            *(None if array is None else self._pointer(array) for array in arrays),
            forest.root,
            judge.trees.baseline,
            forest.unit,
            judge.slope,
            judge.intercept,
        )


def _flagged(values: tuple[Any, ...]) -> Flagged:
    evidence = values[7:10], values[10:13], values[13:16]
    return Flagged._make((*values[:7], evidence[: values[16]]))


@cache
def _characters() -> tuple[NDArray[np.uint32], NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the tables of `model.unicode_tables` as kernel.h has them: cells, classes, halves, look-alikes."""
    table = tables()
    kinds = table.kind[table.fold]
    folded = np.where(kinds == Kind.SPACE, ord(" "), np.where(kinds == Kind.LINE_END, ord("\n"), table.fold))
    folded[table.fold == 0] = 0
    flags = [np.isin(folded, PUNCTUATION), np.isin(folded, _HOST), np.isin(folded, _SCHEME), table.alnum[folded], np.isin(folded, _PLAIN)]
    cells = folded.astype(np.uint32)
    for shift, values in ((17, kinds), (20, table.mark), *enumerate(flags, 27)):
        cells |= values.astype(np.uint32) << np.uint32(shift)
    # Line ends bear no disguise; the kernel keeps there which they are.
    cells[ord("\r")] |= np.uint32(1 << 20)
    cells[[0x2028, 0x2029]] |= np.uint32(1 << 21)
    classes = table.space.astype(np.uint8)
    classes[ord("\n")] = 0  # segments end there at the latest
    classes[CLOSING] |= 2
    classes |= np.isin(table.kind, (Kind.LATIN, Kind.DIGIT)).astype(np.uint8) << 2
    classes |= table.overlay.astype(np.uint8) << 3 | table.hidden.astype(np.uint8) << 4
    for bit, characters in ((5, _STOPS), (6, _SIGNS), (7, "!")):
        classes[[ord(character) for character in characters]] |= 1 << bit
    in_class = classes[:128].reshape(8, 16) >> np.array([0, 5, 6, 7], np.uint8)[:, None, None] & 1
    halves = np.bitwise_or.reduce(in_class << np.arange(8, dtype=np.uint8)[:, None], axis=1)
    return cells, classes, halves, table.lookalike.astype(np.uint8)
