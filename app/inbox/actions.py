"""Each mail that came back, once: an answer is kept, an address marked, an absence left alone, the rest passed on."""

from datetime import datetime, timedelta
from email.utils import parseaddr
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from app.attendance.actions import answer as attend
from app.attendance.models import Attendance
from app.calendars.rendering import own_organisation, uid_of
from app.errors import Refused
from app.extensions import db
from app.inbox import reading
from app.inbox.models import Received
from app.invitations.reply_addresses import network_behind, person_behind
from app.letters.layout import speaking
from app.logs import log
from app.mail import actions as mail
from app.mail.message_ids import ours_in
from app.mail.mime import sender_of
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from app.networks.queries import answering_for
from app.people.models import Person
from app.text import clean, one_line

FOLDERS = {
    "answer": "toerbeurt-answers",
    "failed": "toerbeurt-reports",
    "delayed": "toerbeurt-reports",
    "ignored": "toerbeurt-absences",
    "forwarded": "toerbeurt-forwarded",
}
# What taking hostile mails apart raises.
UNREADABLE = (RecursionError, ValueError, LookupError, TypeError, AttributeError)
KEPT = timedelta(days=120)
NOT_YET, LATELY = 3, timedelta(days=30)  # so many reports that a mail has not arrived yet mark an address


def forget_old_names(now: datetime) -> None:
    """A mail that was moved months ago does not come back."""
    db.session.execute(delete(Received).where(Received.at < now - KEPT))


def receive(raw: bytes, now: datetime) -> str:
    """What becomes of a mail, and doing it; one that was seen before keeps what became of it.

    One that nobody can take apart is passed on by its beginning: it harms nobody and is not lost.
    """
    try:
        incoming = reading.read(raw, ours_in)
    except UNREADABLE as error:
        log.warning("a mail cannot be read", error=type(error).__name__)
        incoming = reading.Incoming("", (), (), reading.Words("", "", raw[:2000].decode("ascii", "replace")))
    name = sha256(incoming.name.encode("utf-8", "replace") if incoming.name else raw).hexdigest()
    before = db.session.scalars(select(Received).where(Received.name == name)).first()
    if before is not None:
        return before.outcome
    outcome, about = _done(incoming, name, now)
    db.session.add(Received(name=name, outcome=outcome, at=now, message_id=about))
    db.session.flush()
    return outcome


def _done(incoming: reading.Incoming, name: str, now: datetime) -> tuple[str, int | None]:
    what = incoming.what
    if isinstance(what, reading.Absence) or (isinstance(what, reading.Words) and _from_ourselves(what)):
        return "ignored", None
    if isinstance(what, reading.Answer) and _answered(incoming, what, now):
        return "answer", None
    if isinstance(what, reading.Report):
        message = db.session.get(Message, what.number) if what.number else None
        person = db.session.get(Person, message.person_id) if message and message.person_id else None
        if message is not None and person is not None and person.email and person.email == what.address:
            return _failed(message, person, what, now), message.id
    _pass_on(incoming, name, now)
    return "forwarded", None


def _from_ourselves(words: reading.Words) -> bool:
    return parseaddr(words.sender)[1].lower() == sender_of(None)[1].lower()


def _answered(incoming: reading.Incoming, said: reading.Answer, now: datetime) -> bool:
    """Keep an answer that came to the address only its person was given. Maybe is none; an old one counts no more."""
    number = next((found for address in incoming.to if (found := person_behind(address))), None)
    person = db.session.get(Person, number) if number else None
    meeting = _meeting(said.uid)
    if person is None or meeting is None:
        return False
    own = own_organisation(person.id, meeting.network, meeting)
    if own is not None and said.uid == uid_of(meeting) and said.sequence >= meeting.sequence:
        _keep(meeting, person, said, now)
    return True


def _meeting(uid: str) -> Meeting | None:
    number = uid.partition("-")[2].partition("@")[0]
    return db.session.get(Meeting, int(number)) if number.isdecimal() and len(number) < 10 else None


def _keep(meeting: Meeting, person: Person, said: reading.Answer, now: datetime) -> None:
    if said.word == "maybe":
        query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
        for row in db.session.scalars(query):
            db.session.delete(row)
        return
    try:
        attend(meeting, person, said.word, now, colleague=(_called(said.colleague, person), ""))
    except Refused:  # over, or it does not take place: the answer came too late
        return


def _called(colleague: str, person: Person) -> str:
    """A name as somebody types it; in the words of the person where their program named nobody."""
    with speaking(person):
        return (one_line(colleague) or "")[:100] or _("a colleague")


def _failed(message: Message, person: Person, said: reading.Report, now: datetime) -> str:
    """A refused mail has failed and its address is marked, as when the relay says so; one that is late may yet come."""
    if not said.for_ever and _late(person, now) + 1 < NOT_YET:
        return "delayed"
    person.address_failed_at = person.address_failed_at or now
    if message.state in ("sent", "uncertain"):
        message.fail("The mail came back.", 550)
    return "failed"


def _late(person: Person, now: datetime) -> int:
    """How often a mail to the person was late these days."""
    query = select(func.count(Received.id)).join(Message, Message.id == Received.message_id)
    of = Received.outcome == "delayed", Received.at > now - LATELY, Message.person_id == person.id
    return db.session.scalar(query.where(*of)) or 0


def _pass_on(incoming: reading.Incoming, name: str, now: datetime) -> None:
    """To whoever answers for the network it is about, else to who runs the site; once."""
    network = _network(incoming)
    people = [each for each in answering_for(network) if each.email] if network else []
    words = incoming.what if isinstance(incoming.what, reading.Words) else reading.Words("", "", "")
    params = {
        "sender": one_line(words.sender[:200]),
        "subject": one_line(words.subject[:200]),
        "text": clean(words.text[:4000]),
    }
    for person in people or _who_run_the_site():
        mail.add(
            kind="X3",
            key=f"X3-{name}-{person.id}",
            person_id=person.id,
            network_id=network.id if network else None,
            due_at=now,
            now=now,
            params=params,
        )


def _who_run_the_site() -> list[Person]:
    return list(db.session.scalars(select(Person).where(Person.site_admin, Person.email.is_not(None))))


def _network(incoming: reading.Incoming) -> Network | None:
    number = next((found for address in incoming.to if (found := network_behind(address))), None)
    about = [message for number in incoming.about if (message := db.session.get(Message, number))]
    number = number or next((message.network_id for message in about if message.network_id), None)
    return db.session.get(Network, number) if number else None
