"""What people type about a meeting that has been."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import Length, NumberRange, Optional, Regexp

from app.edge.versions import Versioned
from app.meetings.models import Meeting
from app.networks.forms import day, text
from app.networks.models import Organisation
from app.results.actions import RECORDED_FOR, Agreed, Notes
from app.results.models import Agreement, Result
from app.text import by_name, clean, one_line

EMPTY_LINES, MOST_LINES = 2, 20


def _lines(label: object, rows: int) -> TextAreaField:
    limits = [Optional(), Length(max=4000, message=_l("Please keep it below 4,000 characters."))]
    return TextAreaField(label, filters=[clean], validators=limits, render_kw={"rows": rows})


class AgreementForm(Form):
    """One line; an empty text leaves it out."""

    id = HiddenField()
    text = text(_l("What"), 300)
    organisation = SelectField(_l("Who"), coerce=str)
    due = day(_l("By when"), back=50)


class ResultForm(Versioned):
    outcomes = _lines(_l("What came out of it"), 4)
    agreements = FieldList(FormField(AgreementForm), max_entries=MOST_LINES)
    next_time = text(_l("One line for who prepares next"), 300)
    attended = IntegerField(
        _l("How many people were there"), validators=[Optional(), NumberRange(0, 5000, _l("From 0 to 5000."))]
    )
    recording = URLField(
        _l("Link to the recording"),
        filters=[clean],
        validators=[Optional(), Length(max=500), Regexp(r"^https?://", message=_l("A link begins with https://."))],
    )
    recording_until = day(_l("Last day of the recording"))
    recording_consent = StringField(
        _l("Who agreed that it was recorded"), filters=[one_line], validators=[Length(max=300)]
    )

    def validate_recording_consent(self, field: Any) -> None:
        if self.recording.data and not field.data:
            raise ValidationError(_("Please say in one line who agreed; without that a recording is not shown."))

    def offering(self, organisations: Iterable[Organisation]) -> "ResultForm":
        """With the members an agreement can be about."""
        names = sorted(((str(each.id), each.name) for each in organisations), key=lambda each: by_name(each[1]))
        choices = [SelectChoice("", _("everybody")), *(SelectChoice(*each) for each in names)]
        for line in self.agreements:
            line.form.organisation.choices = choices
        return self

    @property
    def notes(self) -> Notes:
        """What was typed, in the words of the action."""
        lines = [line.form for line in self.agreements if line.form.text.data]
        return Notes(
            outcomes=self.outcomes.data or "",
            next_time=self.next_time.data or "",
            attended=self.attended.data,
            recording=self.recording.data or "",
            recording_until=self.recording_until.data,
            recording_consent=self.recording_consent.data or "",
            agreements=[
                Agreed(
                    text=line.text.data,
                    organisation_id=int(line.organisation.data) if line.organisation.data else None,
                    due=line.due.data,
                    number=int(line.id.data) if str(line.id.data).isdigit() else None,
                )
                for line in lines
            ],
        )


def form_of(meeting: Meeting, result: Result | None, agreed: Iterable[Agreement]) -> ResultForm:
    """The form as the notes stand, with empty lines for more."""
    lines = [
        {"id": row.id, "text": row.text, "organisation": str(row.organisation_id or ""), "due": row.due}
        for row in agreed
    ]
    names = ("outcomes", "next_time", "recording", "recording_until", "recording_consent")
    values = {name: getattr(result, name, None) for name in names}
    return ResultForm(
        formdata=None,
        attended=meeting.attended,
        agreements=[*lines, *[{"text": ""} for _n in range(EMPTY_LINES)]][:MOST_LINES],
        **values | {"recording_until": values["recording_until"] or meeting.day + RECORDED_FOR},
    )
