"""What every mail about a network says: its days in words, from whom it comes, who answers, why somebody gets it.

And the mails about name and address: "please look at them" (A3), and to the old address that a manager changed it (A4).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from app.batch import once
from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Frame, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.models import Network
from app.networks.queries import answering_for, managers_of
from app.people.models import NOBODY_YET, Person

SHORT_DAY = {"nl": "EEE d MMMM", "de": "d. MMMM", "en": "EEE d MMMM"}  # German without weekday: the dative


def short_day(day: date) -> str:
    """The day as subjects say it: "do 15 april", "15. April", "Thu 15 April"."""
    return format_date(day, SHORT_DAY[get_locale().language])


def due_day(day: date, at: date) -> str:
    """The same, with its year when it is not the year in which one reads it."""
    return short_day(day) if day.year == at.year else f"{short_day(day)} {day.year}"


def full_day(day: date) -> str:
    return format_date(day, "full")


def manager_of(network: Network) -> Person | None:
    managers = once(("managers", network.id), lambda: managers_of(network))
    return next((person for person in managers if person.email and person.email != NOBODY_YET), None)


def frame(
    network: Network, why: str, *, participant: bool = False, urgent: bool = False, answered: bool = True
) -> Frame:
    """From the programme, `answered` by whoever answers for the network."""
    programme = network.programme
    sender = (programme.sender_name or programme.name, programme.sender_email) if programme.sender_email else None
    role = "participant" if participant else "host" if answered else "manager"
    answers = _who_has_the_replies(network) if answered else ()
    return Frame(why, network.name, sender, answers, participant, urgent, role)


def _who_has_the_replies(network: Network) -> tuple[Person, ...]:
    """Its manager; where nobody is named, all who manage the programme: a reply must reach somebody."""
    manager = manager_of(network)
    if manager:
        return (manager,)
    people = once(("answering", network.id), lambda: answering_for(network))
    return tuple(person for person in people if person.email and person.email != NOBODY_YET)


def member_why(network: Network) -> str:
    return _("You get this mail because you take part in %(network)s.", network=network.name)


def _reachable(message: Message, now: datetime) -> bool:
    return recipient(message) is not None


def _look(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, network = addressee(message), db.session.get_one(Network, message.network_id)
    with speaking(person):
        section = Section(
            sentences=[
                _("Is your name right here, and the address this mail came to? Only you can change them."),
                _("The manager of %(network)s asks you to look.", network=network.name),
            ],
            facts=[(_("Name"), person.name), (_("Address"), person.email or "")],
            button=(_("Look at my preferences"), absolute("people.preferences")),
        )
        around = frame(network, member_why(network))
        return write(person, _("Are your name and address right?"), [section], around, [message.note])


def _told(message: Message, now: datetime) -> bool:
    return "to" in message.params and db.session.get(Person, message.person_id) is not None


def _moved(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, network = db.session.get_one(Person, message.person_id), db.session.get_one(Network, message.network_id)
    with speaking(person):
        section = Section(
            sentences=[
                _("The manager of %(network)s wrote down another address for you.", network=network.name),
                _("Mails go there from now on. Links in mails you got here no longer open your page."),
            ],
            closing=[_("Is that not right? Then answer this mail.")],
        )
        around = replace(frame(network, member_why(network)), by_link=False)
        letter = write(person, _("Your mails go to another address"), [section], around, [message.note])
    return replace(letter, to=(person.name, message.params["to"]))


KINDS = {"A3": Kind(_reachable, _look), "A4": Kind(_told, _moved)}
