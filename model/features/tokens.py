"""The shape of tokens: names glued to digits, links and their paths."""

from __future__ import annotations

import re

import numpy as np

from model.features.context import Array, Context

NAMES = (
    "glued",  # words of letters and then digits, such as gacor88, log
    "glued_ending",  # those with an ending that gambling brands favour, log
    "glued_share",  # share of words of letters and digits
    "links",  # log
    "paths",  # words joined by hyphens, as in the path of a link, log
)
# Each begins where a run of its characters begins: tried at every character, a long run would cost its square.
ENDING = re.compile(r"(?<![a-z])[a-z]{3,}(?:77|88|99|123|138|168|188|303|388|666|777|888|69|4d|5d|328|500|855|889|55|33)\b")
LINK = re.compile(
    r"https?://|www\.|\bwa\.me|<a\b|href"
    r"|(?<![\w-])[a-z0-9-]{2,}\.(?:com|net|org|info|xyz|id|me|io|site|online|vip|club|top|ly|cc|co|app|link|bet|win|biz|pro|asia|tv|ru|gg)\b"
)
PATH = re.compile(r"(?<![a-z0-9])[a-z0-9]+(?:-[a-z0-9]+)+")
SHORTEST_NAME = 3  # letters; G20 and RT08 have fewer


def compute(context: Context) -> list[Array]:
    glued = context.parsed.words.glued & (context.parsed.words.letters >= SHORTEST_NAME)
    return [
        np.log1p(context.per_word(glued)),
        np.log1p(context.matches(ENDING)),
        context.share_of_words(glued),
        np.log1p(context.matches(LINK)),
        np.log1p(context.matches(PATH)),
    ]
