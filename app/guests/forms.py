"""What strangers type who ask for a place, and what is said about a meeting's guests."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired, NumberRange

from app.edge.strangers import FromStranger
from app.edge.versions import Versioned
from app.guests.queries import MOST
from app.networks.forms import text
from app.people.forms import email_field

DOORS = [
    SelectChoice("", _l("its members only")),
    SelectChoice("programme", _l("people of the programme’s other networks too")),
    SelectChoice("everybody", _l("everybody")),
]


class PlaceForm(FromStranger):
    name = text(_l("Your name"), 200, required=True, autocomplete="name")
    email = email_field(_l("Your e-mail address"))
    organisation = text(_l("Your organisation"), 200, autocomplete="organization")


class DoorForm(Versioned):
    open_to = SelectField(_l("This meeting is open to"), choices=DOORS)
    guest_seats = IntegerField(
        _l("Seats for guests"), validators=[InputRequired(), NumberRange(0, MOST, _l("From 0 to 500."))]
    )
