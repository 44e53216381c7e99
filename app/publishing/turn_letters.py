"""The mails to who gets a turn by a publication (K1), and to who had one until then (K2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import has_request_context
from flask_babel import gettext as _

from app.batch import once
from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import TOKEN, Section, addressee, personal_page, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings import phrases
from app.meetings.letters import facts, gather, moment, roles
from app.meetings.models import Duty, Meeting
from app.meetings.year_page import standings_of
from app.networks.letters import frame, full_day, short_day
from app.networks.models import Network, Organisation
from app.networks.queries import sits_for
from app.publishing.letters import Told, change_section, differences, hurry, is_urgent, reason_of, still_so


@dataclass(frozen=True)
class Turn:
    """A turn of the message that has passed from one organisation to another; `duty` is it as it is now."""

    meeting: Meeting
    kind: str
    organisation: Organisation
    other: Organisation | None
    stays: bool
    duty: Duty | None


def _turns(message: Message, which: str) -> list[Turn]:
    found = [_turn(each) for each in message.params[which]]
    return [turn for turn in found if turn is not None]


def _turn(told: dict[str, Any]) -> Turn | None:
    meeting = db.session.get(Meeting, told["meeting_id"])
    organisation = db.session.get(Organisation, told["organisation_id"])
    if meeting is None or organisation is None:
        return None
    mine = [duty for duty in meeting.duties if (duty.kind, duty.organisation_id) == (told["kind"], organisation.id)]
    other = db.session.get(Organisation, told["other_id"]) if told["other_id"] else None
    return Turn(meeting, told["kind"], organisation, other, told["stays"], next(iter(mine), None))


def _gained(message: Message, now: datetime) -> list[Turn]:
    """Turns that are still theirs and wait for their word."""
    turns = [turn for turn in _turns(message, "gained") if _concerns(message, turn, now)]
    return [t for t in turns if t.duty is not None and not t.duty.confirmed_at and not t.duty.handed_back]


def _lost(message: Message, now: datetime) -> list[Turn]:
    """Turns that did not come back to them."""
    return [turn for turn in _turns(message, "lost") if _concerns(message, turn, now) and turn.duty is None]


def _concerns(message: Message, turn: Turn, now: datetime) -> bool:
    person, meeting = addressee(message), turn.meeting
    return meeting.ahead(now) and sits_for(person, meeting.network, turn.organisation.id, meeting.day)


def _true(message: Message, now: datetime) -> bool:
    return recipient(message) is not None and bool(_gained(message, now) or _lost(message, now))


def _render(messages: Sequence[Message], now: datetime) -> Letter:
    """What is new to them first, then what is not theirs any more, then what else changed."""
    message = messages[0]
    person, network = addressee(message), db.session.get_one(Network, message.network_id)
    gained, lost = _gained(message, now), _lost(message, now)
    turns, changes = {turn.meeting.id: turn.meeting for turn in (*gained, *lost)}, still_so(message)
    urgent = is_urgent((meeting.day for meeting in turns.values()), now.astimezone(network.zone).date())
    with speaking(person):
        sections = [*(_new_turn(turn, changes, now) for turn in gained), *(_old_turn(turn, gained) for turn in lost)]
        sections += [change_section(told) for told in changes if told.meeting.id not in turns]
        why = _("You get this mail because your organisation has turns in %(network)s.", network=network.name)
        around = frame(network, why, urgent=urgent)
        notes = [message.note, hurry() if urgent else None, reason_of(message)]
        return write(person, sections[0].heading, sections, around, notes)


def _new_turn(turn: Turn, changes: Sequence[Told], now: datetime) -> Section:
    assert turn.duty is not None, "only a turn that is there is told"
    names = {"network": turn.meeting.network.name, "d": short_day(turn.meeting.day)}
    host = turn.kind == "host"
    heading = (
        _("You host now: %(network)s on %(d)s", **names)
        if host
        else _("You prepare now: %(network)s on %(d)s", **names)
    )
    page = _answer_page(turn.duty)
    return Section(
        heading=heading,
        sentences=[
            _now_yours(turn),
            *_why_you(turn, now),
            _("It counts as a turn of yours."),
            *_also(turn.meeting, changes),
            *_ready(turn.meeting),
        ],
        moment=moment(turn.meeting),
        facts=facts(turn.meeting),
        button=(_("Confirm"), page),
        links=[(_("We cannot"), f"{page}#cannot")],
        roles=roles(turn.meeting),
        closing=[_("The calendar you subscribed to follows by itself.")],
    )


def _why_you(turn: Turn, now: datetime) -> list[str]:
    """How the organisation stands, as the network's page says it."""
    network = turn.meeting.network
    stands = once(("stands", network.id), lambda: standings_of(network, now)).get(turn.organisation.id)
    if stands is None:
        return []
    words = phrases.standing(stands.hosting if turn.kind == "host" else stands.preparing, turn.kind)
    said = {"organisation": turn.organisation.name, "standing": words}
    return [_("Counted until today, %(organisation)s %(standing)s.", **said)]


