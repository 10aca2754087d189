"""Which labelled text is about gambling: what the topic stage learns from.

A line in an article about gambling is news more often than the same line in an article about rice, so the model must know
what an article is about. Spam labelled `gambling` is; of clean text, what names the thing.
"""

from __future__ import annotations

import re

_NAMES = re.compile(
    r"\bjudi|perjudian|\btogel\b|kasino|casino|\btaruhan\b|bertaruh|petaruh|\bbandar\b|\bslot (?:online|gacor|machine)|mesin slot|\bpoker\b"
    r"|\bgambl|\bbetting\b|\bbets?\b|bookmak|bookie|lotter|lotre|jackpot|rolet|roulette|blackjack|baccarat|sportsbook|\bsbobet\b|bet365"
    r"|\bpasar taruhan|sabung ayam|loot ?box|pengaturan skor|match.fixing|\bperjudi|\bpertaruhan\b|\bloteri\b|\bnombor ekor"
    r"|bahis|kumar|iddaa|piyango|ставк|казино|букмекер|азартн|лотере|тотализатор|қимор|qimor|lotereya|bukmeker"
    r"|การพนัน|พนัน|คาสิโน|สล็อต|หวย|บาคาร่า|cờ bạc|cá cược|cá độ|sòng bạc|casino|xổ số|lô đề|đánh bạc|nhà cái"
    r"|赌|賭|博彩|彩票|도박|카지노|토토|베팅|복권|glücksspiel|spielbank|wett|apuesta|apostas?\b|jogo de azar|loter[ií]a",
    re.IGNORECASE,
)


def is_about_gambling(text: str, label: str) -> bool:
    """Tell whether a stretch of text with this label is about gambling."""
    return label == "gambling" or (label != "promotion" and _NAMES.search(text) is not None)
