"""Messages that wait in the session for the next page, each with the decision that it offers to undo."""

from __future__ import annotations

from typing import Literal, NamedTuple

from flask import flash, get_flashed_messages


class Message(NamedTuple):
    """``decision`` is what its button undoes, None if there is nothing to undo."""

    kind: Literal["good", "bad"]
    text: str
    decision: int | None


def leave(text: str, decision: int | None = None, *, bad: bool = False) -> None:
    """Leave a message for the next page."""
    flash(f"{'' if decision is None else decision} {text}", "bad" if bad else "good")


def taken() -> list[Message]:
    """Take the messages that wait."""
    messages = []
    for kind, message in get_flashed_messages(with_categories=True):
        decision, _, text = message.partition(" ")
        messages.append(Message(kind, text, int(decision) if decision else None))
    return messages
