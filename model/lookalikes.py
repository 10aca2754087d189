"""Which character is drawn in place of which Latin letter or digit, where Unicode itself does not say so.

Compatibility decomposition (NFKC) covers mathematical, fullwidth, circled and superscript letters, and the names of
characters cover small capitals, turned, negative and regional letters; these tables hold what is only a likeness.
"""

from __future__ import annotations


def _pairs(*rows: str) -> dict[str, str]:
    """Read rows of ``disguised plain`` pairs, each pair two characters."""
    return {pair[0]: pair[1] for row in rows for pair in row.split()}


# Letters of living scripts: honest in a word of their own script, a disguise among Latin letters.
LIVING = _pairs(
    "Аa Вb Еe Ѕs Іi Јj Кk Мm Нh Оo Рp Сc Тt Уy Хx Үy Ԍg Ԝw Ԛq Зe Яr Ьb Гr Лn Пn Иn Ии Дd Фo Вb",
    "аa вb еe ѕs іi јj кk мm нh оo рp сc тt уy хx үy ԁd һh ӏl ԝw ԛq гr пn иn лn ьb зe яr дd ґr ӀI єe",
    "Αa Βb Εe Ζz Ηh Ιi Κk Μm Νn Οo Ρp Τt Υy Χx Σe Λa Πn Δa Ωo",
    "αa βb γy εe ιi κk νv οo ρp τt υu χx ωw ηn σo λa πn μu δd θo",
    "Օo Սu Լl ոn սu օo ցg հh յj ղn զq",
)

# Letters of scripts in which none of the articles is written: a disguise wherever they stand.
FOREIGN = _pairs(
    "Ꭺa Ᏼb Ꮯc Ꭰd Ꭼe Ꮐg Ꮋh Ꭵi Ꭻj Ꮶk Ꮮl Ꮇm Ꮲp Ꭱr Ꮪs Ꭲt Ꮩv Ꮃw Ꮓz Ꮎo Ꮑn Ꮜu Ꮍy",  # Cherokee
    "ꓐb ꓑp ꓓd ꓔt ꓖg ꓗk ꓙj ꓚc ꓜz ꓝf ꓟm ꓠn ꓡl ꓢs ꓣr ꓦv ꓧh ꓪw ꓫx ꓬy ꓮa ꓰe ꓲi ꓳo ꓴu",  # Lisu
    "Ⲁa Ⲃb Ⲉe Ⲏh Ⲓi Ⲕk Ⲙm Ⲛn Ⲟo Ⲣp Ⲥc Ⲧt Ⲩy Ⲭx ⲁa ⲃb ⲉe ⲓi ⲕk ⲙm ⲛn ⲟo ⲣp ⲥc ⲧt ⲩy ⲭx",  # Coptic
    "𐊠a 𐊡b 𐊢c 𐊤e 𐊥f 𐊧h 𐊨q 𐊩w 𐊪n 𐊫o 𐊬h 𐊭o 𐊯m 𐊰x 𐊱t 𐊲y 𐊴x 𐊵n 𐊸w 𐊗t 𐊛h 𐊆i 𐊇f 𐊒o 𐊖s 𐌀a 𐌁b 𐌂c 𐌄e 𐌆i 𐌉i 𐌊k 𐌋l",
    "𐌌m 𐌍n 𐌏o 𐌐p 𐌓r 𐌔s 𐌕t 𐌖v 𐌗x 𐍈q 𐌰a 𐌴e 𐌵u 𐌷h 𐌹i 𐌺k 𐌼m 𐌽n 𐍀n 𐍂r 𐍃s 𐍄t 𐍅y 𐍆f 𐍇x 𐍉o",  # Lycian, Carian, Italic, Gothic
    "ꀀa ꉔc ꀸd ꏂe ꎇf ꁅg ꍩh ꀤi ꀭj ꀘk ꒒l ꂵm ꈤn ꂦo ꉣp ꋪr ꌗs ꋖt ꐇu ꃴv ꅏw ꌦy ꁴz",  # Yi
    "ƛa Ɛe ɛe ɑa ɡg ɩi ʋv ɯw ʍw ɱm ɳn ɲn ŋn Ŋn",
    "ƙk Ƙk ɓb Ɓb ƈc Ƈc ɗd Ɗd ɖd ƒf ɠg Ɠg ɦh ɨi ʝj ɭl ƥp Ƥp ʠq ɽr ʂs ƭt Ƭt Ʋv ⱳw Ⱳw ʏy ƴy Ƴy ʐz ƶz Ƶz",
    "Ɔo Ǝe Ɯw Ⅎf ⅁g ⅂l ⅄y ∀a Ծo Ɋq Ƿp Ɵo ɵo Ʉu ʉu Ƀb ƀb Ɨi Ɉj Ɍr Ɏy Ⱥa Ȼc Ɇe Ⱦt",
    "₳a ฿b ₵c ₫d ₭k ₦n ₱p ₮t ₩w ₲g ₴s ₥m ℮e",  # currency signs: only inside a word of Latin letters, see `normalise`
)

# Digits and signs for letters, only between letters: `g4c0r`.
LEET = _pairs("0o 1i 3e 4a 5s 7t 8b 9g @a $s !i")