def _now_yours(turn: Turn) -> str:
    said = {
        "organisation": turn.organisation.name,
        "day": full_day(turn.meeting.day),
        "network": turn.meeting.network.name,
    }
    before = turn.other.name if turn.other else ""
    if turn.kind == "host":
        if before:
            return _("%(organisation)s hosts %(network)s on %(day)s now, instead of %(before)s.", before=before, **said)
        return _("%(organisation)s hosts %(network)s on %(day)s now.", **said)
    if before:
        return _("%(organisation)s prepares %(network)s on %(day)s now, instead of %(before)s.", before=before, **said)
    return _("%(organisation)s prepares %(network)s on %(day)s now.", **said)


def _answer_page(duty: Duty) -> str:
    """In a request a letter is only looked at, by somebody else: no token then."""
    if has_request_context():
        return absolute("turns.answer", slug=duty.meeting.network.slug, number=duty.id)
    return absolute("turns.answer_by_link", token=TOKEN, number=duty.id)


def _also(meeting: Meeting, changes: Sequence[Told]) -> list[str]:
    """What else of the meeting changed: a day that moved must be seen."""
    lines = [line for told in changes if told.meeting.id == meeting.id for line in differences(told)]
    said = [f"{what}: {was} → {becomes}" for what, was, becomes in lines if what in (_("When"), _("How"))]
    return ["\n".join(said)] if said else []


def _ready(meeting: Meeting) -> list[str]:
    """What is there already, so that nobody begins anew."""
    done = [_("the topic")] if meeting.has_topic else []
    done += [_("the programme")] if meeting.running_order else []
    return [_("Ready already: %(what)s.", what=", ".join(done))] if done else []


def _old_turn(turn: Turn, gained: Sequence[Turn]) -> Section:
    heading, sentence = _passed_on(turn)
    moved = [full_day(each.meeting.day) for each in gained if each.kind == turn.kind]
    stays = [_("Your turn stays open: you do a later one instead.")] if turn.stays else []
    return Section(
        heading=heading,
        sentences=[sentence, *stays, *([_("Your turn is now %(day)s.", day=", ".join(moved))] if moved else [])],
        moment=moment(turn.meeting),
        facts=facts(turn.meeting),
        button=(_("Look at the meeting"), personal_page(turn.meeting.id)),
        roles=roles(turn.meeting),
        closing=[_("The calendar you subscribed to follows by itself.")],
    )


def _passed_on(turn: Turn) -> tuple[str, str]:
    """Subject and first sentence for who had the turn."""
    about = {"d": short_day(turn.meeting.day), "day": full_day(turn.meeting.day)}
    if turn.other is None:
        sentence = _("You need not host on %(day)s any more.", **about)
        if turn.kind == "preparation":
            sentence = _("You need not prepare the meeting of %(day)s any more.", **about)
        return _("%(d)s is not your turn any more", **about), sentence
    about["other"] = turn.other.name
    if turn.kind == "host":
        sentence = _("%(other)s hosts on %(day)s instead of you.", **about)
        return _("%(other)s hosts %(d)s instead of you", **about), sentence
    sentence = _("%(other)s prepares the meeting of %(day)s instead of you.", **about)
    return _("%(other)s prepares %(d)s instead of you", **about), sentence


KINDS = {"K1": Kind(_true, _render, gather=gather), "K2": Kind(_true, _render, gather=gather)}
