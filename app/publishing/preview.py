"""What a publication would do: what changes of what people know, and who gets which mail."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.meetings.row import Change, Row, changes_of
from app.networks.models import Membership
from app.people.models import Person
from app.planning.drafts import Draft
from app.text import by_name

OF_CHANGES = ("C1", "C1x", "K1", "K2")  # mails that say what changed
IN_LETTERS = ("date", "start", "minutes", "mode", "host", "preparers", "place", "cancelled")


@dataclass(frozen=True)
class Passed:
    """A turn that goes from one organisation to another: `row` is the meeting as it will be."""

    row: Row
    kind: str  # host or preparation
    organisation: int
    other: int | None  # who had it, or who has it now; None when nobody, or more than one
    stays: bool = False  # of who had it: whether it was theirs, and nothing in this publication stands for it


@dataclass(frozen=True)
class Notice:
    """One mail to one person about this publication."""

    person: Person
    kind: str  # Y0, C1, C1x; K1 when a turn is new to their organisation, else K2 when one passed on
    changes: tuple[Change, ...]
    gained: tuple[Passed, ...] = ()
    lost: tuple[Passed, ...] = ()
    catches_up: bool = False  # says what an earlier mail, overtaken before it left, can no longer say


@dataclass(frozen=True)
class Preview:
    """A reviewed draft, with what publishing it changes and the mails that go out."""

    draft: Draft
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]

    @property
    def digest(self) -> str:
        """The same text for the same rows, clashes and notices: a form carries what its page showed."""
        rows = sorted((row.to_json() for row in self.draft.rows), key=lambda row: str(row["key"]))
        notices = [
            (each.person.id, each.person.email, each.kind, sorted(str(change.new.key) for change in each.changes))
            for each in self.notices
        ]
        clashes = sorted((each.rule, str(each.meeting)) for each in self.draft.clashes)
        told = json.dumps([rows, clashes, sorted(notices)], sort_keys=True)
        return sha256(told.encode()).hexdigest()


def preview_of(cycle: Cycle, draft: Draft, now: datetime) -> Preview:
    """Publishing does what this says; `draft` is one that was just reviewed."""
    changes = changes_of(cycle, draft.rows)
    return Preview(draft, tuple(changes), tuple(notices_of(cycle, changes, now)))


def notices_of(cycle: Cycle, changes: Sequence[Change], now: datetime) -> list[Notice]:
    """Who gets which mail, one a person: the whole year at first, later only what changed."""
    today = now.astimezone(cycle.network.zone).date()
    changes = [change for change in changes if _not_past(change, today)]
    if not changes:
        return []
    members = [
        m
        for m in cycle.network.memberships
        if m.left is None or m.left >= max(today, cycle.network.span(cycle.year)[0])
    ]
    told: dict[int, Notice] = {}
    turns = _Turns(cycle, changes, today) if cycle.published else None
    for member in members:
        concerned = tuple(change for change in changes if _concerns(change, member, first=turns is None))
        for person in member.people if concerned else ():
            if person.email:
                before = told.get(person.id) or Notice(person, "", ())
                merged = before.changes + tuple(change for change in concerned if change not in before.changes)
                gained = before.gained + (turns.gained(member.organisation_id) if turns else ())
                lost = before.lost + (turns.lost(member.organisation_id) if turns else ())
                told[person.id] = Notice(person, _kind(cycle, merged, gained, lost), merged, gained, lost)
    _catch_up(cycle, changes, {person.id: person for member in members for person in member.people}, told)
    return sorted(
        told.values(), key=lambda notice: (by_name(notice.person.last_name), by_name(notice.person.first_name))
    )


@dataclass(frozen=True)
class _Untold:
    """A mail about a change of a meeting has not left: `known` is the meeting as its reader knows it, None if not at
    all. A mail about a turn says itself who has it when it leaves."""

    known: dict[str, Any] | None
    turn: bool


def _catch_up(cycle: Cycle, changes: Sequence[Change], people: Mapping[int, Person], told: dict[int, Notice]) -> None:
    """Whoever waits for the mail of a change that is overtaken now hears from what they know to what is so."""
    for number, untold in _overtaken(cycle, changes).items():
        person = people.get(number)
        if person is None or not person.email:
            continue
        notice = told.pop(number, None) or Notice(person, "", ())
        turns = bool(notice.gained or notice.lost)
        more = [each for each in changes if each.new.meeting_id in untold and each not in notice.changes]
        found = [(each, _from_known(each, untold.get(each.new.meeting_id or 0))) for each in (*notice.changes, *more)]
        merged = tuple(new or old for old, new in found if new or turns)
        if merged:
            kind = _kind(cycle, merged, notice.gained, notice.lost)
            told[number] = replace(notice, kind=kind, changes=merged, catches_up=True)


def _overtaken(cycle: Cycle, changes: Sequence[Change]) -> dict[int, dict[int, _Untold]]:
    """{person: {meeting: what they know}} of mails that have not left and say what these changes make untrue."""
    zone, found = cycle.network.zone, dict[int, dict[int, _Untold]]()
    new = {each.new.meeting_id: each.new.for_letter(zone) for each in changes if each.new.meeting_id}
    waiting = select(Message).where(Message.network_id == cycle.network_id, Message.kind.in_(OF_CHANGES))
    for message in db.session.scalars(waiting.where(Message.state == "planned").order_by(Message.id)):
        turns = {turn["meeting_id"] for turn in (*message.params["gained"], *message.params["lost"])}
        for each in message.params["changes"]:
            meeting = each["meeting_id"]
            if meeting in new and each["new"] != new[meeting]:
                untold = _Untold(each["old"], meeting in turns)
                found.setdefault(message.person_id, {}).setdefault(meeting, untold)
    return found


def _from_known(change: Change, untold: _Untold | None) -> Change | None:
    """The change as somebody sees it who knows an earlier state; None when there is nothing to tell."""
    if untold is None:
        return change
    if untold.known is None or change.old is None:
        return None if change.new.cancelled else Change(None, change.new)
    known = Row.of_letter(change.new.meeting_id or 0, untold.known)
    of_turns = ("host", "preparers") if untold.turn else ()
    values = {name: getattr(known, name) for name in IN_LETTERS if name not in of_turns}
    merged = Change(replace(change.old, **values), change.new)
    return merged if merged.fields else None


class _Turns:
    """Which turns these changes give to an organisation, and which they take from it."""

    def __init__(self, cycle: Cycle, changes: Sequence[Change], today: date) -> None:
        on = [c for c in changes if not c.new.cancelled and c.new.date and c.new.date >= today]
        self._moves = [(c.new, kind, *_sides(c, kind)) for c in on for kind in ("host", "preparation")]
        duties = [duty for meeting in meetings_of_year(cycle) for duty in meeting.duties]
        self._owed_by = {(duty.meeting_id, duty.kind, duty.organisation_id): duty.owed_by_id for duty in duties}

    def gained(self, who: int) -> tuple[Passed, ...]:
        return tuple(
            Passed(row, kind, who, _only(old - new)) for row, kind, old, new in self._moves if who in new - old
        )

    def lost(self, who: int) -> tuple[Passed, ...]:
        instead = {turn.kind for turn in self.gained(who)}
        return tuple(
            Passed(row, kind, who, _only(new - old), kind not in instead and self._stays(row, kind, who))
            for row, kind, old, new in self._moves
            if who in old - new
        )

    def _stays(self, row: Row, kind: str, who: int) -> bool:
        return self._owed_by.get((row.meeting_id or 0, kind, who)) == who


def _sides(change: Change, kind: str) -> tuple[set[int], set[int]]:
    """Who had the turn, and who has it now."""
    old, new = (_on_duty(row, kind) if row else set() for row in (change.old, change.new))
    return old, new


def _on_duty(row: Row, kind: str) -> set[int]:
    return set(row.preparers if kind == "preparation" else [row.host] if row.host else [])


def _only(found: set[int]) -> int | None:
    return next(iter(found)) if len(found) == 1 else None


def _not_past(change: Change, today: date) -> bool:
    return any(row.date is not None and row.date >= today for row in (change.old, change.new) if row)


def _kind(cycle: Cycle, changes: Sequence[Change], gained: Sequence[Passed], lost: Sequence[Passed]) -> str:
    if not cycle.published:
        return "Y0"
    if gained or lost:
        return "K1" if gained else "K2"
    return "C1x" if all(change.new.cancelled for change in changes) else "C1"


def _concerns(change: Change, member: Membership, *, first: bool) -> bool:
    """Time, place and host concern everybody; other preparers only those who prepare, then or now."""
    if first or change.old is None or set(change.fields) - {"preparers"}:
        return member.on(change.new.date) if change.new.date else False
    concerned = {*change.old.preparers, *change.new.preparers, change.new.host}
    return member.organisation_id in concerned
