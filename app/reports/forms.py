"""What a manager writes above the report of a year."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length

from app.edge.versions import Versioned
from app.text import clean


class WordsForm(Versioned):
    words = TextAreaField(
        _l("In your own words"), filters=[clean], validators=[Length(max=10_000)], render_kw={"rows": 8}
    )
