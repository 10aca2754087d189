"""Names as gambling sites bear them, made up: the grammar of such names outlives every list of them."""

from __future__ import annotations

from random import Random

_HEADS = (
    "raja ratu sultan dewa dewi naga macan singa garuda elang rajawali kuda banteng gajah koi lele semut ular cobra tiger panda wolf "
    "lion eagle bintang bulan surya mentari langit bumi samudra pulau gunung hutan sungai pelangi kilat petir badai topan angin api "
    "bara sakti wangi mega super ultra hyper prime royal king queen gold golden emas perak intan mutiara zamrud safir ruby berlian "
    "permata diamond platinum silver hoki cuan untung rejeki rezeki berkah jaya makmur sukses mulia agung mahkota istana kraton joker "
    "mario ninja samurai viking zeus hades olym apollo thor odin medusa asia indo nusa jawa bali java borneo medan jakarta bandung "
    "surabaya macau vegas london tokyo sakura sushi kopi durian mangga nanas apel lemon cabe bakso mami papa mbah oma opa bos boss "
    "juragan bandar tuan mister lady master pro max vip alexis venus mars pluto orion nova luna sola vera visi misi weton primbon jampi "
    "gacor kuning ungu merah biru ijo pink hitam dingdong pecah ketik jeruk kapten jenderal ksatria pandawa arjuna bima kresna hanoman "
    "semar gatot wayang batik kebaya rindu cinta sayang mantap asik gokil joss cepat kaya miliar juta duit uang dompet saku meja dadu "
    "kartu as bola gawang striker ligabola arena stadion lapak warung pasar toko rumah kampung desa kota benua galaxy planet satelit "
    "roket turbo nitro jet kapal bahtera perahu jangkar laut pantai ombak karang"
).split()
_TAILS = (
    "bet win play toto slot togel poker qq jp cuan hoki gacor sakti mania vip club casino spin jitu bola gaming games link wins bets "
    "pot jackpot ways max pro asia indo online zone land city star king emas jaya kita ku mu 4d 5d 2d 3d net id luck lucky bos raja mas "
    "pulsa dana hebat menang bom bomba duit maxwin rtp live sport bookie kasino domino ceme remi kiu lotre lot prize cash kaya super"
).split()
_ENDINGS = (
    "77 88 99 123 138 168 188 303 388 666 777 888 69 55 33 22 11 89 78 87 98 328 500 505 855 889 900 1000 5000 55 288 268 228 178 126 "
    "108 338 365 4d 5d 1131 07 08 21 76 717 818 212"
).split()


def brand(random: Random) -> str:
    """Return a made-up name, lower case, such as ``rajabomba``, ``koi77`` or ``topan jitu``."""
    head = random.choice(_HEADS)
    tail = random.choice(_TAILS if random.random() < 0.7 else _HEADS)
    shape = random.random()
    joint = " " if random.random() < 0.12 else ""
    if shape < 0.4:
        return head + joint + random.choice(_ENDINGS)
    if shape < 0.75:
        return head + joint + tail
    if shape < 0.93:
        return head + tail + joint + random.choice(_ENDINGS)
    return tail + head + random.choice(("", "", random.choice(_ENDINGS)))


def cased(name: str, random: Random) -> str:
    """Return `name` as it would be written: capitals mostly, small letters, or with a capital."""
    draw = random.random()
    return name.upper() if draw < 0.5 else name.title() if draw < 0.7 else name
