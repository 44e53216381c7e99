"""What an organisation says of the year to come."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import AnyOf

WORDS = ("stay", "leave", "unsure")


class StayForm(FlaskForm):
    answer = StringField(validators=[AnyOf(WORDS)])
