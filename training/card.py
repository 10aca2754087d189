"""The model card: MODEL_CARD.md and its reliability plot, written from a model's manifest and a holdout."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from model.artifact import Manifest

_TEMPLATES = Path(__file__).parent / "templates"
SIZE, MARGIN = 320, 40  # of the plot, in pixels


def render_card(manifest: Manifest, confusion: dict[str, dict[str, int]], tricks: dict[str, float], size: int) -> str:
    """Return the card as Markdown; ``size`` is that of the weights in bytes."""
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), trim_blocks=True, lstrip_blocks=True, autoescape=False)  # noqa: S701
    return environment.get_template("card.md").render(
        model=manifest, figures=manifest.figures, confusion=confusion, tricks=tricks, megabytes=size / 1e6
    )


def reliability_plot(bins: list[list[float]]) -> str:
    """Return an SVG of the share of spam against the mean score of each bin, with the diagonal that both should meet."""
    inner = SIZE - 2 * MARGIN

    def at(score: float, share: float) -> str:
        return f"{MARGIN + score * inner:.1f},{SIZE - MARGIN - share * inner:.1f}"

    points = " ".join(at(score, share) for score, share, _ in bins)
    dots = "".join(
        f'<circle cx="{at(s, p).split(",")[0]}" cy="{at(s, p).split(",")[1]}" r="{3 + 8 * w**0.5:.1f}" fill="#0b5c8a" opacity=".7"/>'
        for s, p, w in bins
    )
    labels = "".join(
        f'<text x="{MARGIN + v * inner}" y="{SIZE - MARGIN + 16}" text-anchor="middle">{v}</text>'
        f'<text x="{MARGIN - 6}" y="{SIZE - MARGIN - v * inner + 4}" text-anchor="end">{v}</text>'
        for v in (0, 0.5, 1)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" width="{SIZE}" height="{SIZE}" '
        'font-family="sans-serif" font-size="11" fill="#333"><rect width="100%" height="100%" fill="#fff"/>'
        f'<polyline points="{at(0, 0)} {at(1, 1)}" stroke="#999" stroke-dasharray="4 4" fill="none"/>'
        f'<polyline points="{points}" stroke="#0b5c8a" fill="none"/>{dots}{labels}'
        f'<text x="{SIZE / 2}" y="{SIZE - 6}" text-anchor="middle">score</text>'
        f'<text x="12" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 {SIZE / 2})">share of injected lines</text></svg>\n'
    )
