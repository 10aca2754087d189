"""The tricks with which spammers disguise a word, one function a trick: plain word in, disguised word out.

Used to vary spam in training and to measure, trick by trick, what a disguise costs the model.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType

Trick = Callable[[str, Random], str]

_UPPER, _LOWER, _DIGITS = 0x41, 0x61, 0x30
# First code points of the mathematical alphabets: capitals, small letters, digits (None: there are none).
_ALPHABETS: Mapping[str, tuple[int, int, int | None]] = {
    "bold": (0x1D400, 0x1D41A, 0x1D7CE),
    "italic": (0x1D434, 0x1D44E, None),
    "bold italic": (0x1D468, 0x1D482, 0x1D7CE),
    "script": (0x1D4D0, 0x1D4EA, None),
    "fraktur": (0x1D56C, 0x1D586, None),
    "double-struck": (0x1D538, 0x1D552, 0x1D7D8),
    "sans": (0x1D5A0, 0x1D5BA, 0x1D7E2),
    "sans bold": (0x1D5D4, 0x1D5EE, 0x1D7EC),
    "sans italic": (0x1D608, 0x1D622, None),
    "sans bold italic": (0x1D63C, 0x1D656, 0x1D7EC),
    "monospace": (0x1D670, 0x1D68A, 0x1D7F6),
}
_CYRILLIC = str.maketrans("ABEKMHOPCTXaeopcxyi", "АВЕКМНОРСТХаеорсхуі")
_SMALL_CAPITALS = str.maketrans("abcdefghijklmnopqrstuvwyz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ")
_LEET = str.maketrans("oiesaOIESA", "0135401354")
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_ORNAMENTS = ("\u0336", "\u0332", "\u0333", "\u035f", "\u0353\u033d", "\u0337", "\u0338")


def _shifted(word: str, alphabet: tuple[int, int, int | None]) -> str:
    capitals, small, digits = alphabet
    result = []
    for character in word:
        point = ord(character)
        if "A" <= character <= "Z":
            styled = chr(capitals + point - _UPPER)
        elif "a" <= character <= "z":
            styled = chr(small + point - _LOWER)
        elif character.isascii() and character.isdigit() and digits is not None:
            styled = chr(digits + point - _DIGITS)
        else:
            styled = character
        # The alphabets have holes where the letter stands elsewhere in Unicode (ℎ, ℂ).
        result.append(styled if unicodedata.name(styled, "") else character)
    return "".join(result)


def mathematical(word: str, random: Random) -> str:
    """𝐩𝐮𝐥𝐚𝐮𝟕𝟕, in one of the alphabets or in two mixed."""
    first, second = (random.choice(list(_ALPHABETS.values())) for _ in range(2))
    if random.random() < 0.5:
        return _shifted(word.upper() if random.random() < 0.6 else word, first)
    return "".join(_shifted(character, random.choice((first, second))) for character in word.upper())


def mathematical_cut(word: str, random: Random) -> str:
    """헣헨헟헔헨77: mathematical letters of which storage kept 16 bits."""
    styled = _shifted(word.upper(), random.choice([_ALPHABETS["sans bold"], _ALPHABETS["sans bold italic"], _ALPHABETS["bold"]]))
    return "".join(chr(ord(c) - 0x10000) if 0x1D400 <= ord(c) <= 0x1D7A3 else unicodedata.normalize("NFKC", c) for c in styled)


def fullwidth(word: str, _random: Random) -> str:
    """ＰＵＬＡＵ"""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in word.upper())


def circled(word: str, random: Random) -> str:
    """Ⓟⓤⓛⓐⓤ, 🅟🅤🅛, 🅿🆄🅻 or 🄿🅄🄻, with ❼ or ⑦ for digits."""
    base = random.choice([0x24B6, 0x1F150, 0x1F170, 0x1F130])
    digits = random.choice(["⓪①②③④⑤⑥⑦⑧⑨", "⓿❶❷❸❹❺❻❼❽❾"])
    table = {chr(_UPPER + i): chr(base + i) for i in range(26)} | dict(zip("0123456789", digits, strict=True))
    return "".join(table.get(c, c) for c in word.upper())


def regional(word: str, _random: Random) -> str:
    """🇵🇺🇱🇦🇺7️⃣7️⃣"""
    return "".join(
        chr(0x1F1E6 + ord(c) - _UPPER) if "A" <= c <= "Z" else c + "\ufe0f\u20e3" if c.isascii() and c.isdigit() else c
        for c in word.upper()
    )


def small_capitals(word: str, _random: Random) -> str:
    """ᴘᴜʟᴀᴜ77"""
    return word.lower().translate(_SMALL_CAPITALS)


def overlaid(word: str, random: Random) -> str:
    """P̶U̶L̶A̶U̶, P͟U͟L͟A͟U͟, P͓̽U͓̽L͓̽"""
    ornament = random.choice(_ORNAMENTS)
    return "".join(c + ornament for c in (word.upper() if random.random() < 0.7 else word))


def spelled_out(word: str, random: Random) -> str:
    """P U L A U, p.u.l.a.u, P-U-L-A-U"""
    return random.choice([" ", " ", " ", ".", "-", "*", "_"]).join(word if random.random() < 0.4 else word.upper())


def invisible(word: str, random: Random) -> str:
    """A zero-width character between some letters."""
    inner = [c + random.choice(_INVISIBLE) if random.random() < 0.5 else c for c in word[:-1]]
    if len(word) > 1 and "".join(inner) == word[:-1]:
        inner[0] += random.choice(_INVISIBLE)
    return "".join(inner) + word[-1:]


def cyrillic(word: str, random: Random) -> str:
    """РULАU77: letters of another script in a Latin word."""
    upper = word.upper() if random.random() < 0.6 else word
    return "".join(c.translate(_CYRILLIC) if random.random() < 0.7 else c for c in upper)


def leet(word: str, random: Random) -> str:
    """g4c0r, s1tus"""
    return "".join(c.translate(_LEET) if 0 < i < len(word) - 1 or random.random() < 0.3 else c for i, c in enumerate(word))


def broken(word: str, random: Random) -> str:
    """p/ulau77-7, Pu Lau 7 7, GA 𝐑𝐔 Da: cut in parts, some of them in another case or alphabet"""
    cuts = sorted(random.sample(range(1, len(word)), min(random.choice((1, 2, 2, 3)), len(word) - 1)))
    parts = [word[start:end] for start, end in zip([0, *cuts], [*cuts, len(word)], strict=True)]
    alphabet = random.choice(list(_ALPHABETS.values())) if random.random() < 0.4 else None
    separator = random.choice((" ", " ", " ", ".", "-", "/", "_", "'"))
    looks = (str.upper, str.title, str.lower)
    look = random.choice(looks)
    written = [look(part) if random.random() < 0.7 else random.choice(looks)(part) for part in parts]
    if alphabet:
        written = [_shifted(part, alphabet) if random.random() < 0.7 else part for part in written]
    return separator.join(written)


# Those that normalisation reads through; `broken` changes where words end, which only the wording can tell.
TRICKS: Mapping[str, Trick] = MappingProxyType(
    {
        "mathematical letters": mathematical,
        "mathematical letters cut to 16 bits": mathematical_cut,
        "fullwidth": fullwidth,
        "circled and squared": circled,
        "regional indicators": regional,
        "small capitals": small_capitals,
        "strokes and underlines": overlaid,
        "spelled out": spelled_out,
        "zero-width characters": invisible,
        "Cyrillic look-alikes": cyrillic,
        "leet": leet,
    }
)
