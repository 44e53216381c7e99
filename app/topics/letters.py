"""The mails about questions: one is asked (Q1), there are answers (Q2), is it answered? (Q3)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from app.batch import once
from app.extensions import db
from app.letters.layout import Item, Section, addressee, network_page, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import frame, full_day
from app.networks.models import Network
from app.networks.queries import takes_part
from app.people.models import Person
from app.topics.models import Reply, Topic
from app.topics.queries import replies_to

SHOWN = 5  # answers of one mail


def network_of(message: Message) -> Network:
    return db.session.get_one(Network, message.network_id)


def _topic(message: Message) -> Topic | None:
    number = message.params["topic_id"]
    return once(("topic", number), lambda: db.session.get(Topic, number))


def _reader(message: Message) -> Person | None:
    """Whom mails about questions still reach: who wants them, and has an address that works."""
    person = recipient(message)
    wants = person is not None and person.wants_mail and person.questions != "never"
    return person if wants and person and person.address_failed_at is None else None


def asked_true(message: Message, now: datetime) -> bool:
    """Q1: the question is open, nobody's own answer is there, and its reader still may see it."""
    topic, person = _topic(message), _reader(message)
    if topic is None or person is None or not topic.is_open or _answered(topic, person):
        return False
    network = network_of(message)
    own = network.id == topic.network_id
    shared = topic.reach == "programme" and network.programme.shares_topics and person.programme_questions
    return (own or shared) and takes_part(person, network, now.astimezone(network.zone).date())


def _answered(topic: Topic, person: Person) -> bool:
    return any(row.person_id == person.id for row in once(("replies", topic.id), lambda: replies_to(topic)))


def subject(message: Message) -> str:
    topic = _topic(message)
    assert topic is not None, "still_true comes before render"
    return _("Do you know something about it? %(title)s", title=topic.title)


def question(message: Message) -> Section:
    """One question, for who may know something about it."""
    topic = _topic(message)
    assert topic is not None, "still_true comes before render"
    network = network_of(message)
    return Section(
        heading=subject(message),
        sentences=[_asked_by(topic, network), *([topic.why] if topic.why else [])],
        list_title=_("Each organisation chooses one of these, and adds a line:") if topic.choices else "",
        items=[Item(choice) for choice in topic.choices],
        button=(_("I know something"), _page(topic, network)),
    )


def _asked_by(topic: Topic, network: Network) -> str:
    title = topic.title
    if topic.network_id != network.id:
        return _("%(network)s asks all networks: %(title)s", network=topic.network.name, title=title)
    if topic.person and topic.person.name and not topic.unnamed:
        who = topic.person.name
        if topic.organisation:
            who = f"{who}, {topic.organisation.name}"
        return _("%(who)s asks: %(title)s", who=who, title=title)
    return _("Somebody of the network asks: %(title)s", title=title)


def _page(topic: Topic, network: Network, anchor: str = "") -> str:
    place = {"_anchor": anchor} if anchor else {}
    return network_page("topics.topic", slug=network.slug, number=topic.id, **place)


def _since(message: Message) -> list[Reply]:
    """Answers of others from the one on that planned the mail."""
    topic = _topic(message)
    since = datetime.fromisoformat(message.params["since"])
    rows = replies_to(topic) if topic else []
    return [row for row in rows if row.created_at >= since and not row.hidden_at and row.person_id != message.person_id]


def _answers_true(message: Message, now: datetime) -> bool:
    topic = _topic(message)
    asked = topic is not None and topic.state in ("open", "chosen") and topic.person_id == message.person_id
    return asked and _reader(message) is not None and bool(_since(message))


def _answers(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, topic, rows = addressee(message), _topic(message), _since(message)
    assert topic is not None, "still_true comes before render"
    with speaking(person):
        said = ngettext("One answer: %(title)s", "%(num)s answers: %(title)s", len(rows), title=topic.title)
        section = Section(
            sentences=[
                ngettext("There is an answer to what you asked.", "There are answers to what you asked.", len(rows))
            ],
            items=[Item(_line(row)) for row in rows[:SHOWN]],
            button=(_("Read and answer"), _page(topic, topic.network)),
            closing=[_("Does it help? Close it with one line on that page.")],
        )
        around = frame(topic.network, _why_asked(topic.network), participant=True)
        return write(person, said, [section], around, [message.note])


def _line(row: Reply) -> str:
    who = ", ".join(
        name for name in (row.person and row.person.name, row.organisation and row.organisation.name) if name
    )
    said = ": ".join(part for part in (row.choice, row.text) if part)
    return f"{who}: {said}" if who else said


def _why_asked(network: Network) -> str:
    return _("You get this mail because you asked something in %(network)s.", network=network.name)


def _still_open(message: Message, now: datetime) -> bool:
    topic = _topic(message)
    asked = topic is not None and topic.is_open and topic.person_id == message.person_id
    return asked and _reader(message) is not None


def _is_it_answered(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, topic = addressee(message), _topic(message)
    assert topic is not None, "still_true comes before render"
    with speaking(person):
        section = Section(
            sentences=[
                _(
                    "You asked on %(day)s: %(title)s",
                    day=full_day(topic.created_at.astimezone(topic.network.zone).date()),
                    title=topic.title,
                ),
                _("If it is answered, one line helps the others to find it. If not, it waits for a meeting."),
            ],
            button=(_("It is answered: one line"), _page(topic, topic.network, "closing")),
        )
        around = frame(topic.network, _why_asked(topic.network), participant=True)
        return write(person, _("Is it answered? %(title)s", title=topic.title), [section], around, [message.note])


KINDS = {"Q2": Kind(_answers_true, _answers), "Q3": Kind(_still_open, _is_it_answered)}
