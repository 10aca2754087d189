"""The report of a retraining: one self-contained page for people, ``metrics.json`` for programs, ``suspects.jsonl`` for reviewers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from training.checks import Checked
from training.data import LABELS, LabelledArticle
from training.data_sheet import agreement, count_rows, sites, total_by_label
from training.gate import Figure
from training.moved import moved_words
from training.plots import Series, interval, plot, precision_recall
from training.retrain import Outcome

_TEMPLATES = Path(__file__).parent / "templates"
HEADLINES = ("recall", "false alarms", "false alarms, news", "calibration error")
FAMILIES = ("language", "kind", "trick", "gold", "labels", "new labels")
DISPUTED = "reviewers labelled it in different ways"


def write_report(folder: Path, outcome: Outcome, labels: Checked, seeds: Sequence[LabelledArticle], published: str) -> None:
    """Write the files of the report; ``published`` says in one sentence what was done with the challenger."""
    folder.mkdir(parents=True, exist_ok=True)
    metrics = _metrics(outcome, labels, seeds, published)
    _write(folder / "metrics.json", json.dumps(metrics, indent=2, ensure_ascii=False) + "\n")
    again = [*(suspect.to_review() for suspect in outcome.suspects), *_disputed(labels)]
    _write(folder / "suspects.jsonl", "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in again))
    environment = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["interval"] = _interval
    _write(folder / "report.html", environment.get_template("retrain.html").render(_context(outcome, labels, seeds, metrics)))


def _write(path: Path, content: str) -> None:
    """Replace a file at once: a kill leaves the old one or the new one."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(content, encoding="utf-8")
    draft.replace(path)


def _metrics(outcome: Outcome, labels: Checked, seeds: Sequence[LabelledArticle], published: str) -> dict[str, Any]:
    manifest = outcome.challenger.manifest
    return {
        "champion": outcome.champion.manifest.version,
        "challenger": manifest.version,
        "accepted": outcome.decision.accepted,
        "published": published,
        "reasons": list(outcome.decision.reasons),
        "figures": [asdict(figure) for figure in outcome.decision.figures],
        "thresholds": {"champion": outcome.champion.manifest.threshold, "challenger": manifest.threshold},
        "out_of_fold": dict(manifest.figures),
        "data": {
            "seeds": len(seeds),
            "labels": len(labels.articles),
            "trained_on": len(outcome.trained_on),
            "frozen": outcome.frozen,
            "new_labels": len(outcome.evidence.labels),
            "problems": labels.counts(),
            "disagreements": len(labels.disagreements),
            "agreements": len(labels.agreements),
            "suspects": len(outcome.suspects),
        },
    }


def _context(outcome: Outcome, labels: Checked, seeds: Sequence[LabelledArticle], metrics: dict[str, Any]) -> dict[str, Any]:
    champion, challenger = outcome.champion, outcome.challenger.classifier
    figures = outcome.decision.figures
    risen, fallen = moved_words(champion, challenger, [row.text for row in (*labels.articles, *outcome.trained_on)])
    return {
        "metrics": metrics,
        "manifest": outcome.challenger.manifest,
        "before": champion.manifest,
        "headlines": [figure for name in HEADLINES for figure in figures if figure.name == name],
        "groups": _grouped(figures),
        "labels": LABELS,
        "rows": [("seeds", total_by_label(seeds)), ("labels", total_by_label(labels.articles))],
        "tables": [(title, count_rows(labels.articles, what)) for title, what in _COUNTED] if labels.articles else [],
        "problems": labels.problems[:100],
        "disagreements": labels.disagreements[:100],
        "pairs": agreement(labels)[:20],
        "suspects": outcome.suspects[:50],
        "changed": outcome.changed,
        "sites": sites(outcome.evidence, (champion.manifest.threshold, challenger.manifest.threshold)),
        "risen": risen,
        "fallen": fallen,
        "curves": _curves(outcome),
        "reliability": _reliability(outcome),
    }


_COUNTED = (("Language", "lang"), ("Kind", "kind"), ("Site", "source"), ("Reviewer", "reviewer"))


def _grouped(figures: Iterable[Figure]) -> list[tuple[str, list[Figure]]]:
    groups: dict[str, list[Figure]] = {}
    for figure in figures:
        family = next((name for name in FAMILIES if f", {name}" in figure.name), "overall")
        groups.setdefault(family, []).append(figure)
    titles = {"overall": "Overall", "language": "By language", "kind": "By kind", "trick": "By trick", "gold": "Gold data",
              "labels": "Frozen labels", "new labels": "New labels, out of fold"}  # fmt: skip
    return [(titles[name], groups[name]) for name in ("overall", *FAMILIES) if name in groups]


def _interval(figure: Figure) -> Markup:
    if figure.low is None or figure.high is None:
        return Markup()
    return interval(figure.low, figure.high, figure.tolerance, max(abs(figure.low), abs(figure.high), 2 * figure.tolerance))


def _curves(outcome: Outcome) -> Markup:
    series = []
    models = (("champion", outcome.champion.manifest), ("challenger", outcome.challenger.manifest))
    for (name, manifest), trials in zip(models, outcome.trials, strict=True):
        points, mark = precision_recall(trials.lines.spam, trials.lines.scores, manifest.threshold)
        series.append(Series(f"{name} {manifest.version}", name, points, [mark] if mark else []))
    return plot("Precision against recall on frozen lines", "recall", "precision", series)


def _reliability(outcome: Outcome) -> Markup:
    series = []
    for name, manifest in (("champion", outcome.champion.manifest), ("challenger", outcome.challenger.manifest)):
        bins = [(score, share) for score, share, _ in manifest.figures.get("reliability", [])]
        series.append(Series(f"{name} {manifest.version}", name, bins, bins))
    return plot("Share of injected lines against score, out of fold", "score", "share injected", series, diagonal=True)


def _disputed(labels: Checked) -> list[dict[str, object]]:
    return [
        {"text": one.text, "labels": {label: [name for name in names if name] for label, names in one.told.items()}, "why": DISPUTED}
        for one in labels.disagreements
    ]
