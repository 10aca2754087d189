"""The report of a retraining: one self-contained page for people, ``metrics.json`` for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from training.card import reliability_plot
from training.checks import Checked
from training.data import LabelledArticle
from training.retrain import Outcome

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(folder: Path, outcome: Outcome, labels: Checked, seeds: Sequence[LabelledArticle], published: str) -> None:
    """Write ``report.html`` and ``metrics.json``; ``published`` says in one sentence what was done with the challenger."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = outcome.challenger.manifest
    metrics: dict[str, Any] = {
        "champion": outcome.champion.manifest.version,
        "challenger": manifest.version,
        "accepted": outcome.decision.accepted,
        "published": published,
        "reasons": list(outcome.decision.reasons),
        "figures": [asdict(figure) for figure in outcome.decision.figures],
        "out_of_fold": dict(manifest.figures),
        "data": {
            "seeds": len(seeds),
            "labels": len(labels.articles),
            "trained_on": outcome.trained_on,
            "frozen": outcome.frozen,
            "problems": labels.counts(),
        },
    }
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    page = environment.get_template("retrain.html").render(
        metrics=metrics,
        figures=outcome.decision.figures,
        suspects=outcome.suspects[:50],
        changed=outcome.changed,
        problems=labels.problems[:100],
        created=manifest.created,
        plot=Markup(reliability_plot(list(manifest.figures["reliability"]))),  # noqa: S704 - drawn from numbers alone
    )
    (folder / "report.html").write_text(page, encoding="utf-8")
