"""What people type about a meeting that has been."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField, SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.networks.forms import text
from app.text import clean
from app.versions import Versioned

FIVE = [SelectChoice(n, str(n)) for n in range(1, 6)]


def _lines(label: object, rows: int) -> TextAreaField:
    limits = [Optional(), Length(max=4000, message=_l("Please keep it below 4,000 characters."))]
    return TextAreaField(label, filters=[clean], validators=limits, render_kw={"rows": rows})


class ResultForm(Versioned):
    outcomes = _lines(_l("What came out of it"), 4)
    agreements = _lines(_l("What was agreed"), 3)
    next_time = text(_l("One line for who prepares next"), 300)
    attended = IntegerField(
        _l("How many people were there"), validators=[Optional(), NumberRange(0, 5000, _l("From 0 to 5000."))]
    )

    @property
    def texts(self) -> dict[str, str]:
        return {name: self[name].data or "" for name in ("outcomes", "agreements", "next_time")}


class EvaluationForm(FlaskForm):
    atmosphere = RadioField(
        _l("How was it to be there? (1 = not good, 5 = very good)"),
        choices=FIVE, coerce=int, validators=[InputRequired(_l("Please choose a number."))],
    )  # fmt: skip
    goal = RadioField(
        _l("How far did it bring us? (1 = not at all, 5 = very far)"),
        choices=FIVE, coerce=int, validators=[InputRequired(_l("Please choose a number."))],
    )  # fmt: skip
