"""The checklist of a turn: its items in words, on their days, and what is done of them."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _

from app.meetings.models import Duty
from scheduling.reminding.checklists import Item, items, silent


@dataclass(frozen=True)
class ChecklistLine:
    item: Item
    day: date
    done: bool
    words: str


def items_of(duty: Duty) -> tuple[Item, ...]:
    preparers = duty.meeting.preparation_duties
    opens = bool(preparers) and preparers[0] is duty
    return items(duty.kind, online=not duty.meeting.in_person, opens=opens, partner=len(preparers) > 1)


def done_of(duty: Duty) -> frozenset[str]:
    """What was ticked, and what is so."""
    meeting = duty.meeting
    programme = bool(meeting.running_order) or meeting.open_agenda
    facts = {
        "accepted": duty.confirmed_at is not None,
        "topic": meeting.has_topic,
        "programme": programme,
        "question": bool(meeting.question),
        "link": bool(meeting.link or meeting.network.link),
        "head_count": meeting.attended is not None,
    }
    return frozenset(tick.item for tick in duty.ticks) | {fact for fact, so in facts.items() if so}


def silent_steps(duty: Duty) -> frozenset[str]:
    """Steps of the ladder that need no mail, because everything they ask for is done."""
    return silent(items_of(duty), done_of(duty))


def lines(duty: Duty) -> list[ChecklistLine]:
    done, said = done_of(duty), words()
    return [
        ChecklistLine(item, duty.meeting.day + timedelta(item.days), item.id in done, said[item.id])
        for item in items_of(duty)
    ]


def open_words(duty: Duty, step: str) -> tuple[str, ...]:
    """What a step's mail lists: what it asks for and is not done yet; accepting is its button."""
    asked = [line for line in lines(duty) if line.item.step == step and line.item.id != "accepted"]
    return tuple(line.words for line in asked if not line.done)


def words() -> dict[str, str]:
    return {
        "accepted": _("you have said that you host"),
        "room": _("the room is booked, with two places to spare for guests"),
        "access": _("everybody can get in, with a wheelchair too"),
        "second_contact": _("a second contact at your place is known"),
        "house_rules": _("the house rules: may visitors look around, is there a tour?"),
        "route": _("the route, public transport, parking and the entrance"),
        "reception": _("the reception knows about it"),
        "equipment": _("Wi-Fi, screen and, where people join online, camera and microphone"),
        "coffee": _("coffee or lunch"),
        "names": _("a list of names at the reception"),
        "telephone": _("a telephone number that is answered on the day"),
        "set_up": _("the room set up, the link tested where people join online"),
        "welcome": _("welcome everybody"),
        "head_count": _("fill in how many people were there"),
        "thanks": _("thank those who helped"),
        "link": _("the link and a telephone number to dial in"),
        "second_host": _("a second person with the rights of a host"),
        "recording": _("whether you record it, and the sentence that asks for consent"),
        "link_tested": _("the link tested"),
        "partner": _("meet your partner"),
        "last_record": _("read what was agreed last time"),
        "topic": _("choose a topic: from the wishes of the members or of your own"),
        "guest": _("ask a guest, if you want one"),
        "programme": _("times and a working form for each part"),
        "reading": _("reading of twenty minutes at most"),
        "question": _("one question to think about beforehand"),
        "next_time": _("one line for who prepares next"),
    }
