"""What every mail about a network says: its days in words, from whom it comes, who answers, why somebody gets it."""

from datetime import date

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from app.mail.reading import known
from app.networks.models import Network
from app.networks.queries import managers_of
from app.people.letters import Frame
from app.people.models import Person

SHORT_DAY = {"nl": "EEE d MMMM", "de": "d. MMMM", "en": "EEE d MMMM"}  # German without weekday: the dative


def short_day(day: date) -> str:
    """The day as subjects say it: "do 15 april", "15. April", "Thu 15 April"."""
    return format_date(day, SHORT_DAY[get_locale().language])


def full_day(day: date) -> str:
    return format_date(day, "full")


def manager_of(network: Network) -> Person | None:
    managers = known(("managers", network.id), lambda: managers_of(network))
    return next((person for person in managers if person.email), None)


def frame(
    network: Network, why: str, *, participant: bool = False, urgent: bool = False, answered: bool = True
) -> Frame:
    """From the programme, `answered` by the network's manager."""
    programme = network.programme
    sender = (programme.sender_name or programme.name, programme.sender_email) if programme.sender_email else None
    return Frame(why, sender, manager_of(network) if answered else None, participant, urgent)


def member_why(network: Network) -> str:
    return _("You get this mail because you take part in %(network)s.", network=network.name)
