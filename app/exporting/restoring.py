"""The JSON of an export -> rows: into an empty place it gives what was exported, calendar ids included."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, null, select

from app.audit import record
from app.availability.models import Absence
from app.calendars.rendering import uid_of
from app.closing.models import Stay
from app.errors import Refused
from app.exporting.network_json import LINK, MEETING, NETWORK, ORGANISATION, PULSE, RESULT, ROOM, TOPIC, people_of
from app.extensions import db
from app.library.models import Link
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.meetings.row import Origin, Row, RowKey, of_meeting
from app.networks.actions import found_programme, organisation_for
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Room
from app.networks.queries import network_by_slug
from app.networks.sharing import known_here
from app.people.addresses import receiving
from app.people.models import Person
from app.people.queries import by_email
from app.planning import drafts
from app.planning.year_request import Wishes
from app.pulse.models import Pulse
from app.reports.actions import say, words_row
from app.reports.models import YearWords
from app.results.models import Agreement, Result
from app.topics.models import Reply, Topic, TopicWish

Said = Mapping[str, Any]


@dataclass
class _Place:
    """Where the rows go, and those that several networks share."""

    now: datetime
    programmes: dict[str, Programme] = field(default_factory=dict)
    nameless: dict[tuple[str, str], Person] = field(default_factory=dict)  # people without address
    people: dict[str, Person] = field(default_factory=dict)  # made from this export, by address
    meetings: dict[str, Meeting] = field(default_factory=dict)  # by the uid they went out with


def restore(export: Any, now: datetime) -> int:
    """Make the rows an export describes; returns the number of networks.

    Raises Refused when it is no export or a network of that address is there already; nothing is changed then.
    """
    try:
        with db.session.begin_nested():
            return _restore(export, now)
    except (AttributeError, KeyError, LookupError, TypeError, ValueError) as error:
        raise Refused(_("This file is no export of Toerbeurt.")) from error


def _restore(export: Said, now: datetime) -> int:
    place = _Place(now)
    for said in export.get("programmes", ()):
        _programme(place, said["name"], said)
    for said in export["networks"]:
        if network_by_slug(said["slug"]) is not None:
            raise Refused(_("The network %(slug)s is here already.", slug=said["slug"]))
        _network(place, said)
    _mend_sequence()
    return len(export["networks"])


def _programme(place: _Place, name: str, said: Said) -> Programme:
    if name not in place.programmes:
        language = said.get("language", "nl")
        programme = found_programme(name, language=language, now=place.now, region=said.get("region"))
        for key in ("timezone", "sender_name", "sender_email", "shares_topics", "public", "open_to_start", "about"):
            if said.get(key):
                setattr(programme, key, said[key])
        for year, words in said.get("words", {}).items():
            say(words_row(programme, None, int(year)), words, place.now)
        place.programmes[name] = programme
    return place.programmes[name]


def _network(place: _Place, said: Said) -> None:
    programme = _programme(place, said["programme"], {})
    network = Network(programme=programme, **{key: said[key] for key in NETWORK if key in said})
    db.session.add(network)
    db.session.flush()
    network.changed(place.now)
    for member in said["organisations"]:
        _member(place, network, member)
    db.session.flush()
    for cycle in said["cycles"]:
        _cycle(place, network, cycle)
    for topic in said.get("topics", ()):
        _topic(place, network, topic)
    for link in said.get("links", ()):
        db.session.add(Link(network=network, added_at=place.now, **{key: link[key] for key in LINK}))
    db.session.flush()
    record("restored", network, place.now, network_id=network.id, programme_id=programme.id)


def _member(place: _Place, network: Network, said: Said) -> None:
    organisation = _organisation(place, network.programme, said)
    membership = Membership(
        network=network,
        organisation=organisation,
        joined=date.fromisoformat(said["joined"]),
        left=_day(said["left"]),
        duties_from=_day(said.get("duties_from")),
        hosts=null() if said["hosts"] is None else said["hosts"],  # None would mean the column's default
        prepares=said.get("prepares", True),
    )
    db.session.add(membership)
    for position, contact in enumerate(said["contacts"]):
        person = _person(place, organisation, contact)
        db.session.add(Contact(membership=membership, person=person, position=position))
    for stay in said.get("stays", ()):
        at = {"asked_at": _instant(stay["asked"]), "answered_at": _instant(stay["answered"])}
        db.session.add(Stay(membership=membership, year=stay["year"], answer=stay["answer"], **at))


def _organisation(place: _Place, programme: Programme, said: Said) -> Organisation:
    """Its rooms and absences come with it, once."""
    organisation = organisation_for(programme, said["name"], place.now)
    if organisation.rooms or organisation.memberships:
        return organisation
    for key in ORGANISATION[1:]:
        setattr(organisation, key, said.get(key, getattr(organisation, key)))
    for room in said["rooms"]:
        db.session.add(Room(organisation=organisation, **{key: room[key] for key in ROOM if key in room}))
    for absence in said["absences"]:
        first, last = _day(absence["from"]), _day(absence["until"])
        values = {"weekday": absence["weekday"], "only": absence["only"], "reason": absence.get("reason", "")}
        db.session.add(Absence(organisation=organisation, first=first, last=last, **values))
    db.session.flush()
    return organisation


def _person(place: _Place, organisation: Organisation, said: Said) -> Person:
    if said["email"] and receiving(said["email"]) is None:
        raise Refused(_("Mail cannot reach %(address)s. Change it in the file, or take it out.", address=said["email"]))
    key = (organisation.name, said["name"])
    person = _with_address(place, organisation.programme, said) if said["email"] else place.nameless.get(key)
    if person is None:
        first, _space, last = said["name"].partition(" ")
        person = Person(
            title=said.get("title", ""),
            first_name=said.get("first_name", first),
            last_name=said.get("last_name", last),
            email=said["email"],
            phone=said.get("phone", ""),
            language=said.get("language", organisation.programme.language),
            as_typed=bool(said["email"] and by_email(said["email"])),
        )
        db.session.add(person)
        db.session.flush()
        place.people[person.email or ""] = person
    if not said["email"]:
        place.nameless[key] = person
    return person


def _with_address(place: _Place, programme: Programme, said: Said) -> Person | None:
    """Whom the programme knows, or this very export: others who have the address say themselves that it is them."""
    made = place.people.get(said["email"])
    return known_here(programme, said["email"]) or (made if made and made.name == said["name"] else None)


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _cycle(place: _Place, network: Network, said: Said) -> None:
    cycle = Cycle(network=network, year=said["year"], published=said["version"], closed_at=_instant(said.get("closed")))
    db.session.add(cycle)
    db.session.flush()
    if said.get("words"):
        where = {"programme_id": network.programme_id, "network_id": network.id, "year": cycle.year}
        db.session.add(YearWords(words=said["words"], **where))
    meetings = [_meeting(place, cycle, meeting) for meeting in said["meetings"] if meeting["uid"]]
    drafted = [meeting for meeting in said["meetings"] if not meeting["uid"]]
    db.session.flush()
    if said["version"]:
        rows = [of_meeting(meeting).to_json() for meeting in meetings]
        db.session.add(PublishedVersion(cycle=cycle, number=said["version"], at=place.now, rows=rows))
    elif drafted:
        wishes = Wishes.from_json(network.wishes) if network.wishes else Wishes()
        rows_of_draft = tuple(_drafted(network, n, meeting) for n, meeting in enumerate(drafted))
        drafts.store(cycle, drafts.Draft(wishes, rows_of_draft))


def _meeting(place: _Place, cycle: Cycle, said: Said) -> Meeting:
    network = cycle.network
    known, named = _known(network), _naming(place, network)
    meeting = Meeting(
        id=_free_id(said["uid"]),
        cycle=cycle,
        network=network,
        starts_at=datetime.fromisoformat(said["start"]).astimezone(UTC),
        ends_at=datetime.fromisoformat(said["end"]).astimezone(UTC),
        status=said["status"],
        sequence=said["sequence"],
        changed_at=datetime.fromisoformat(said["changed"]) if "changed" in said else place.now,
        room=_room(known.get(said["host"]), said.get("room")),
        **{"mode": "in-person"} | {key: said[key] for key in MEETING if key in said},
    )
    owed = said.get("owed") or {}
    meeting.owed = {kind: [named(name).id for name in names] for kind, names in owed.items()} or None
    hosts = [("host", said["host"])] if said["host"] else []
    for kind, name in [*hosts, *(("preparation", each) for each in said["preparers"])]:
        organisation = named(name)
        meeting.duties.append(Duty(kind=kind, organisation=organisation, owed_by=organisation))
    db.session.add(meeting)
    place.meetings[said["uid"]] = meeting
    if result := said.get("result") or _of_before(said.get("notes")):
        _result(meeting, result, named)
    if pulse := said.get("pulse"):
        sums = {key: pulse[key] for key in PULSE}
        db.session.add(Pulse(meeting=meeting, closed_at=datetime.fromisoformat(pulse["closed"]), **sums))
    return meeting


def _of_before(notes: Said | None) -> Said | None:
    """Notes as exports said them before version 0.2: what was agreed as lines."""
    if not notes:
        return None
    lines = {key: [line for line in notes[key].splitlines() if line.strip()] for key in ("outcomes", "agreements")}
    agreed = [{"text": line[:300], "organisation": None, "due": None, "done": None} for line in lines["agreements"]]
    return {**notes, "outcomes": lines["outcomes"], "agreements": agreed, "recording": None, "recording_consent": ""}


def _result(meeting: Meeting, said: Said, named: Callable[[str], Organisation]) -> None:
    recording = said["recording"] or {"url": "", "until": None}
    meeting.notes_at = datetime.fromisoformat(said["at"])
    db.session.add(
        Result(
            meeting=meeting,
            saved_at=meeting.notes_at,
            outcomes="\n".join(said["outcomes"]),
            recording=recording["url"],
            recording_until=_day(recording["until"]),
            **{key: said[key] for key in RESULT},
        )
    )
    for each in said["agreements"]:
        db.session.add(
            Agreement(
                meeting=meeting,
                network_id=meeting.network.id,
                text=each["text"],
                organisation=named(each["organisation"]) if each["organisation"] else None,
                due=_day(each["due"]),
                done_at=datetime.fromisoformat(each["done"]) if each["done"] else None,
            )
        )


def _topic(place: _Place, network: Network, said: Said) -> None:
    people, named = people_of(network), _naming(place, network)
    topic = Topic(
        network=network,
        **{key: said[key] for key in TOPIC if key in said},
        created_at=datetime.fromisoformat(said["proposed"]),
        person_id=people[said["by"]].id if said["by"] else None,
        organisation=named(said["organisation"]) if said.get("organisation") else None,
        brings=named(said["brings"]) if said.get("brings") else None,
        meeting=_kept_by(place, said),
        closed_at=_morning(said.get("closed")),
        hidden_at=None if said.get("hidden") is None else place.now,
        hidden_because=said.get("hidden") or "",
    )
    topic.wishes = [TopicWish(person_id=people[each].id) for each in said["matters_to"]]
    topic.replies = [_reply(place, row, people, named) for row in said.get("replies", ())]
    db.session.add(topic)


def _kept_by(place: _Place, said: Said) -> Meeting | None:
    """The meeting of a topic, which keeps one; before kinds were known, the one whose words it has."""
    meeting = place.meetings.pop(said["meeting"], None) if said["meeting"] else None
    return meeting if meeting and ("kind" in said or meeting.topic == said["title"]) else None


def _morning(day: str | None) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time(8), UTC) if day else None


def _reply(place: _Place, said: Said, people: dict[str, Person], named: Callable[[str], Organisation]) -> Reply:
    return Reply(
        person_id=people[said["by"]].id if said["by"] else None,
        organisation=named(said["organisation"]) if said["organisation"] else None,
        choice=said["choice"],
        text=said["text"],
        created_at=datetime.fromisoformat(said["written"]),
        hidden_at=None if said["hidden"] is None else place.now,
        hidden_because=said["hidden"] or "",
    )


def _naming(place: _Place, network: Network) -> Callable[[str], Organisation]:
    """What finds an organisation by name: a member of the network, else one of its programme."""
    known = _known(network)
    return lambda name: known.get(name) or _organisation(place, network.programme, _stranger(name))


def _stranger(name: str) -> Said:
    """An organisation that had a turn and is no member any more."""
    return {"name": name, "rooms": (), "absences": ()}


def _known(network: Network) -> dict[str, Organisation]:
    return {membership.organisation.name: membership.organisation for membership in network.memberships}


def _room(host: Organisation | None, name: str | None) -> Room | None:
    return next((room for room in host.rooms if room.name == name), None) if host and name else None


def _free_id(uid: str) -> int | None:
    """The number in a uid that is ours, when no meeting has it: calendars go on knowing the meeting."""
    found = re.fullmatch(r"meeting-(\d{1,15})@.+", uid)
    number = int(found[1]) if found else None
    taken = select(Meeting.id).where(Meeting.id == number)
    ours = number is not None and uid == uid_of(Meeting(id=number)) and db.session.scalar(taken) is None
    return number if ours else None


def _mend_sequence() -> None:
    """PostgreSQL does not notice ids that were given; SQLite does."""
    db.session.flush()
    if db.session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence("meeting", "id")
        highest = db.session.scalar(select(func.max(Meeting.id))) or 0
        db.session.execute(select(func.setval(sequence, func.greatest(highest, func.nextval(sequence)))))


def _drafted(network: Network, n: int, said: Said) -> Row:
    known = _known(network)
    start = datetime.fromisoformat(said["start"]).astimezone(network.zone)
    minutes = int((datetime.fromisoformat(said["end"]) - start).total_seconds()) // 60
    host = known.get(said["host"])
    room = _room(host, said.get("room"))
    return Row(
        key=RowKey(Origin.RESTORED, n + 1),
        date=start.date(),
        start=start.time(),
        minutes=minutes,
        mode=said.get("mode"),
        host=host.id if host else None,
        preparers=tuple(known[name].id for name in said["preparers"] if name in known),
        room_id=room.id if room else None,
        place=said.get("place", ""),
        link=said.get("link", ""),
        cancelled=said["status"] == "cancelled",
    )
