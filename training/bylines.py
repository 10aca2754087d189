"""Reporters' codes as Indonesian newsrooms put them at the end of an article, made up: honest, and as short as a brand."""

from __future__ import annotations

from random import Random

_DESKS = "ant kompas detik jpnn net red lip6 viva okz bola tekno jabar jatim bisnis hot 20 1".split()
_COMMON = ("({a}/{b})", "({a})", "[{a}]")
_RARE = ("({a} / {b})", "({a}-{b})", "({a}/{c})", "({c}/{a})", "[{a}/{b}]", "{a}/{b}", "({a};{b})")


def byline(random: Random) -> str:
    """Return a code such as ``(rin/abd)``, ``[cob]`` or ``(HSN)``."""
    shape = random.choice((*_COMMON, *_COMMON, *_RARE))
    return shape.format(a=_initials(random), b=_initials(random), c=random.choice(_DESKS))


def _initials(random: Random) -> str:
    """Return three letters that can be said, or two to four that need not."""
    if random.random() < 0.4:
        letters = "".join(random.choice("abcdefghijklmnoprstuwyz") for _ in range(random.choice((2, 3, 3, 4))))
    else:
        pattern = random.choice(("cvc", "vcv", "ccv"))
        letters = "".join(random.choice("aeiou" if kind == "v" else "bcdfghjklmnprstwyz") for kind in pattern)
    draw = random.random()
    return letters.upper() if draw < 0.15 else letters.title() if draw < 0.25 else letters
