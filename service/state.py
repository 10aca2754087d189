"""What one application holds beside its routes; views ask for it here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app

from model import Classifier, Report
from service.keys import Keys
from service.limits import Gate
from service.models import Models
from service.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the service uses; ``probe`` returns None while it is well, or else what is wrong.

    Without what is ``required`` the service is not ready; without anything else it is, and says what is wrong.
    """

    name: str
    probe: Callable[[], str | None]
    required: bool = True


@dataclass(frozen=True, slots=True)
class State:
    """The parts of a running service.

    `/readyz` asks ``checks``. ``listeners`` are called with every report, in the thread of the request that caused it; what they raise is
    logged and harms no answer.
    """

    settings: Settings
    models: Models
    keys: Keys
    gate: Gate
    checks: list[Check] = field(default_factory=list)
    listeners: list[Callable[[Report], None]] = field(default_factory=list)


def state() -> State:
    """Return the state of the application that answers the current request."""
    held: State = current_app.extensions["saring"]
    return held


def classifier() -> Classifier:
    """Return the model in use. A request asks once and keeps what it got: the next may get a newer one."""
    return state().models.current
