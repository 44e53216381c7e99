"""What each step of the ladder says: a few sentences, the facts, a checklist, one button."""

from collections.abc import Callable
from dataclasses import replace

from flask_babel import gettext as _
from flask_babel import ngettext

from app.letters.layout import Item, Section, own_page, personal_link, personal_page
from app.meetings.letters import contact, facts, link_of, moment, roles
from app.meetings.models import Meeting
from app.meetings.turn_checklist import open_words
from app.networks.letters import full_day, manager_of
from app.networks.models import Organisation, Room
from app.people.models import Person
from app.reminders import notes_texts, topic_texts
from app.reminders.queries import missing, opener
from app.reminders.subject_lines import About
from app.reminders.wording.own_words import beginning, end, subject
from scheduling.reminding.ladder import SUBSTITUTE

MANAGER_TOLD = 21  # days before the meeting
# Steps that lead to a page on which the meeting is made: its programme, or what guests read of its room.
MAKING = {**dict.fromkeys(("P1", "P3", "P4", "H4o"), "programme"), "H3": "room"}


def section(about: About) -> Section:
    return SECTIONS[about.kind](about)


def _section(
    about: About,
    sentences: list[str],
    label: str,
    *,
    usual: str = "",
    items: tuple[str, ...] = (),
    title: str = "",
    closing: tuple[str, ...] = (),
) -> Section:
    meeting = about.meeting
    return Section(
        heading=subject(about),
        sentences=[*beginning(about, usual), *sentences],
        moment=moment(meeting),
        facts=facts(meeting),
        list_title=title if items else "",
        items=[Item(item) for item in items],
        button=(label, _page(about)),
        links=_answers(about) if about.kind.startswith("D") else (),
        roles=roles(meeting),
        closing=[*closing, *end(about)],
    )


def _answers(about: About) -> list[tuple[str, str]]:
    """One tap chooses, the page's Save gives the answer."""
    words = (("yes", _("I am coming")), ("no", _("I cannot come")), ("colleague", _("A colleague comes")))
    number, version = about.meeting.id, about.meeting.sequence
    return [(label, personal_page(number, answer=word, version=version)) for word, label in words]


def _page(about: About) -> str:
    """Where a step's button leads: to what the mail asks for, else to the turn on the person's own page."""
    number, network = about.meeting.id, about.meeting.network
    if about.kind.startswith("D") or (about.kind in ("P1", "P2") and not about.meeting.has_topic):
        return personal_page(number)
    if about.kind in MAKING:
        return own_page(f"preparing.{MAKING[about.kind]}", slug=network.slug, number=number)
    kind = "host" if about.kind.startswith("H") and about.meeting.in_person else "preparation"
    anchor = f"turn-{about.meeting.id}-{kind}"
    return personal_link("portfolio.personal", "portfolio.mine", _anchor=anchor)


def _todo(about: About, step: str) -> tuple[str, ...]:
    """What a step asks for and nobody has ticked yet."""
    meeting, duties = about.meeting, about.meeting.preparation_duties
    if step[0] == "H":
        duty = meeting.host_duty if meeting.in_person else next(iter(duties), None)
    else:
        members = [m for m in meeting.network.members_on(meeting.day) if about.person in m.people]
        own = {member.organisation_id for member in members}
        duty = next((each for each in duties if each.organisation_id in own), None)
    return open_words(duty, step) if duty else ()


def _expected(about: About) -> str:
    return ngettext("%(num)s person is expected so far.", "%(num)s people are expected so far.", about.expected)


def _manager(about: About) -> str:
    manager = manager_of(about.meeting.network)
    return manager.name if manager else _("the manager")


def _organisation(about: About) -> str:
    organisation = opener(about.meeting)
    return organisation.name if organisation else ""


def _turn_back() -> str:
    return _("Can you not do this turn? On your own page you swap it, ask somebody to take it over, or give it back.")


def _copy(about: About) -> list[str]:
    organisation = opener(about.meeting)
    first = contact(about.meeting, organisation) if organisation else None
    if about.audience != SUBSTITUTE or first is None:
        return []
    return [_("You get a copy because you substitute for %(name)s.", name=first.name)]


