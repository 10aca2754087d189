"""Judging one submission for whoever sent it over HTTP."""

from __future__ import annotations

from flask import current_app

from model import Classifier, Report
from service import metrics
from service.state import State
from service.submissions import Submission


def judge(state: State, classifier: Classifier, submission: Submission) -> Report:
    """Return the report on a submission after everyone who listens has heard of it."""
    report = classifier.classify(submission.article, submission.threshold)
    metrics.count_report(report)
    for listener in state.listeners:
        try:
            listener(report)
        except Exception:
            current_app.logger.exception("a listener failed")
    return report
