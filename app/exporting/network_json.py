"""Networks -> the JSON object of the contract, from which `restoring` makes the same rows again."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from app.availability.models import Absence
from app.availability.queries import absences_listed
from app.calendars.rendering import uid_of
from app.closing.models import Stay
from app.closing.queries import stays_in
from app.extensions import db
from app.library.queries import links_of
from app.meetings.balances import owed_at
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import meetings_of
from app.meetings.row import Row
from app.networks.models import Membership, Network, Programme, Room
from app.networks.queries import with_members
from app.people.models import Person
from app.planning import drafts
from app.pulse.models import Pulse
from app.pulse.queries import closed
from app.reports.queries import words_in, words_of_all
from app.results.models import Agreement, Result
from app.results.queries import agreed_at, notes_of
from app.topics.models import Reply, Topic
from app.topics.queries import topics_of

NETWORK = (
    "slug",
    "name",
    "state",
    "timezone",
    "goal",
    "region",
    "mode",
    "link",
    "size_wanted",
    "minimum",
    "keeps_names",
    "usual_programme",
    "pulse",
    "year_begins",
    "public",
    "open_to_join",
    "for_whom",
    "rhythm",
    "guests_get_notes",
    "wishes",
)
ORGANISATION = ("name", "short_name", "town", "region", "listed", "offers", "website")
PROGRAMME = (
    "name",
    "language",
    "region",
    "timezone",
    "sender_name",
    "sender_email",
    "shares_topics",
    "public",
    "open_to_start",
    "about",
)
ROOM = ("name", "seats", "address", "directions", "wheelchair", "screen")
PERSON = ("name", "email", "title", "first_name", "last_name", "phone", "language")
MEETING = (
    "mode",
    "topic",
    "place",
    "link",
    "running_order",
    "open_agenda",
    "question",
    "open_to",
    "guest_seats",
    "attended",
    "imported",
)
RESULT = ("next_time", "recording_consent")
PULSE = ("asked", "answers", "atmosphere", "goal", "sentences")
TOPIC = ("title", "kind", "why", "reach", "public", "choices", "unnamed", "answer")
LINK = ("url", "title", "theme")


@dataclass(frozen=True)
class _WhatCame:
    """What came of the meetings, by meeting; answers of people are in no export."""

    notes: Mapping[int, Result]
    agreements: Mapping[int, Sequence[Agreement]]
    pulses: Mapping[int, Pulse]
    words: Mapping[tuple[int, int], str]  # {(network, year): what its manager says of it}

    def of(self, meeting: Meeting) -> dict[str, Any]:
        notes, pulse = self.notes.get(meeting.id), self.pulses.get(meeting.id)
        return {
            "result": self._result(meeting, notes) if notes else None,
            "pulse": _taken(PULSE, pulse) | {"closed": _utc(pulse.closed_at)} if pulse else None,
        }

    def _result(self, meeting: Meeting, notes: Result) -> dict[str, Any]:
        recording = {"url": notes.recording, "until": _iso(notes.recording_until)}
        return _taken(RESULT, notes) | {
            "at": _iso(meeting.notes_at),
            "outcomes": [line.strip() for line in notes.outcomes.splitlines() if line.strip()],
            "agreements": [_agreement(row) for row in self.agreements.get(meeting.id, ())],
            "recording": recording if notes.recording_until else None,
        }


def _agreement(row: Agreement) -> dict[str, Any]:
    return {
        "text": row.text,
        "organisation": row.organisation.name if row.organisation else None,
        "due": _iso(row.due),
        "done": _iso(row.done_at),
    }


def export(network_ids: Sequence[int], now: datetime) -> dict[str, Any]:
    """Everything of these networks that is theirs, by name: a fixed number of queries for any number of networks."""
    networks = with_members(network_ids)
    absences = _absences(networks)
    cycles = list(db.session.scalars(select(Cycle).where(Cycle.network_id.in_(network_ids)).order_by(Cycle.year)))
    meetings, topics, links = meetings_of(network_ids), topics_of(network_ids), links_of(network_ids)
    came = _WhatCame(
        notes_of(network_ids), agreed_at([each.id for each in meetings]), closed(network_ids), words_in(network_ids)
    )
    programmes = {network.programme_id: network.programme for network in networks}
    words, said = words_of_all(list(programmes)), _said(network_ids)
    return {
        "programmes": [
            _taken(PROGRAMME, programmes[number]) | {"words": words.get(number, {})} for number in sorted(programmes)
        ],
        "networks": [
            _taken(NETWORK, network)
            | {
                "programme": network.programme.name,
                "organisations": [
                    _member(m, absences[m.organisation_id]) | {"stays": said[m.id]} for m in _by_name(network)
                ],
                "cycles": [
                    _cycle(cycle, network, meetings, came, now) for cycle in cycles if cycle.network_id == network.id
                ],
                "topics": [_topic(topic, network) for topic in topics if topic.network_id == network.id],
                "links": [_taken(LINK, link) for link in links if link.network_id == network.id],
            }
            for network in networks
        ],
    }


def networks_of(programme: Programme) -> list[int]:
    return [network.id for network in programme.networks]


def _taken(names: Iterable[str], row: object) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _absences(networks: Sequence[Network]) -> dict[int, list[Absence]]:
    organisations = {m.organisation_id: m.organisation for network in networks for m in network.memberships}
    found: dict[int, list[Absence]] = defaultdict(list)
    for absence in absences_listed(list(organisations.values())):
        found[absence.organisation_id].append(absence)
    return found


def _said(network_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """{membership: what it was asked and said of years to come}; who said it is in no export."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in (each for rows in stays_in(network_ids).values() for each in rows):
        found[row.membership_id].append(_stay(row))
    return found


