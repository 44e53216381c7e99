"""A topic in one line, and one chosen for a meeting."""

from collections.abc import Collection, Iterable

from flask import request
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, ValidationError

from app.edge.bounds import row_number
from app.meetings import phrases
from app.meetings.models import Meeting
from app.networks.forms import text
from app.topics.queries import Wished


class TopicForm(FlaskForm):
    title = text(_l("Topic, in one line"), 200, required=True, maxlength=200, autocomplete="off")


class ChoiceForm(FlaskForm):
    meeting = SelectField(_l("Meeting"), coerce=int, validate_choice=False)
    topic = SelectField(_l("Topic"), coerce=int, validate_choice=False)

    def offer(self, meetings: Iterable[Meeting], topics: Iterable[Wished]) -> None:
        """Only these can be chosen."""
        self.meeting.choices = [(each.id, phrases.full_day(each.local_start)) for each in meetings]
        self.topic.choices = [(each.topic.id, each.topic.title) for each in topics]

    def validate_meeting(self, field: SelectField) -> None:
        _offered(field)

    def validate_topic(self, field: SelectField) -> None:
        _offered(field)


def _offered(field: SelectField) -> None:
    if field.data not in dict(field.choices):
        raise ValidationError(_l("This cannot be chosen any more. Please choose again."))


def chosen(meetings: Collection[int]) -> dict[int, str]:
    """{meeting: topic} as the link in a mail chose it, or a form that is not saved yet."""
    linked = request.args.get("meeting", type=row_number)
    return {
        number: request.form.get(f"choice-{number}") or (request.args.get("topic", "") if number == linked else "")
        for number in meetings
    }
