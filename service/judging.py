"""Judging one submission for whoever sent it over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import Future
from contextlib import ExitStack

from flask import current_app
from werkzeug.exceptions import ServiceUnavailable

from model import Classifier, Report
from service import metrics
from service.limits import RETRY_SECONDS, Deadline
from service.state import State
from service.submissions import Submission

# An article of fewer characters is judged in a fraction of a second, whatever it holds; longer ones have a clock beside them.
LONG = 2**17


def judge(state: State, classifier: Classifier, submission: Submission) -> Report:
    """Return the report on a submission after it was counted and everyone who listens has heard of it."""
    report = judge_uncounted(state, classifier, submission)
    metrics.count_reports([report])
    return report


def judge_uncounted(state: State, classifier: Classifier, submission: Submission) -> Report:
    """Do as `judge` does for a caller who counts many reports together."""
    return _tell(state, classifier.classify(submission.article, submission.threshold))


def judge_in_time(state: State, classifier: Classifier, submission: Submission, deadline: Deadline, place: ExitStack) -> Report:
    """Do as `judge` does, but wait for no longer than `deadline`.

    A long article cannot be left half judged: the thread that judges it goes on after the caller was told, and gives back the `place`
    that it takes among the requests only when it is done.

    Raises
    ------
    werkzeug.exceptions.ServiceUnavailable
        If it is not judged in time.
    """
    if len(submission.article.text) < LONG:
        return judge(state, classifier, submission)
    outcome: Future[Report] = Future()
    threading.Thread(target=_classify, args=(classifier, submission, outcome), name="saring-long-article", daemon=True).start()
    try:
        report = outcome.result(deadline.left())
    except TimeoutError:
        held = place.pop_all()
        outcome.add_done_callback(lambda _: held.close())
        raise ServiceUnavailable(
            f"An article of {len(submission.article.text)} characters was not judged within {deadline.seconds:g} seconds; "
            "send a shorter one, or try again.",
            retry_after=RETRY_SECONDS,
        ) from None
    metrics.count_reports([report])
    return _tell(state, report)


def _classify(classifier: Classifier, submission: Submission, outcome: Future[Report]) -> None:
    try:
        outcome.set_result(classifier.classify(submission.article, submission.threshold))
    except Exception as error:  # it is raised where the report is waited for
        outcome.set_exception(error)


def _tell(state: State, report: Report) -> Report:
    for listener in state.listeners:
        try:
            listener(report)
        except Exception:
            current_app.logger.exception("a listener failed")
    return report
