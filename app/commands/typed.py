"""What stands in the definition of a command: a year near the present one, and what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from app.edge.bounds import years


class Year(click.IntRange):
    """A year near the present one, as the pages take it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        self.min, self.max = min(years()), max(years())
        return int(super().convert(value, param, ctx))


YEAR = Year()


@dataclass(frozen=True)
class Work:
    """What a command does: the function "module:name", loaded when it is called."""

    where: str
    alone: bool = False  # it needs no application

    def function(self) -> Callable[..., object]:
        module, _, name = self.where.partition(":")
        found: Callable[..., object] = getattr(import_module(module), name)
        return found

    def __call__(self, **given: object) -> object:
        return (
            self.function()(**given)
            if self.alone
            else import_module("app.commands.installation").run(self.function(), given)
        )
