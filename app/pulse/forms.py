"""Two questions and a sentence."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectChoice
from wtforms.validators import InputRequired

from app.networks.forms import text

FIVE = [SelectChoice(n, str(n)) for n in range(1, 6)]


def _from_one_to_five(label: object) -> RadioField:
    return RadioField(label, choices=FIVE, coerce=int, validators=[InputRequired(_l("Please choose a number."))])


class PulseForm(FlaskForm):
    atmosphere = _from_one_to_five(_l("How was it to be there? (1 = not good, 5 = very good)"))
    goal = _from_one_to_five(_l("How far did it bring us? (1 = not at all, 5 = very far)"))
    sentence = text(_l("One sentence, if you like"), 300)
