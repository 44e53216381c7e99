"""What a manager may change about a planned mail."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.text import clean, one_line


class TextForm(FlaskForm):
    subject = StringField(_l("Subject; empty keeps ours"), filters=[one_line], validators=[Length(max=200)])
    note = TextAreaField(
        _l("A note above the text"), filters=[clean], validators=[Length(max=2000)], render_kw={"rows": 4}
    )


AUDIENCES = [
    SelectChoice("all", _l("Everybody in the network")),
    SelectChoice("duty", _l("Who has a turn in the coming year")),
]
FILLED_IN = InputRequired(_l("Please fill this in."))


class WriteForm(FlaskForm):
    to_network = SelectField(_l("Network"))
    audience = SelectField(_l("To whom"), choices=AUDIENCES)
    subject = StringField(_l("Subject"), filters=[one_line], validators=[FILLED_IN, Length(max=200)])
    text = TextAreaField(
        _l("Message"),
        filters=[clean],
        validators=[FILLED_IN, Length(max=5000)],
        render_kw={"rows": 6},
    )
