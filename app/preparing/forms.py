"""What people type who prepare or host a meeting."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TelField, TextAreaField
from wtforms.validators import Length, Optional, Regexp

from app.edge.versions import Versioned
from app.networks.forms import RoomForm, text
from app.text import clean, one_line


class ProgrammeForm(Versioned):
    topic = StringField(_l("Topic, in one line"), filters=[one_line], validators=[Length(max=200)])
    open_agenda = BooleanField(_l("Open agenda: we decide on the spot"))
    question = text(_l("A question to think about beforehand"), 300)
    place = text(_l("Where it is"), 300)
    link = StringField(
        _l("Link for the call"),
        filters=[one_line],
        validators=[
            Optional(),
            Length(max=500),
            Regexp(r"^https?://", message=_l("A link begins with https://.")),
        ],
    )
    running_order = TextAreaField(
        _l("Programme"), filters=[clean], validators=[Length(max=10_000)], render_kw={"rows": 12}
    )


class PlaceForm(RoomForm):
    """The room of a meeting, and who answers the telephone on the day."""

    phone = TelField(_l("Your telephone number, for the day"), filters=[clean], validators=[Length(max=40)])
