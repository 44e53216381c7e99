"""What a publication would do: what changes of what people know, and who gets which mail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.meetings.row import Change, Row, changes_of
from app.networks.models import Membership
from app.people.models import Person
from app.planning.drafts import Draft
from app.text import by_name


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
    members = [m for m in cycle.network.memberships if m.left is None or m.left >= max(today, date(cycle.year, 1, 1))]
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
    return sorted(
        told.values(), key=lambda notice: (by_name(notice.person.last_name), by_name(notice.person.first_name))
    )


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
