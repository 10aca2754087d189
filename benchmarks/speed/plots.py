"""Figures as SVG, drawn with Matplotlib."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("svg")
mpl.rcParams["svg.hashsalt"] = "saring"  # the same figures give the same file

from matplotlib import pyplot as plt  # noqa: E402

COLOURS = ("#b3261e", "#1f6feb", "#8a8f98", "#2e7d32")
MARKERS = "osD^"


def plot_rates(results: Mapping[str, Any], path: Path) -> None:
    """Draw MB/s of every method, on a logarithmic scale."""
    rates = {row["method"]: row["MB/s"]["median"] for row in results["methods"]}
    figure, axes = plt.subplots(figsize=(7, 2.4), layout="constrained")
    bars = axes.barh(list(rates)[::-1], list(rates.values())[::-1], color=["#8a8f98"] * (len(rates) - 1) + ["#b3261e"])
    axes.bar_label(bars, fmt="%.3g", padding=3)
    axes.set_xscale("log")
    axes.set_xlabel("MB/s on one core (median of the runs)")
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.15)
    _save(figure, path)


def plot_growth(results: Mapping[str, Any], path: Path) -> None:
    """Draw what a byte costs in texts of different kinds and sizes."""
    figure, axes = plt.subplots(figsize=(7, 3.2), layout="constrained")
    for (name, points), colour, marker in zip(results["growth"].items(), COLOURS, MARKERS, strict=True):
        axes.plot([point["bytes"] for point in points], [point["cost"] for point in points], marker=marker, color=colour, label=name)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("bytes of text")
    axes.set_ylabel("ns a byte")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def _save(figure: plt.Figure, path: Path) -> None:
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
