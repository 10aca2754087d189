"""Figures as SVG, drawn with Matplotlib."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "saring"  # the same figures give the same file

from matplotlib import pyplot as plt  # noqa: E402


def plot_rates(rates: Mapping[str, float], path: Path) -> None:
    """Draw MB/s of every method, on a logarithmic scale."""
    figure, axes = plt.subplots(figsize=(7, 2.4), layout="constrained")
    bars = axes.barh(list(rates)[::-1], list(rates.values())[::-1], color=["#8a8f98"] * (len(rates) - 1) + ["#b3261e"])
    axes.bar_label(bars, fmt="%.3g", padding=3)
    axes.set_xscale("log")
    axes.set_xlabel("MB/s on one core (median of the runs)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.15)
    _save(figure, path)


def plot_growth(points: Sequence[tuple[int, float]], path: Path) -> None:
    """Draw what a byte costs in texts of different sizes."""
    figure, axes = plt.subplots(figsize=(7, 2.8), layout="constrained")
    axes.plot([size for size, _ in points], [cost for _, cost in points], marker="o", color="#b3261e")
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("bytes of text")
    axes.set_ylabel("ns a byte")
    axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
