"""The progress of long work: on the standard error if it is a terminal, and nowhere else.

Results know nothing of it.  Functions that take long have an argument ``track``, which wraps what
they iterate over.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final, TypeVar

from kafkatco.cli.language import translated

if TYPE_CHECKING:
    from rich.progress import Progress

__all__ = ["begin", "end", "ending", "tracking"]

T = TypeVar("T")
_RUNNING: Final[ContextVar[Progress | None]] = ContextVar("running", default=None)


def begin(label: str) -> None:
    """Show that work is being done, until :func:`end`."""
    end()
    if sys.stderr is None or not sys.stderr.isatty():
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn()
    progress = Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    progress.add_task(translated(label), total=None)
    _RUNNING.set(progress)  # first, so that a Ctrl-C while it starts ends it too
    progress.start()


def end() -> None:
    """Remove the progress from the screen, before anything else is printed."""
    progress = _RUNNING.get()
    if progress is not None:
        _RUNNING.set(None)
        progress.stop()


@contextmanager
def ending() -> Iterator[None]:
    """Leave the terminal clean, however the work ends."""
    try:
        yield
    finally:
        end()


def tracking(label: str) -> Callable[[Collection[T]], Iterable[T]]:
    """Return a wrapper of a collection that shows how many of its items are done."""

    def track(items: Collection[T]) -> Iterable[T]:
        progress = _RUNNING.get()
        if progress is None:
            return items
        for task in progress.tasks:
            progress.update(task.id, visible=False)
        return _counted(progress, items, translated(label))

    return track


def _counted(progress: Progress, items: Collection[T], label: str) -> Iterator[T]:
    # rich's own track() starts a thread, which in older versions outlives abandoned work
    task = progress.add_task(label, total=len(items))
    for item in items:
        yield item
        progress.advance(task)
