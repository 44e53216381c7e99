"""What people type about themselves."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, RadioField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from app.people.addresses import receiving
from app.text import clean, one_line

LANGUAGE_NAMES = [SelectChoice("nl", "Nederlands"), SelectChoice("de", "Deutsch"), SelectChoice("en", "English")]


def can_receive(form: FlaskForm, field: EmailField) -> None:
    if field.data and receiving(field.data) is None:
        raise ValidationError(_("This is not an e-mail address; it looks like name@organisation.nl."))


def email_field(label: object, *, required: bool = True) -> EmailField:
    """An address, in lower case and without spaces around it."""
    return EmailField(
        label,
        filters=[one_line, lambda text: text.lower() if text else text],
        validators=[
            DataRequired(_l("Please fill in an e-mail address.")) if required else Optional(),
            Length(max=254),
            can_receive,
        ],
        render_kw={"autocomplete": "email"},
    )


TONES = {"": None, "formal": True, "informal": False}


def tone(label: object, usual: object) -> SelectField:
    """How people are addressed; its `data` is true, false or null (`usual`)."""
    choices = [
        SelectChoice("", usual),
        SelectChoice("informal", _l("je, du")),
        SelectChoice("formal", _l("u, Sie")),
    ]
    return SelectField(label, choices=choices, default="")


def tone_of(formal: bool | None) -> str:
    return next(word for word, value in TONES.items() if value is formal)


class SignInForm(FlaskForm):
    email = email_field(_l("Your e-mail address"))


class CodeForm(FlaskForm):
    email = email_field(_l("Your e-mail address"))
    code = StringField(
        _l("Code from the mail"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill in the eight characters from the mail.")), Length(max=20)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"},
    )


QUESTIONS = [
    SelectChoice("next", _l("with my next mail")),
    SelectChoice("once", _l("at once")),
    SelectChoice("never", _l("never; also no answers to mine")),
]


class MailsForm(FlaskForm):
    """What may be changed by the link of a mail."""

    language = RadioField(_l("Language of your mails and calendar"), choices=LANGUAGE_NAMES)
    tone = tone(_l("How we address you"), _l("as your network does"))
    wants_mail = BooleanField(_l("Send me invitations and reminders about meetings"))
    wants_reminders = BooleanField(_l("Remind me shortly before each meeting as well"))
    questions = SelectField(_l("Questions of others"), choices=QUESTIONS, default="next")
    programme_questions = BooleanField(_l("Also questions of other networks of my programme"))


class NameForm(FlaskForm):
    title = StringField(_l("Title, such as Dr."), filters=[one_line], validators=[Length(max=40)])
    first_name = StringField(
        _l("First name"), filters=[one_line], validators=[DataRequired(_l("Please fill this in.")), Length(max=100)]
    )
    last_name = StringField(_l("Last name"), filters=[one_line], validators=[Length(max=100)])


class PreferencesForm(MailsForm):
    requests_at_once = BooleanField(_l("Mail me at once when an organisation asks to take part"))
    phone = TelField(_l("Telephone, for the people you meet with"), filters=[clean], validators=[Length(max=40)])


class AddressForm(FlaskForm):
    email = email_field(_l("New e-mail address"))
