"""The manager's mail when a turn is given back: three ways out, one button each (M3)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.attendance.queries import answers_for
from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Letter
from app.mail.models import Message
from app.meetings.letters import facts, moment, roles
from app.meetings.models import Duty
from app.networks.letters import frame, short_day
from app.networks.queries import manages
from app.publishing import ways_out


def still_true(message: Message, now: datetime) -> bool:
    """As long as the turn is given back and nobody has taken it over."""
    duty, person = db.session.get(Duty, message.params["duty_id"]), recipient(message)
    if duty is None or person is None or not duty.handed_back or duty.meeting.starts_at <= now:
        return False
    return not duty.meeting.cancelled and manages(person, duty.meeting.network)


def render(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, duty = addressee(message), db.session.get_one(Duty, message.params["duty_id"])
    network = duty.meeting.network
    with speaking(person):
        ways = ways_out.options(duty, answers_for(duty.meeting).expected, now).best
        why = _("You get this mail because you manage %(network)s.", network=network.name)
        around = frame(network, why, answered=False)
        sections = [_first(duty, ways), *(_way(duty, option) for option in ways[1:])]
        return write(person, _subject(duty, len(ways)), sections, around, [message.note])


def _subject(duty: Duty, ways: int) -> str:
    about = {"organisation": duty.organisation.name, "d": short_day(duty.meeting.day)}
    if duty.kind == "preparation":
        return _("%(organisation)s cannot prepare %(d)s", **about)
    if ways == 3:
        return _("%(organisation)s cannot host %(d)s: three options", **about)
    return _("%(organisation)s cannot host %(d)s", **about)


def _first(duty: Duty, ways: Sequence[ways_out.Option]) -> Section:
    """What has happened, and the best way out."""
    slug, number = duty.meeting.network.slug, duty.id
    reason = [_("Why: %(reason)s", reason=duty.handed_back_reason)] if duty.handed_back_reason else []
    page = absolute("publishing.repair", slug=slug, number=number)
    best = [f"{ways[0].title}: {ways[0].why}"] if ways else [_("No way out was found by itself.")]
    return Section(
        heading=_subject(duty, len(ways)),
        sentences=[_("%(organisation)s gave this turn back.", organisation=duty.organisation.name), *reason, *best],
        moment=moment(duty.meeting),
        facts=facts(duty.meeting),
        button=_button(duty, ways[0]) if ways else (_("Find somebody else"), page),
        roles=roles(duty.meeting),
        links=[(_("All ways out"), page)] if ways else [],
        closing=[_("Nothing is mailed before you have seen who gets what.")],
    )


def _way(duty: Duty, option: ways_out.Option) -> Section:
    return Section(heading=option.title, sentences=[option.why], button=_button(duty, option))


def _button(duty: Duty, option: ways_out.Option) -> tuple[str, str]:
    where = absolute("publishing.preview_repair", slug=duty.meeting.network.slug, number=duty.id, choice=option.choice)
    if option.organisation:
        return _("Choose %(organisation)s", organisation=option.organisation.short), where
    return _("Hold it online") if option.choice == "online" else _("Move it there"), where