def _stay(row: Stay) -> dict[str, Any]:
    return {"year": row.year, "answer": row.answer, "asked": _iso(row.asked_at), "answered": _iso(row.answered_at)}


def _by_name(network: Network) -> list[Membership]:
    return sorted(network.memberships, key=lambda m: (m.organisation.name, m.joined, m.id))


def _member(membership: Membership, absences: Sequence[Absence]) -> dict[str, Any]:
    organisation = membership.organisation
    return {
        **_taken(ORGANISATION, organisation),
        "joined": membership.joined.isoformat(),
        "left": _iso(membership.left),
        "duties_from": _iso(membership.duties_from),
        "hosts": membership.hosts,
        "prepares": membership.prepares,
        "contacts": [_contact(person) for person in membership.people],
        "rooms": [_taken(ROOM, room) for room in sorted(organisation.rooms, key=lambda room: room.id)],
        "absences": [_absence(absence) for absence in absences],
    }


def _contact(person: Person) -> dict[str, Any]:
    return _taken(PERSON, person)


def _absence(absence: Absence) -> dict[str, Any]:
    days = {"from": _iso(absence.first), "until": _iso(absence.last)}
    return days | {"weekday": absence.weekday, "only": absence.only, "reason": absence.reason}


def _iso(value: Any) -> str | None:
    return value.isoformat() if value else None


def _cycle(
    cycle: Cycle, network: Network, meetings: Sequence[Meeting], came: _WhatCame, now: datetime
) -> dict[str, Any]:
    rows = [_meeting(meeting, now) | came.of(meeting) for meeting in meetings if meeting.cycle_id == cycle.id]
    draft = drafts.of(cycle) if cycle.published is None and not rows else None
    if draft is not None:
        names = {m.organisation_id: m.organisation.name for m in network.memberships}
        rooms = {room.id: room for m in network.memberships for room in m.organisation.rooms}
        rows = [_drafted(row, network, names, rooms) for row in draft.rows if row.date]
    named = {
        "version": cycle.published,
        "closed": _iso(cycle.closed_at),
        "words": came.words.get((network.id, cycle.year), ""),
    }
    return {"year": cycle.year, "begins": network.year_begins, **named, "meetings": rows}


def _meeting(meeting: Meeting, now: datetime) -> dict[str, Any]:
    owed = owed_at(meeting) if meeting.owed or (meeting.ends_at <= now and not meeting.cancelled) else {}
    names = {duty.organisation_id: duty.organisation.name for duty in meeting.duties}
    names |= {m.organisation_id: m.organisation.name for m in meeting.network.memberships}
    return _taken(MEETING, meeting) | {
        "uid": uid_of(meeting),
        "start": meeting.local_start.isoformat(),
        "end": meeting.local_end.isoformat(),
        "status": meeting.status,
        "sequence": meeting.sequence,
        "changed": _utc(meeting.changed_at),
        "room": meeting.room.name if meeting.room else None,
        "host": meeting.host.name if meeting.host else None,
        "preparers": sorted(organisation.name for organisation in meeting.preparers),
        "owed": {kind: sorted(names[each] for each in ids if each in names) for kind, ids in owed.items()} or None,
    }


def _topic(topic: Topic, network: Network) -> dict[str, Any]:
    """To whom it matters, and who proposed it, as far as they take part or did."""
    people = {person.id: known_as for known_as, person in people_of(network).items()}
    return {
        **_taken(TOPIC, topic),
        "proposed": _utc(topic.created_at),
        "by": None if topic.unnamed else people.get(topic.person_id or 0),
        "organisation": topic.organisation.name if topic.organisation else None,
        "brings": topic.brings.name if topic.brings else None,
        "closed": _iso(topic.closed_at and topic.closed_at.date()),
        "hidden": topic.hidden_because if topic.hidden_at else None,
        "meeting": uid_of(topic.meeting) if topic.meeting else None,
        "matters_to": sorted(people[wish.person_id] for wish in topic.wishes if wish.person_id in people),
        "replies": [_reply(row, people) for row in topic.replies],
    }


def _reply(row: Reply, people: dict[int, str]) -> dict[str, Any]:
    return {
        "organisation": row.organisation.name if row.organisation else None,
        "by": people.get(row.person_id or 0),
        "choice": row.choice,
        "text": row.text,
        "written": _utc(row.created_at),
        "hidden": row.hidden_because if row.hidden_at else None,
    }


def people_of(network: Network) -> dict[str, Person]:
    """{address, or name of who has none: person}."""
    return {person.email or person.name: person for member in network.memberships for person in member.people}


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).isoformat()


def _drafted(row: Row, network: Network, names: dict[int, str], rooms: dict[int, Room]) -> dict[str, Any]:
    """A line of a draft: nobody's calendar knows it, so it has no uid."""
    return {
        "uid": None,
        "start": row.starts_at(network.zone).astimezone(network.zone).isoformat(),
        "end": row.ends_at(network.zone).astimezone(network.zone).isoformat(),
        "status": "cancelled" if row.cancelled else "confirmed",
        "sequence": 0,
        "mode": row.mode,
        "place": row.place,
        "link": row.link,
        "room": rooms[row.room_id].name if row.room_id in rooms else None,
        "host": names.get(row.host) if row.host else None,
        "preparers": sorted(names[each] for each in row.preparers if each in names),
    }
