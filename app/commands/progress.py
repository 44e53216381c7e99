"""How far a command is, for whoever watches it: a bar on a terminal, nothing in a pipe. And lines for both."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

Tell = Callable[[str, int, int], None]  # what it does, how much is done, of how much (0: nobody knows)
WHOLE, WIDEST = 1000, 80
OUTSIDE = 30  # letters a bar's line has beside its label and what it does


def untold(_step: str, _done: int, _total: int) -> None:
    """Nobody watches."""


@contextmanager
def shown(label: str) -> Iterator[Tell]:
    """A bar on stderr while the block runs: `tell` moves it, never back."""
    bar = click.progressbar(
        length=WHOLE, label=label, file=sys.stderr, hidden=not sys.stderr.isatty(), item_show_func=_fitting, width=20
    )

    def tell(step: str, done: int, total: int) -> None:
        to = min(WHOLE, WHOLE * done // total) if total else bar.pos
        bar.update(max(0, to - bar.pos), step)
        bar.render_progress()

    with bar:
        tell("", 0, WHOLE)
        yield tell
        tell("done", WHOLE, WHOLE)


def halves(tell: Tell) -> Tell:
    """As the planner tells it: each network alone is the first half, all together the second."""

    def told(step: str, done: int, total: int) -> None:
        what = "each network alone" if step == "alone" else "all together"
        tell(what, (total if step == "together" else 0) + done, 2 * total)

    return told


def _fitting(step: str | None) -> str:
    return (step or "")[: WIDEST - OUTSIDE - 20]


def say(line: str, hang: int = 2) -> None:
    """A line on stdout: in a pipe as it is, on a terminal at most eighty columns wide, what is left over set in."""
    if sys.stdout.isatty():
        width = min(WIDEST, shutil.get_terminal_size().columns)
        line = click.wrap_text(line, width, subsequent_indent=" " * hang)
    click.echo(line)