def _seats(room: Room) -> str:
    return ngettext("%(num)s seat", "%(num)s seats", room.seats) if room.seats else ""


def _room_facts(organisation: Organisation | None, meeting: Meeting) -> str:
    room = meeting.room or (organisation.largest_room if organisation else None)
    if room is None:
        return _("We do not know your room yet.")
    parts = [room.name, room.address, _seats(room)]
    return _("What we know of the room: %(room)s. Is that still right?", room=", ".join(part for part in parts if part))


def _h1(about: About) -> Section:
    if not about.meeting.in_person:
        return _opens_call(
            about, _("%(organisation)s prepares this online meeting and opens it.", organisation=_organisation(about))
        )
    turn = {"organisation": _organisation(about), "network": about.network}
    return _section(
        about,
        [*_copy(about), _expected(about), _room_facts(about.meeting.host, about.meeting)],
        _("Confirm the room"),
        usual=_("It is the turn of %(organisation)s to host %(network)s.", **turn),
        items=_todo(about, "H1"),
        title=_("Please arrange now:"),
        closing=(_turn_back(),),
    )


def _opens_call(about: About, usual: str, *sentences: str) -> Section:
    closing = (_turn_back(),)
    return _section(
        about,
        list(sentences),
        _("Look at the meeting"),
        usual=usual,
        items=_todo(about, "H1"),
        title=_("What has to be ready:"),
        closing=closing,
    )


def _h2(about: About) -> Section:
    sentences = []
    if about.days > MANAGER_TOLD:
        told = _("If it is still open three weeks before the meeting, %(name)s is told.", name=_manager(about))
        sentences.append(told)
    return _section(
        about,
        sentences,
        _("Confirm the room"),
        usual=_("We have not heard yet whether the room is booked."),
        items=_todo(about, "H2"),
        title=_("Also think of:"),
        closing=(_turn_back(),),
    )


def _h3(about: About) -> Section:
    lacks = _lacking(about.meeting)
    duty = about.meeting.host_duty
    sentences = [
        *([_("We have not heard yet whether the room is booked.")] if duty and not duty.confirmed_at else []),
        _expected(about),
        _("Guests will read what stands below."),
        *([_("Not known yet: %(fields)s.", fields=", ".join(lacks))] if lacks else []),
    ]
    return _section(
        about,
        sentences,
        _("Complete the place"),
        items=_todo(about, "H3"),
        title=_("Practical points:"),
        closing=directions(about.meeting),
    )


def _lacking(meeting: Meeting) -> list[str]:
    room = meeting.room
    known = {
        _("address"): room.address if room else meeting.place,
        _("route and parking"): room.directions if room else meeting.place,
        _("seats"): room.seats if room else meeting.place,
        _("screen"): room.screen if room else meeting.place,
    }
    return [field for field, value in known.items() if not value]


def directions(meeting: Meeting) -> tuple[str, ...]:
    return (_("Route: %(text)s", text=meeting.room.directions),) if meeting.room and meeting.room.directions else ()


def _h4(about: About) -> Section:
    manager = manager_of(about.meeting.network)
    reach = f"{manager.name} {manager.phone}".strip() if manager else ""
    closing = (_("Who manages the network: %(reach)s", reach=reach),) if reach else ()
    label, title = _("See who comes"), _("For the day:")
    return _section(about, [_expected(about)], label, items=_todo(about, "H4"), title=title, closing=closing)


def _h4o(about: About) -> Section:
    return _opens_call(about, _("You open the call for everybody."), _expected(about))


def _p1(about: About) -> Section:
    turn = _("It is your turn to prepare the meeting of %(network)s.", network=about.network)
    sentences = [
        _partner(about),
        _expected(about),
        *notes_texts.last_time(about),
        *notes_texts.still_open(about),
        *topic_texts.most_wished(about),
        *topic_texts.thread(about),
    ]
    label = _("Choose the topic") if not about.meeting.has_topic else _("Look at the meeting")
    title, closing = _("To begin with:"), (_turn_back(),)
    return _section(about, sentences, label, usual=turn, items=_todo(about, "P1"), title=title, closing=closing)


