"""Progress on a terminal: a bar with the time left on whatever takes over two seconds, and nothing where nobody looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from tqdm import tqdm

PATIENCE = 2.0  # seconds

T = TypeVar("T")
Step = Callable[[str, float], None]


def track(items: Iterable[T], what: str, total: int | None = None) -> Iterable[T]:
    """Pass `items` on, and show how many of them are done."""
    return tqdm(items, what, total, delay=PATIENCE, disable=None, leave=False, dynamic_ncols=True)


@contextmanager
def steps(what: str, total: float, *, shown: bool) -> Iterator[Step]:
    """Show one bar for steps of unequal length: call what is given with the name of a step before it and its share of `total`."""
    form = "{l_bar}{bar}| {elapsed} gone, {remaining} left"
    with tqdm(total=total, desc=what, bar_format=form, disable=None if shown else True, leave=False, dynamic_ncols=True) as bar:
        pending = 0.0

        def step(name: str, share: float) -> None:
            nonlocal pending
            bar.update(pending)
            bar.set_description(f"{what}: {name}")
            pending = share

        yield step
        bar.update(pending)
