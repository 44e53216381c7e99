"""The first questions of a new site, and a programme's settings."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, RadioField, SelectField
from wtforms.validators import DataRequired, NumberRange

from app.edge.versions import Versioned
from app.networks.forms import regions, text
from app.people.forms import LANGUAGE_NAMES, email_field, tone


class ProgrammeForm(Versioned):
    name = text(_l("Name of the programme"), 200, required=True)
    language = RadioField(_l("Language of the programme"), choices=LANGUAGE_NAMES)
    tone = tone(_l("How people are addressed"), _l("as usual in the language"))
    region = SelectField(
        _l("Region of most networks, for holidays"), validators=[DataRequired(_l("Please choose a region."))]
    )
    sender_name = text(_l("Sender of the mails"), 200)
    sender_email = email_field(_l("Address of the sender"), required=False)
    shares_topics = BooleanField(_l("Questions may be asked of all networks of the programme"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = regions(_l("Choose a region"))


class FirstRunForm(ProgrammeForm):
    name = None
    tone = None
    shares_topics = None
    programme = text(_l("Name of your programme"), 200, required=True, autocomplete="organization")
    first_name = text(_l("Your first name"), 100, required=True, autocomplete="given-name")
    last_name = text(_l("Your last name"), 100, autocomplete="family-name")
    email = email_field(_l("Your e-mail address"))
    try_out = BooleanField(_l("Send me a test mail, so that I see how mails arrive"), default=True)


class CalendarForm(FlaskForm):
    person = SelectField(_l("Whose calendar links are in the wrong hands?"), coerce=int)


class BackupForm(Versioned):
    days = IntegerField(_l("Daily backups kept"), validators=[NumberRange(1, 366, _l("From 1 to 366."))])
    weeks = IntegerField(_l("Weekly backups kept"), validators=[NumberRange(0, 520, _l("From 0 to 520."))])
