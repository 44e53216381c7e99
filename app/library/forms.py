"""An address, what it is and where it belongs."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import URLField
from wtforms.validators import DataRequired, Length, Regexp

from app.library.queries import ADDRESS, LONGEST
from app.networks.forms import text
from app.text import one_line


class AboutForm(FlaskForm):
    title = text(_l("What it is"), 200, required=True, autocomplete="off")
    theme = text(_l("Theme"), 60, list="themes", autocomplete="off")


class LinkForm(AboutForm):
    url = URLField(
        _l("Address"),
        filters=[one_line],
        validators=[
            DataRequired(_l("Please fill this in.")),
            Length(max=LONGEST),
            Regexp(rf"{ADDRESS.pattern}$", ADDRESS.flags, message=_l("A link begins with https://.")),
        ],
    )
