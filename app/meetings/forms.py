"""What people type about a meeting."""

import re

from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import DataRequired, NumberRange, Optional

from app.edge.versions import Versioned
from app.networks.forms import day, text
from app.planning.forms import MEETING_MODES


class MeetingForm(Versioned):
    """A published meeting changed by hand: another day, place, mode or host."""

    date = day(_l("Day"), required=True)
    start = TimeField(_l("Starts at"), validators=[DataRequired(_l("A time like 13:30."))])
    minutes = IntegerField(_l("Minutes"), validators=[NumberRange(15, 720, _l("From 15 minutes to 12 hours."))])
    mode = SelectField(_l("How"), choices=MEETING_MODES)
    host = SelectField(_l("Host"), validators=[Optional()])
    room_id = SelectField(_l("Room"), validators=[Optional()])
    place = text(_l("Another place"), 300)
    link = text(_l("Video link"), 500)
    reason = text(_l("One line why, for the mails"), 200)

    def validate_link(self, field: StringField) -> None:
        if field.data and not re.match(r"^https?://", field.data):
            raise ValidationError(_l("A link begins with https://."))
