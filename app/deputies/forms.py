"""Who stands in for whom, and when."""

from collections.abc import Iterable
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectChoice, SelectField, ValidationError

from app.networks.forms import day
from app.networks.models import Role


def _key(role: Role) -> str:
    return f"{role.programme_id}-{role.person_id}"


class DeputyForm(FlaskForm):
    manager = SelectField(_l("Who is away"))
    deputy = SelectField(_l("Who stands in"))
    first = day(_l("From"), required=True)
    last = day(_l("Until and including"), required=True)

    def __init__(self, away: Iterable[Role], colleagues: Iterable[Role], today: date, **values: object) -> None:
        super().__init__(**values)
        self.today, self.away = today, {_key(role): role for role in away}
        self.colleagues = {_key(role): role for role in colleagues}
        self.manager.choices = [SelectChoice(key, _name(role)) for key, role in self.away.items()]
        self.deputy.choices = [SelectChoice(key, _name(role)) for key, role in self.colleagues.items()]

    def validate_last(self, field: DateField) -> None:
        if self.first.data and field.data and field.data < self.first.data:
            raise ValidationError(_l("The last day lies before the first."))
        if field.data and field.data < self.today:
            raise ValidationError(_l("This day is over."))

    def validate_deputy(self, field: SelectField) -> None:
        away, deputy = self.away.get(self.manager.data), self.colleagues.get(field.data)
        if away and deputy and away.person_id == deputy.person_id:
            raise ValidationError(_l("Nobody stands in for themselves."))
        if away and deputy and away.programme_id != deputy.programme_id:
            raise ValidationError(_l("Choose a manager of the same programme."))

    @property
    def pair(self) -> tuple[Role, Role]:
        return self.away[self.manager.data], self.colleagues[self.deputy.data]


def _name(role: Role) -> str:
    return f"{role.person.name or role.person.email} – {role.programme.name}"
