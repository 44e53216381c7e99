"""What a manager may change about a planned mail."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from app.text import clean, one_line


class TextForm(FlaskForm):
    subject = StringField(_l("Subject; empty keeps ours"), filters=[one_line], validators=[Length(max=200)])
    note = TextAreaField(
        _l("A note above the text"), filters=[clean], validators=[Length(max=2000)], render_kw={"rows": 4}
    )
