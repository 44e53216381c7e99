"""Who takes over: somebody who manages here already, or somebody new where the page offers that."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, ValidationError

from app.edge.bounds import row_number
from app.networks.forms import text
from app.people.forms import email_field
from app.people.models import Person

NEW = 0


class SuccessorForm(FlaskForm):
    """`successors`: who may be chosen. `anybody`: whether a name and an address will do, too."""

    successor = SelectField(_l("Who takes over"), coerce=row_number)
    first_name = text(_l("First name"), 100)
    last_name = text(_l("Last name"), 100)
    email = email_field(_l("E-mail address"), required=False)

    def __init__(self, successors: Sequence[Person], *, anybody: bool, **values: object) -> None:
        super().__init__(**values)
        new = [SelectChoice(NEW, _l("somebody new, named below"))] if anybody else []
        self.successor.choices = [*(SelectChoice(each.id, each.name or each.email) for each in successors), *new]
        if not anybody:
            del self.first_name, self.last_name, self.email

    def validate_successor(self, field: SelectField) -> None:
        if field.data == NEW and self.email and not (self.first_name.data and self.email.data):
            raise ValidationError(_l("Fill in the name and the address below, too."))
