"""A form made from a row says which state of it was shown, so that nobody's later save undoes somebody else's."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, Self

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, FormField, HiddenField

from app.errors import Stale
from app.extensions import Base, hold


class Versioned(FlaskForm):
    """`showing` what a row holds; sent `over` it, it says so when that has changed. Pages carry `version` unseen."""

    version = HiddenField()
    stood: Self | None = None  # what the row holds now, beside what was sent

    def showing(self) -> Self:
        """Carry which state is shown."""
        self.version.data = self._digest()
        return self

    def over(self, row: Base, show: Callable[[Any], Self]) -> Self:
        """This is what was sent to be stored over `row`, which `show` shows; nobody else changes it now."""
        hold(row)
        self.stood = show(row)
        for field in self.stood.typed():
            self[field.short_name].object_data = field.data
        return self

    def validate(self, extra_validators: object = None) -> bool:
        """Raises Stale with both texts when somebody else saved meanwhile; the same sent twice is no quarrel."""
        fine: bool = super().validate(extra_validators)
        stood = self.stood
        if fine and stood and self.version.data and stood.version.data not in (self.version.data, self._digest()):
            sentence = _("Somebody else saved this meanwhile. Nothing of yours is stored.")
            raise Stale(sentence, stood.text(), self.text())
        return fine

    def typed(self) -> list[Field]:
        return [field for field in self if not isinstance(field, HiddenField)]

    def _digest(self) -> str:
        values = [(field.short_name, _kept(field)) for field in self.typed()]
        return sha256(repr(values).encode()).hexdigest()[:16]

    def text(self) -> str:
        """Every field that holds something, in words."""
        return "\n".join(f"{field.label.text}: {_said(field)}" for field in self.typed() if _kept(field))


def _kept(field: Field) -> object:
    """What would be stored; of a list its lines that say something."""
    if isinstance(field, FieldList):
        lines = [[_kept(each) for each in _shown(line)] for line in field]
        return [line for line in lines if any(line)]
    return "" if field.data is None else str(field.data)


def _shown(line: FormField) -> list[Field]:
    return [field for field in line.form if not isinstance(field, HiddenField)]


def _said(field: Field) -> str:
    """A choice by its name, a tick as yes, a list line by line."""
    if isinstance(field, FieldList):
        lines = [", ".join(_said(each) for each in _shown(line) if each.data) for line in field]
        return "; ".join(line for line in lines if line)
    if field.data is True:
        return _("yes")
    choices = {str(choice.value): choice.label for choice in getattr(field, "choices", None) or ()}
    return str(choices.get(str(field.data), field.data))
