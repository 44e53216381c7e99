"""Topics people wish for, in the mails to who prepares a meeting without one (P1, P2)."""

from flask_babel import gettext as _
from flask_babel import ngettext

from app.batch import once
from app.letters.layout import Item, network_page, personal_page
from app.reminders.subject_lines import About
from app.topics.actions import OPEN
from app.topics.queries import Wished, open_topics, replies_to, topic_of

SHOWN = 3


def _wished(about: About) -> list[Wished]:
    network, day = about.meeting.network_id, about.today
    return once(("topics", network), lambda: open_topics([network], day))[network]


def _said(each: Wished) -> str:
    """Its title, to how many it matters, and who would prepare it."""
    said = _weighed(each)
    return _("%(topic)s – brought in by %(who)s", topic=said, who=each.topic.brings.name) if each.topic.brings else said


def _weighed(each: Wished) -> str:
    if not each.people:
        return each.topic.title
    return ngettext(
        "%(topic)s (matters to one person)",
        "%(topic)s (matters to %(num)s people)",
        each.people,
        topic=each.topic.title,
    )


def thread(about: About) -> list[str]:
    """What is said about the topic on the list that the meeting keeps: why now, and how many answers there are."""
    topic = once(("topic of", about.meeting.id), lambda: topic_of(about.meeting))
    if topic is None:
        return []
    answers = len([row for row in once(("replies", topic.id), lambda: replies_to(topic)) if not row.hidden_at])
    said = ngettext("What people know about it, one answer:", "What people know about it, %(num)s answers:", answers)
    link = network_page("topics.topic", slug=about.meeting.network.slug, number=topic.id)
    return [
        *([_("Why this topic: %(why)s", why=topic.why)] if topic.why else []),
        *([f"{said}\n{link}"] if answers else []),
    ]


def most_wished(about: About) -> list[str]:
    wished = [] if about.meeting.has_topic else _wished(about)[:SHOWN]
    lines = [_("What people wish to talk about most:"), *[f"- {_said(each)}" for each in wished]]
    return ["\n".join(lines)] if wished else []


def quick_choices(about: About) -> list[Item]:
    """Three links that choose, and the page's Save keeps it: the topics wished most, else one's own; an open agenda."""
    number, version = about.meeting.id, about.meeting.sequence
    wished = [
        Item(_said(each), link=personal_page(number, topic=str(each.topic.id), version=version))
        for each in _wished(about)
    ]
    others = (_("a topic of your own, in one sentence"), _("a question of one of the members, for peer consultation"))
    own = [Item(words, link=personal_page(number)) for words in others]
    words = _("an open agenda: everybody brings something")
    agenda = Item(words, link=personal_page(number, topic=OPEN, version=version))
    return [*[*wished, *own][: SHOWN - 1], agenda]
