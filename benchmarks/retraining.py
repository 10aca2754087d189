"""What retraining costs: time and peak memory with 125,000 to 1,000,000 labelled lines beside the seeds.

    python -m benchmarks.retraining                    # prints a table; --json FILE writes it for programs too
    python -m benchmarks.retraining --sizes 10000      # one size alone

The lines are made up: sentences of common words with names of places, persons and brands in them, one in four of them spam. Every
size is the whole of ``python -m training retrain`` (reading, checks, fit, comparison, report) in a process of its own.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from subprocess import DEVNULL, Popen

import click

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.brands import brand, cased
from training.compose import Mixture, vary_spam

ROOT = Path(__file__).parent.parent
REFUSED = 3  # exit status of a challenger that is no better, which is a good end of a benchmark
_SUBJECTS = "petani pedagang warga pelajar nelayan guru perawat sopir pengrajin wartawan peneliti relawan pembeli petugas penyuluh".split()
_VERBS = "membawa menata membeli menjual memeriksa mencatat merawat menghitung mengangkut memperbaiki menunggu membagikan".split()
_THINGS = "beras cabai buku perahu jaring bibit kursi obat jalan jembatan sepeda pupuk ikan kopi genteng kain bawang lampu".split()
_PLACES = "Sumberjati Wonoasih Karangmulya Tanjungsari Margorejo Banyuputih Sidodadi Purwoharjo Kalirejo Mekarsari Cibeureum".split()
_TIMES = "pagi siang sore malam kemarin lusa pekan bulan tahun musim".split()
_OFFERS = "bonus deposit gacor maxwin daftar situs slot togel link resmi login alternatif jackpot scatter promo rtp terpercaya".split()


def lines(count: int, seed: int = 0) -> Iterator[dict[str, str]]:
    """Yield labelled lines, no two alike, in groups of about ten."""
    random = Random(seed)
    seen: set[str] = set()
    while len(seen) < count:
        spam = random.random() < 0.25
        text = _spam(random) if spam else _clean(random)
        if text not in seen:
            seen.add(text)
            label = ("promotion" if random.random() < 0.1 else "gambling") if spam else "clean"
            yield {"text": text, "label": label, "lang": "id", "group": f"made-up-{random.randrange(max(count // 10, 1))}"}


def _clean(random: Random) -> str:
    words = (random.choice(_SUBJECTS), random.choice(_VERBS), str(random.randint(2, 990)), random.choice(_THINGS))
    return f"{random.choice(_PLACES)}: {' '.join(words)} {random.choice(_TIMES)} {random.randint(1, 28)}/{random.randint(1, 12)}"


def _spam(random: Random) -> str:
    offer = " ".join(random.sample(_OFFERS, random.randint(1, 4)))
    return vary_spam(f"{cased(brand(random), random)} {offer}", random, Mixture())


@click.command()
@click.option("--sizes", default="125000,250000,500000,1000000", show_default=True, help="How many labelled lines, with commas between.")
@click.option("--json", "output", type=click.Path(path_type=Path, dir_okay=False), help="Write the table here, too.")
def main(sizes: str, output: Path | None) -> None:
    """Retrain with labelled lines of several numbers and print time and peak memory."""
    results = []
    for size in map(int, sizes.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            results.append(_measure(Path(folder), size))
        click.echo(f"{size:>10,} lines  {results[-1]['seconds']:8.0f} s  {results[-1]['megabytes']:8.0f} MB", err=True)
    click.echo(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n")
    click.echo("| labelled lines | seconds | CPU seconds | µs a line more | peak memory, MB |\n|---:|---:|---:|---:|---:|")
    for before, row in zip([None, *results], results, strict=False):
        more = f"{1e6 * (row['seconds'] - before['seconds']) / (row['lines'] - before['lines']):.0f}" if before else ""
        click.echo(f"| {row['lines']:,} | {row['seconds']:.0f} | {row['cpu_seconds']:.0f} | {more} | {row['megabytes']:.0f} |")
    if output is not None:
        output.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _measure(folder: Path, size: int) -> dict[str, float]:
    labels = folder / "labels.jsonl"
    with labels.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in lines(size))
    command = [sys.executable, "-m", "training", "retrain", "--labels", str(labels), "--champion", str(ROOT / "model" / "default")]
    command += ["--registry", str(folder / "models"), "--report", str(folder / "report")]
    start = time.perf_counter()
    # wait4 gives the peak of this child alone.
    _, status, usage = os.wait4(Popen(command, cwd=ROOT, stdout=DEVNULL).pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, REFUSED):
        raise click.ClickException(f"retraining on {size} lines ended with status {os.waitstatus_to_exitcode(status)}")
    return {"lines": size, "seconds": seconds, "cpu_seconds": usage.ru_utime + usage.ru_stime, "megabytes": usage.ru_maxrss / 1024}


if __name__ == "__main__":
    main()
