"""What people confirm about their data, how long a programme keeps things, and what of the log is looked for."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.edge.bounds import row_number
from app.edge.versions import Versioned
from app.networks.forms import day
from app.networks.models import Network
from app.people.models import Person


class EraseForm(FlaskForm):
    sure = BooleanField(
        _l("I understand that this cannot be taken back"), validators=[InputRequired(_l("Tick the box first."))]
    )


def _months(label: object, least: int = 1) -> IntegerField:
    sentence = _l("From %(least)s to 120 months.", least=least)
    return IntegerField(label, validators=[NumberRange(least, 120, sentence)])


class RetentionForm(Versioned):
    keep_people = _months(_l("Months after which people who take part no more are erased"))
    keep_answers = _months(_l("Months after which answers to meetings go"))
    keep_mails = _months(_l("Months after which the log of mails goes"), 3)


def _number(text: object) -> int:
    return row_number(text) if text else 0


class LogForm(FlaskForm):
    """Read from the address: it changes nothing."""

    class Meta:
        csrf = False

    network = SelectField(_l("Network"), coerce=_number, default="")
    person = SelectField(_l("Who"), coerce=_number, default="")
    first = day(_l("From"))
    last = day(_l("Until and including"))

    def __init__(self, asked: object, networks: Iterable[Network], people: Iterable[Person]) -> None:
        super().__init__(asked)
        for field, rows in ((self.network, networks), (self.person, people)):
            everything = SelectChoice("", _l("All"))
            field.choices = [everything, *(SelectChoice(str(each.id), each.name) for each in rows)]
