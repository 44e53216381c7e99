"""A topic, a question and what somebody knows about it; one chosen for a meeting."""

from collections.abc import Collection, Iterable
from typing import Self

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from app.edge.bounds import row_number
from app.meetings import phrases
from app.meetings.models import Meeting
from app.networks.forms import text
from app.networks.models import Membership, Network
from app.text import clean, one_line
from app.topics.actions import Asked
from app.topics.models import ASKING
from app.topics.queries import Wished

KINDS = [
    SelectChoice("question", _l("Question: it goes round by mail, and others answer")),
    SelectChoice("theme", _l("Topic: something to talk about at a meeting")),
    SelectChoice("dilemma", _l("Dilemma: there is something to say for both sides")),
    SelectChoice("example", _l("Example: how we do it")),
    SelectChoice("offer", _l("Offer: I can help with this")),
]
CHOICES, LONGEST_CHOICE = range(2, 9), 60
NEEDED = _l("Please fill this in.")


def _paragraphs(label: object, limit: int, *, required: bool = False, rows: int = 3) -> TextAreaField:
    needed = InputRequired(NEEDED) if required else Optional()
    return TextAreaField(label, filters=[clean], validators=[needed, Length(max=limit)], render_kw={"rows": rows})


class TopicForm(FlaskForm):
    title = text(_l("In one sentence"), 200, required=True, maxlength=200, autocomplete="off")
    kind = RadioField(_l("What is it?"), choices=KINDS, default="theme")
    why = _paragraphs(_l("Why now? A few lines, if you like"), 2000)
    brings = BooleanField(_l("We bring this in: once it is chosen, my organisation is asked to prepare that meeting"))
    shared = BooleanField(_l("Ask all networks of the programme"))
    public = BooleanField(_l("Strangers may read it too, on the public page of the programme"))
    unnamed = BooleanField(_l("Do not name me"))
    choices = _paragraphs(_l("To compare: what each organisation chooses from, one a line"), 600)

    def fitting(self, network: Network, membership: Membership | None) -> Self:
        """Without what cannot be here: other networks where the programme allows none, an organisation for who has
        none."""
        if not network.programme.shares_topics:
            del self.shared
        if not (network.programme.shares_topics and network.programme.public and network.public):
            del self.public
        if membership is None:
            del self.brings, self.unnamed
        return self

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(
            dict.fromkeys(one_line(line) or "" for line in (self.choices.data or "").splitlines() if line.strip())
        )

    def validate_choices(self, field: TextAreaField) -> None:
        if not self.lines:
            return
        if self.kind.data != "question":
            raise ValidationError(_("Only a question can be answered with a choice."))
        if len(self.lines) not in CHOICES or any(len(line) > LONGEST_CHOICE for line in self.lines):
            raise ValidationError(_("From two to eight lines, each of sixty letters at most."))

    def validate_brings(self, field: BooleanField) -> None:
        if field.data and self.unnamed.data:
            raise ValidationError(_("Who is not named cannot bring it in: that would name your organisation."))

    def validate_public(self, field: BooleanField) -> None:
        if field.data and not (self.shared and self.shared.data and self.kind.data in (*ASKING, "offer")):
            raise ValidationError(_("Strangers read questions, dilemmas and offers that all networks are asked."))

    def asked(self, membership: Membership | None) -> Asked:
        return Asked(
            title=self.title.data,
            kind=self.kind.data,
            why=self.why.data or "",
            reach="programme" if self.shared and self.shared.data else "network",
            public=bool(self.public and self.public.data),
            choices=self.lines,
            unnamed=bool(self.unnamed and self.unnamed.data),
            brings=bool(self.brings and self.brings.data),
            organisation_id=membership.organisation_id if membership else None,
        )


class TextForm(FlaskForm):
    """What its author may change for a day."""

    title = text(_l("In one sentence"), 200, required=True, maxlength=200, autocomplete="off")
    why = _paragraphs(_l("Why now? A few lines, if you like"), 2000)


class ReplyForm(FlaskForm):
    choice = RadioField(_l("What holds for your organisation?"), validate_choice=False)
    text = _paragraphs(_l("What do you know about it?"), 2000, required=True)

    def fitting(self, choices: Collection[str]) -> Self:
        """A comparison is answered with one of its choices and, if somebody likes, one line."""
        if not choices:
            del self.choice
            return self
        self.choice.choices = [SelectChoice(each, each) for each in choices]
        self.text.label.text = _("One line about it, if you like")
        self.text.validators = [Optional(), Length(max=200)]
        self.text.flags.required = False
        self.text.render_kw = {"rows": 1}
        return self

    def validate_choice(self, field: RadioField) -> None:
        if field.data not in [choice for choice, *_label in field.iter_choices()]:
            raise ValidationError(_("Please choose one."))


class AnswerForm(FlaskForm):
    answer = text(_l("The answer in one line, if you like"), 300, autocomplete="off")


class HideForm(FlaskForm):
    reason = text(_l("Why, for who wrote it"), 200, required=True, autocomplete="off")


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
