"""What a stranger asks, and what a manager answers."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from app.edge.strangers import FromStranger
from app.networks.forms import day, text
from app.networks.models import Network
from app.people.forms import email_field
from app.text import clean, one_line


class JoinForm(FromStranger):
    organisation = text(_l("Your organisation"), 200, required=True, autocomplete="organization")
    town = text(_l("Town"), 100, autocomplete="address-level2")
    first_name = text(_l("Your first name"), 100, required=True, autocomplete="given-name")
    last_name = text(_l("Your last name"), 100, autocomplete="family-name")
    email = email_field(_l("Your e-mail address"))
    words = TextAreaField(
        _l("What you hope for, in a few words"),
        filters=[clean],
        validators=[Optional(), Length(max=1000)],
        render_kw={"rows": 4},
    )

    def said(self) -> dict[str, str]:
        """What is kept of it, but for the address."""
        names = ("organisation", "town", "first_name", "last_name", "subject", "words")
        return {name: self[name].data or "" for name in names if name in self}


class StartForm(JoinForm):
    subject = text(_l("What the new network should be about"), 200, required=True)


class AcceptForm(FlaskForm):
    joined = day(_l("Takes part from"), required=True)


class StartedForm(AcceptForm):
    into = SelectField(_l("Into"), default="")
    name = StringField(_l("Name of the new network"), filters=[one_line], validators=[Length(max=200)])

    def offer(self, networks: list[Network], name: str, joined: date) -> "StartedForm":
        """Choose from a new network and those in formation."""
        new = SelectChoice("", _l("a new network"))
        self.into.choices = [new, *(SelectChoice(str(each.id), each.name) for each in networks)]
        if not self.is_submitted():
            self.name.data, self.joined.data = name, joined
        return self

    def validate_name(self, field: StringField) -> None:
        if not self.into.data and not field.data:
            raise ValidationError(_("Please fill this in."))


class AnswerForm(FlaskForm):
    """Its two buttons say which."""

    state = SelectField(choices=["waiting", "declined"])
    line = text(_l("A line for who asked"), 300)
