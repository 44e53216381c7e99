"""What a publication would do: what changes of what people know, and who gets which mail."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from app.meetings.models import Cycle
from app.meetings.row import Change, changes_of
from app.networks.models import Membership
from app.people.models import Person
from app.planning.drafts import Draft


@dataclass(frozen=True)
class Notice:
    """One mail to one person about this publication."""

    person: Person
    kind: str  # Y0, C1 or C1x
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Preview:
    """A reviewed draft, with what publishing it changes and the mails that go out."""

    draft: Draft
    changes: tuple[Change, ...]
    notices: tuple[Notice, ...]

    @property
    def digest(self) -> str:
        """The same text for the same rows and notices: a form carries what its page showed."""
        rows = sorted((row.to_json() for row in self.draft.rows), key=lambda row: str(row["key"]))
        notices = [
            (each.person.id, each.person.email, each.kind, sorted(str(change.new.key) for change in each.changes))
            for each in self.notices
        ]
        told = json.dumps([rows, sorted(notices)], sort_keys=True)
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
    out: dict[int, Notice] = {}
    for member in members:
        told = tuple(change for change in changes if _concerns(change, member, first=not cycle.published))
        for person in member.people if told else ():
            if person.email:
                before = out[person.id].changes if person.id in out else ()
                merged = before + tuple(change for change in told if change not in before)
                out[person.id] = Notice(person, _kind(cycle, merged), merged)
    return sorted(out.values(), key=lambda notice: (notice.person.last_name, notice.person.first_name))


def _not_past(change: Change, today: date) -> bool:
    return any(row.date is not None and row.date >= today for row in (change.old, change.new) if row)


def _kind(cycle: Cycle, changes: Sequence[Change]) -> str:
    if not cycle.published:
        return "Y0"
    return "C1x" if all(change.new.cancelled for change in changes) else "C1"


def _concerns(change: Change, member: Membership, *, first: bool) -> bool:
    """Time, place and host concern everybody; other preparers only those who prepare, then or now."""
    if first or change.old is None or set(change.fields) - {"preparers"}:
        return member.on(change.new.date) if change.new.date else False
    concerned = {*change.old.preparers, *change.new.preparers, change.new.host}
    return member.organisation_id in concerned
