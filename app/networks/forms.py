"""What managers type about networks, organisations, people and rooms."""

from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
    URLField,
    ValidationError,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional, Regexp

from app.availability.queries import REGION_NAMES
from app.edge import bounds
from app.edge.versions import Versioned
from app.people.forms import email_field, tone
from app.text import clean, one_line
from scheduling.days import icalendar_feed

STATES = [
    SelectChoice("idea", _l("idea")),
    SelectChoice("forming", _l("in formation")),
    SelectChoice("active", _l("active")),
    SelectChoice("resting", _l("paused")),
    SelectChoice("ended", _l("ended")),
]
MODES = [
    SelectChoice("in-person", _l("in person")),
    SelectChoice("online", _l("online")),
    SelectChoice("hybrid", _l("hybrid")),
    SelectChoice("mixed", _l("in person and online by turns")),
]
ZONES = [SelectChoice(zone) for zone in icalendar_feed.ZONES]
YES_NO_UNKNOWN = [SelectChoice("yes", _l("yes")), SelectChoice("no", _l("no")), SelectChoice("", _l("not known yet"))]
MEANT = {"yes": True, "no": False, "": None}


class YesOrNo(SelectField):
    """Yes, no, or not known: `meant` is what a column of that kind holds."""

    def __init__(self, label: object, **values: Any) -> None:
        super().__init__(label, choices=YES_NO_UNKNOWN, **values)

    def process_data(self, value: bool | None) -> None:
        """Take what the column holds."""
        self.data = {True: "yes", False: "no", None: ""}[value]

    @property
    def meant(self) -> bool | None:
        return MEANT[self.data]


def regions(empty: object) -> list[SelectChoice]:
    """The regions whose holidays are known; `empty` invites to choose one."""
    return [SelectChoice("", empty), *[SelectChoice(code, name) for code, name in REGION_NAMES.items()]]


def text(label: object, limit: int, *, required: bool = False, **render: object) -> StringField:
    """One line of text, cleaned, with its limit."""
    needed = [DataRequired(_l("Please fill this in."))] if required else [Optional()]
    return StringField(label, filters=[one_line], validators=[*needed, Length(max=limit)], render_kw=render or None)


def day(label: object, *, required: bool = False, back: int = bounds.BACK) -> DateField:
    """A day in a year near the present one; a day that stood there before may stay."""

    def possible(form: FlaskForm, field: DateField) -> None:
        if field.data != field.object_data and not bounds.near(field.data, back):
            first, *_between, last = bounds.years(back)
            raise ValidationError(_("Choose a day from %(first)s to %(last)s.", first=first, last=last))

    needed = DataRequired(_l("Please choose a day.")) if required else Optional()
    return DateField(label, validators=[needed, possible])


def seats(label: object) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(1, 2000, _l("A number of places from 1 to 2000."))])


class NetworkForm(Versioned):
    name = text(_l("Name of the network"), 200, required=True)
    goal = TextAreaField(_l("Its goal, in one or two sentences"), filters=[clean], validators=[Length(max=2000)])
    region = SelectField(_l("Region, for its holidays"), validators=[DataRequired(_l("Please choose a region."))])
    mode = SelectField(_l("How it meets"), choices=MODES)
    state = SelectField(_l("State"), choices=STATES, default="active")
    size_wanted = IntegerField(
        _l("Organisations wanted before it starts"), default=7, validators=[NumberRange(2, 100, _l("From 2 to 100."))]
    )
    link = URLField(
        _l("Video link, when it meets online"),
        filters=[one_line],
        validators=[Optional(), Length(max=500), Regexp(r"^https?://", message=_l("A link begins with https://."))],
    )
    timezone = SelectField(_l("Time zone"), choices=ZONES, default="Europe/Amsterdam")
    tone = tone(_l("How people are addressed"), _l("as the programme does"))
    minimum = IntegerField(
        _l("Fewest people for a meeting; the manager is asked when fewer come"),
        validators=[Optional(), NumberRange(1, 1000, _l("From 1 to 1000."))],
    )
    keeps_names = BooleanField(_l("Keep the names of who was there, beside their number"))
    usual_programme = TextAreaField(
        _l("Its usual programme, if it has one: what whoever prepares begins with"),
        filters=[clean],
        validators=[Length(max=10_000)],
        render_kw={"rows": 5},
    )
    pulse = BooleanField(_l("Ask everybody after each meeting how it was"), default=True)
    year_begins = SelectField(_l("Its year begins in"), coerce=int, default=1)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.region.choices = regions(_l("Choose a region"))
        names = [str(format_date(date(2027, month, 1), "LLLL")) for month in range(1, 13)]
        self.year_begins.choices = [SelectChoice(n, name) for n, name in enumerate(names, start=1)]


