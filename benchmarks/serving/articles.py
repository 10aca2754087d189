"""Made-up Indonesian articles of 4.5 KB, one line in twenty of them injected; the same ones every time."""

from __future__ import annotations

import random

BYTES = 4500
PLACES = "Sumberjati Karangwangi Tirtaraya Banyurejo Padanglawe Rantaubumi Wanasari Cikedung Tanjungmas Lembahsari".split()
PEOPLE = ["Wahyu Hidayat", "Sri Lestari", "Bambang Purnomo", "Dewi Anggraini", "Rudi Hartanto", "Maya Kusuma", "Agus Salim Putra"]
TITLES = ["Kepala Dinas Pekerjaan Umum", "Camat", "Ketua kelompok tani", "Juru bicara pemerintah kabupaten", "Kepala sekolah"]
THINGS = ["jalan desa", "pasar induk", "saluran irigasi", "jembatan gantung", "puskesmas pembantu", "gedung sekolah dasar"]
DAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
SENTENCES = [
    "Pemerintah Kabupaten {place} memperbaiki {thing} yang rusak akibat hujan lebat selama {n} hari terakhir.",
    "{title} {person} mengatakan pekerjaan di {place} dimulai {day} dan ditargetkan selesai dalam {n} pekan.",
    "“Kami minta warga bersabar, karena {thing} ini dipakai ribuan orang setiap hari,” ujarnya, {day} lalu.",
    "Anggaran untuk {thing} di {place} mencapai {n} miliar rupiah, naik dibandingkan tahun sebelumnya.",
    "Menurut {person}, sebanyak {n} keluarga sudah menerima bantuan beras dan obat-obatan sejak {day}.",
    "Harga cabai di {place} turun menjadi {n} ribu rupiah per kilogram setelah pasokan kembali lancar.",
    "Panitia mencatat {n} peserta dari {place} mengikuti lomba menulis cerita rakyat tingkat kabupaten.",
    "Warga berharap {thing} segera dapat digunakan lagi sebelum musim panen tiba.",
    "Petugas mengimbau pengendara yang melintas di {place} agar mengurangi kecepatan pada malam hari.",
]
OPENINGS = ["", "", "Sementara itu, ", "Hingga pukul {n}.00, ", "Pada {day} pagi, ", "Di tempat terpisah, ", "Menurut catatan {person}, "]
INJECTED = [
    "Daftar slot gacor {brand} maxwin hari ini, deposit pulsa tanpa potongan",
    "By {brand}",
    "situs judi online {brand} link alternatif resmi",
    "Bonus new member 100% di {brand}, main sekarang juga!",
]
BRANDS = ["raja{n}", "koibet{n}", "dewa{n}slot", "{n}toto", "gacor{n}"]


def article(seed: int) -> str:
    """Return one article; each `seed` gives another."""
    dice = random.Random(seed)
    lines: list[str] = []
    size = 0
    while size < BYTES:
        lines.append(_fill(dice, dice.choice(OPENINGS) + dice.choice(SENTENCES)))
        size += len(lines[-1].encode()) + 1
    for number in range(round(len(lines) / 19)):
        lines.insert(dice.randrange(len(lines) + 1), _fill(dice, INJECTED[(seed + number) % len(INJECTED)]))
    return "\n".join(lines)


def _fill(dice: random.Random, pattern: str) -> str:
    brand = dice.choice(BRANDS).format(n=dice.choice([77, 88, 99, 123, 138, 303]))
    return pattern.format(
        place=dice.choice(PLACES),
        person=dice.choice(PEOPLE),
        title=dice.choice(TITLES),
        thing=dice.choice(THINGS),
        day=dice.choice(DAYS),
        brand=brand,
        n=dice.randrange(2, 90),
    )
