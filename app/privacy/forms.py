"""What people confirm about their data, and how long a programme keeps things."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.edge.versions import Versioned


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