class NewNetworkForm(NetworkForm):
    pasted = TextAreaField(
        _l("Its organisations and people, if you have them: paste the rows with their headings, or an address line"),
        validators=[Length(max=200_000)],
    )


class OrganisationForm(FlaskForm):
    """An organisation joins: itself, its first contact and its room."""

    organisation = text(_l("Organisation"), 200, required=True, list="organisations-known", autocomplete="off")
    joined = day(_l("Takes part from"), required=True, back=bounds.LONG_AGO)
    first_name = text(_l("First name of the contact"), 100)
    last_name = text(_l("Last name"), 100)
    email = email_field(_l("E-mail address"), required=False)
    room = text(_l("Room"), 200)
    seats = seats(_l("Places in that room"))

    def __init__(self, *args: object, hosted: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not hosted:
            del self.room, self.seats


class MembershipForm(Versioned):
    joined = day(_l("Takes part from"), required=True, back=bounds.LONG_AGO)
    left = day(_l("Until, if it has left"))
    duties_from = day(_l("Turns from, if later"))
    hosts = YesOrNo(_l("Can host"))
    prepares = BooleanField(_l("Takes turns in preparing"))

    def __init__(self, *args: object, hosted: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if not hosted:
            del self.hosts

    def validate_left(self, field: DateField) -> None:
        if field.data and self.joined.data and field.data < self.joined.data:
            raise ValidationError(_l("An organisation cannot leave before it joined."))


class OrganisationDetailsForm(Versioned):
    name = text(_l("Name"), 200, required=True)
    short_name = text(_l("Short name, for tables and drawings"), 60)
    town = text(_l("Town"), 100)


class ContactForm(Versioned):
    title = text(_l("Title, such as Dr."), 40)
    first_name = text(_l("First name"), 100, required=True)
    last_name = text(_l("Last name"), 100)
    email = email_field(_l("E-mail address"), required=False)


class RoomForm(Versioned):
    name = text(_l("Room"), 200, required=True)
    seats = seats(_l("Places"))
    address = text(_l("Address"), 300)
    directions = TextAreaField(
        _l("Parking, public transport, entrance"), filters=[clean], validators=[Length(max=2000)]
    )
    screen = text(_l("Screen or projector"), 100)
    wheelchair = YesOrNo(_l("Can a wheelchair get in?"))

    @property
    def facts(self) -> dict[str, Any]:
        """The columns of a room."""
        texts = {name: self[name].data or "" for name in ("name", "address", "directions", "screen")}
        return texts | {"seats": self.seats.data, "wheelchair": self.wheelchair.meant}


class RoleForm(FlaskForm):
    first_name = text(_l("First name"), 100, required=True)
    last_name = text(_l("Last name"), 100)
    email = email_field(_l("E-mail address"))
    network = SelectField(_l("Manages"), validators=[Optional()])


class MergeForm(FlaskForm):
    keep = SelectField(_l("Keep"), coerce=int)
    drop = SelectField(_l("And merge into it"), coerce=int)

    def validate_drop(self, field: SelectField) -> None:
        if field.data == self.keep.data:
            raise ValidationError(_l("Choose two different ones."))