def _partner(about: About) -> str:
    """With whom the person prepares, seen from their own organisation."""
    own = {
        member.organisation_id
        for member in about.meeting.network.members_on(about.meeting.day)
        if about.person in member.people
    }
    others = [organisation.name for organisation in about.meeting.preparers if organisation.id not in own]
    if not others:
        return (
            _("You prepare it alone; the host helps with the room.")
            if about.meeting.in_person
            else _("You prepare it alone.")
        )
    return _("You prepare it together with %(partner)s.", partner=", ".join(others))


def _p2(about: About) -> Section:
    title = _("There is no topic yet. One of these three is enough:")
    section = _section(about, [], _("Choose the topic"))
    return replace(section, list_title=title, items=topic_texts.quick_choices(about))


def _p3(about: About) -> Section:
    there, day = bool(about.meeting.running_order or about.meeting.open_agenda), full_day(about.deadline)
    return _section(
        about,
        [_room_for_preparers(about.meeting), *topic_texts.thread(about)],
        _("Look at the programme") if there else _("Fill in the programme"),
        usual=_("Your programme is there; the invitation shows it. Is it still right?")
        if there
        else _("The invitation goes out with your programme. Please fill it in by %(day)s.", day=day),
        items=_todo(about, "P3"),
        title=_("Also think of:") if there else _("A programme has:"),
    )


def _room_for_preparers(meeting: Meeting) -> str:
    if not meeting.in_person:
        return _("The meeting is online.")
    room = meeting.room
    parts = [room.name, _seats(room), room.screen] if room else []
    return _("The room: %(room)s.", room=", ".join(part for part in parts if part) or _("not known yet"))


def _p4(about: About) -> Section:
    names = {
        "topic": _("the topic"),
        "programme": _("the programme"),
        "place": _("the place"),
        "link": _("the link for the call"),
    }
    items = tuple(names[each] for each in missing(about.meeting))
    return _section(about, [], _("Fill it in"), items=items, title=_("This is what is still missing:"))


def _d1(about: About) -> Section:
    programme, question = about.meeting.running_order, about.meeting.question
    usual = _("You are invited to the meeting of %(network)s.", network=about.network)
    sentences = [
        *([_("Programme:") + "\n" + programme] if programme else []),
        *([_("To think about beforehand: %(question)s", question=question)] if question else []),
        _("Are you coming, or does a colleague come instead? Let us know with one press."),
    ]
    closing = (*directions(about.meeting), *notes_texts.still_open(about))
    return _section(about, sentences, _("Yes or no"), usual=usual, closing=closing)


def _d2(about: About) -> Section:
    call = number_to_call(about.meeting)
    usual = _("Here is once more what you need on the day.")
    programme = about.meeting.running_order
    sentences = [_("Programme:") + "\n" + programme] if programme else []
    sentences += [_("To dial in: %(link)s", link=link_of(about.meeting))] if link_of(about.meeting) else []
    closing = (*directions(about.meeting), *((call,) if call else ()))
    return _section(about, sentences, _("I cannot come after all"), usual=usual, closing=closing)


def number_to_call(meeting: Meeting) -> str:
    organisation = opener(meeting)
    people: list[Person | None] = [
        contact(meeting, organisation) if organisation else None,
        manager_of(meeting.network),
    ]
    person = next((each for each in people if each and each.phone), None)
    return _("On the day you reach %(name)s on %(phone)s.", name=person.name, phone=person.phone) if person else ""


SECTIONS: dict[str, Callable[[About], Section]] = {
    "H1": _h1, "H2": _h2, "H3": _h3, "H4": _h4, "H4o": _h4o, "P1": _p1, "P2": _p2, "P3": _p3, "P4": _p4,
    "D1": _d1, "D2": _d2, "D2o": _d2, **notes_texts.SECTIONS,
}  # fmt: skip
