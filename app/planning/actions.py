"""Making and changing the draft of a year. Publishing has its own file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _

from app.audit import record
from app.edge import bounds
from app.errors import Refused, Stale
from app.extensions import db
from app.meetings import phrases
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import cycle_of, meetings_of
from app.meetings.row import LOCKABLE, Edit, Origin, Row, RowKey, by_date, published_rows, wall
from app.networks.models import Network
from app.planning import drafting, drafts
from app.planning.drafts import Draft
from app.planning.instance import new_rows, room_for
from app.planning.turn_limit import ANY_NUMBER
from app.planning.year_request import Wishes, for_network
from app.rounds.queries import starts_of

# What giving up a wish of the planner means for the wishes of the form.
GIVEN_UP: dict[str, dict[str, Any]] = {
    "no_repeat_host": {"repeat_host": True},
    "no_repeat_preparer": {"repeat_preparer": True},
    "host_not_preparer": {"host_may_prepare": True},
    "max_turns": {"max_turns": ANY_NUMBER},
    "weekdays": {"weekdays": (0, 1, 2, 3, 4)},
    "min_gap": {"min_gap": 1},
    "preparers_per_meeting": {"preparers": 1},
}


def open_year(network: Network, year: int) -> Cycle:
    """The network's cycle of that year, made when it is not there."""
    cycle = cycle_of(network, year)
    if cycle is None:
        cycle = Cycle(network=network, year=year)
        db.session.add(cycle)
        db.session.flush()
    return cycle


def wishes_for(network: Network, year: int) -> Wishes:
    """What to start the form with: this year's draft, last wishes, or a guess from the past."""
    cycle = cycle_of(network, year)
    draft = drafts.of(cycle) if cycle else None
    if draft:
        return draft.wishes
    past = [meeting for meeting in meetings_of([network.id]) if network.year_of(meeting.day) < year]
    pairs = sum(len(meeting.preparers) > 1 for meeting in past)
    return for_network(network, [meeting.day for meeting in past], 2 if 2 * pairs > len(past) else 1)


def propose(cycle: Cycle, wishes: Wishes, now: datetime) -> Draft:
    """A fresh proposal for the year: locked cells and published meetings keep their place.

    Raises Refused when the network cannot be planned at all (no region, no members, no weekday).
    """
    draft, anchors = to_plan(cycle, wishes, now)
    return keep_proposal(cycle, drafting.fill(cycle, draft, anchors), now)


def to_plan(cycle: Cycle, wishes: Wishes, now: datetime) -> tuple[Draft, dict[RowKey, Row]]:
    """The rows of a fresh proposal, still to be filled, and what it should differ from as little as possible."""
    network = cycle.network
    refuse_closed(cycle)
    _refuse_unplannable(network, cycle.year, wishes)
    today = now.astimezone(network.zone).date()
    old = drafts.of(cycle)
    if cycle.published:
        draft = old or change_of_published(cycle, now)
        return replace(draft, wishes=wishes), {row.key: row for row in published_rows(cycle)}
    asked = starts_of(network, cycle.year)
    rows = [_kept(row, old, asked) for row in new_rows(network, cycle.year, wishes, after=today)]
    if not rows:
        raise Refused(_("All these months are past. Choose later ones."))
    extra = [row for row in old.rows if row.key.origin is Origin.EXTRA] if old else []
    fixed = sum(len(row.locked) for row in rows)
    return Draft(wishes=wishes, rows=tuple(by_date([*rows, *extra])), by_hand=fixed), {}


def keep_proposal(cycle: Cycle, draft: Draft, now: datetime) -> Draft:
    """Store a proposal as the draft, and what it was asked for as the wishes of the network; return the draft."""
    cycle.network.wishes = draft.wishes.to_json()
    drafts.store(cycle, draft, undoable=True)
    record("proposal", cycle, now, network_id=cycle.network.id, status=draft.status)
    return draft


def refuse_closed(cycle: Cycle) -> None:
    """Raises Refused for a year that is closed: it stays as it was told."""
    if cycle.closed_at:
        raise Refused(
            _("%(year)s is closed. Open it again before you change it.", year=cycle.network.year_name(cycle.year))
        )


def _refuse_unplannable(network: Network, year: int, wishes: Wishes) -> None:
    if network.school_region is None:
        raise Refused(_("Choose the region of this network first: its holidays decide which days are open."))
    if not [m for m in network.memberships if m.left is None or m.left >= network.span(year)[0]]:
        raise Refused(_("This network has no organisations yet. Add or import them first."))
    if not wishes.weekdays:
        raise Refused(_("Choose at least one weekday."))


def _kept(row: Row, draft: Draft | None, asked: Mapping[date, time]) -> Row:
    """A fresh row with what was fixed by hand in the draft before, its time included unless that came with its day."""
    old = next((each for each in draft.rows if each.key == row.key), None) if draft else None
    if draft is None or old is None:
        return row
    kept = {name: getattr(old, name) for name in old.locked}
    own_time = {
        name: getattr(old, name) for name in ("start", "minutes") if getattr(old, name) != getattr(draft.wishes, name)
    }
    if "date" not in old.locked and old.date and asked.get(old.date) == old.start:
        own_time.pop("start", None)
    return replace(row, **kept, **own_time, locked=old.locked)


def change_of_published(cycle: Cycle, now: datetime) -> Draft:
    """A draft equal to what is published; what is past is locked."""
    today = now.astimezone(cycle.network.zone).date()
    rows = [row.lock(*LOCKABLE) if row.date and row.date < today else row for row in published_rows(cycle)]
    return Draft(
        wishes=wishes_for(cycle.network, cycle.year), rows=tuple(rows), status="feasible", base=cycle.published
    )


def draft_for_change(cycle: Cycle, now: datetime) -> Draft:
    """The open draft, or one equal to what is published."""
    refuse_closed(cycle)
    draft = drafts.of(cycle) or (change_of_published(cycle, now) if cycle.published else None)
    if draft is None:
        raise Refused(_("There is no plan for this year yet."))
    return draft


def check_version(cycle: Cycle, version: int, yours: str) -> None:
    """Raises Stale when somebody else changed the draft since `version`."""
    if version != cycle.draft_version:
        draft = drafts.of(cycle)
        known = phrases.names(cycle.network)
        lines = (
            [phrases.planned(row.date, row.start, row.host, known) for row in draft.rows] if draft else [_("No draft")]
        )
        raise Stale(
            _("Somebody else changed this plan meanwhile. Nothing of yours is stored."), "\n".join(lines), yours
        )


def edit(cycle: Cycle, changes: Mapping[RowKey, Edit], locks: Mapping[RowKey, tuple[str, ...]], now: datetime) -> Draft:
    """Set cells by hand, lock them, and propose the rest anew with as few moves as possible.

    `locks`: which of the lockable fields of a row to keep. Raises Refused for a wall time that does not exist.
    """
    draft = draft_for_change(cycle, now)
    before = {row.key: row for row in draft.rows}
    for key, values in changes.items():
        draft = draft.with_row(_edited(cycle.network, before[key], values))
    for key, fields in locks.items():
        changed = [name for name in LOCKABLE if name in changes.get(key, {})]
        draft = draft.with_row(replace(draft.row(key), locked=()).lock(*fields, *changed))
    draft = replace(draft, by_hand=draft.by_hand + sum(map(len, changes.values())))
    return _replan(cycle, draft, before, now, by_hand=changes)


def _edited(network: Network, row: Row, values: Edit) -> Row:
    if not bounds.near(values.get("date")):
        raise Refused(
            _("A meeting lies in the years %(first)s to %(last)s.", first=min(bounds.years()), last=max(bounds.years()))
        )
    row = replace(row, **values)
    if "host" in values and "room_id" not in values:
        row = replace(row, room_id=room_for(network, row.host))
    if row.mode == "online":
        row = replace(row, host=None, room_id=None)
    if row.key.origin is Origin.EXTRA and row.date:
        row = replace(row, window=(row.date, row.date))
    if row.date:
        try:
            wall(row.date, row.start, network.zone)
        except ValueError as error:
            raise Refused(_("That time does not exist on that day: the clock goes forward.")) from error
    return row.lock(*[name for name in LOCKABLE if name in values])


def _replan(
    cycle: Cycle, old: Draft, before: Mapping[RowKey, Row], now: datetime, by_hand: Mapping[RowKey, Edit] | None = None
) -> Draft:
    """Fill what is open anew; `moved` then holds what the planner changed, without what somebody set `by_hand`."""
    set_by_hand = by_hand or {}
    anchors = {row.key: row for row in published_rows(cycle)} if cycle.published else dict(before)
    draft = drafting.fill(cycle, old, anchors)
    draft = replace(draft, cost=drafting.cost_of(old, draft) if set_by_hand else None)
    if draft.status in drafts.PLANNED:
        moves = drafting.moves(before.values(), draft.rows)
        draft = replace(draft, moved=tuple(each for each in moves if each.field not in set_by_hand.get(each.key, {})))
    drafts.store(cycle, draft, undoable=True)
    record("draft-changed", cycle, now, network_id=cycle.network_id, status=draft.status)
    return draft


def undo_change(cycle: Cycle, now: datetime) -> None:
    """The draft as it was before the last change; raises Refused when there is none to go back to."""
    if not drafts.can_go_back(cycle):
        raise Refused(_("There is no change to undo."))
    drafts.go_back(cycle)
    record("draft-changed", cycle, now, network_id=cycle.network_id)


def add_extra(cycle: Cycle, day: date, start: time, minutes: int, mode: str, now: datetime) -> Draft:
    """An extra meeting on a day of the manager's choice; who hosts and prepares is proposed.

    Raises Refused when one is there at that moment already.
    """
    draft = draft_for_change(cycle, now)
    if any((row.date, row.start, row.cancelled) == (day, start, False) for row in draft.rows):
        raise Refused(_("At this time a meeting stands in the plan already; nothing was added."))
    number = 1 + max([row.key.number for row in draft.rows if row.key.origin is Origin.EXTRA], default=0)
    key = RowKey(Origin.EXTRA, number)
    row = Row(key, day, start, minutes, mode, window=(day, day), locked=("date", "mode"))
    before = {each.key: each for each in draft.rows}
    return _replan(cycle, replace(draft, rows=tuple(by_date([*draft.rows, row]))), before, now)


def remove(cycle: Cycle, key: RowKey, reason: str, now: datetime) -> Draft:
    """Take a meeting out: a drafted one disappears, a published one will be cancelled."""
    draft = draft_for_change(cycle, now)
    before = {each.key: each for each in draft.rows}
    if draft.row(key).meeting_id is None:
        rest = tuple(row for row in draft.rows if row.key != key)
        return _replan(cycle, replace(draft, rows=rest, reason=reason), before, now)
    draft = replace(draft.with_row(replace(draft.row(key), cancelled=True)), reason=reason)
    return settle(cycle, draft, now)


def relax(cycle: Cycle, wishes: Sequence[str], now: datetime) -> Draft:
    """Give up wishes that stand in the way, by button, and propose again."""
    draft = draft_for_change(cycle, now)
    for wish in wishes:
        given_up = GIVEN_UP.get(wish.split(":", maxsplit=1)[0])
        if given_up:
            draft = replace(draft, wishes=replace(draft.wishes, **given_up))
        else:
            draft = replace(draft, dropped=(*draft.dropped, wish))
    made = _replan(cycle, draft, {row.key: row for row in draft.rows}, now)
    cycle.network.wishes = made.wishes.to_json()
    for wish in wishes:
        record("wish-dropped", cycle, now, network_id=cycle.network_id, wish=wish)
    return made


def settle(cycle: Cycle, draft: Draft, now: datetime) -> Draft:
    """Keep a draft as it stands, nothing else moved, with its clashes worked out."""
    draft = drafting.review(cycle, draft)
    drafts.store(cycle, draft, undoable=True)
    record("draft-changed", cycle, now, network_id=cycle.network_id)
    return draft


def change_meeting(meeting: Meeting, values: Edit, reason: str, now: datetime) -> Draft:
    """One published meeting changed in the draft: moved, online, another host. Nothing else moves."""
    draft = draft_for_change(meeting.cycle, now)
    row = next(each for each in draft.rows if each.meeting_id == meeting.id)
    changed = _edited(meeting.network, row, values)
    return settle(meeting.cycle, replace(draft.with_row(changed), reason=reason), now)


def amended(cycle: Cycle, changes: Mapping[int, Edit], reason: str, now: datetime) -> Draft:
    """What is published with these changes, {meeting id: what of it}, and nothing of an open draft."""
    draft = replace(change_of_published(cycle, now), reason=reason)
    rows = [_edited(cycle.network, row, changes.get(row.meeting_id or 0, {})) for row in draft.rows]
    return drafting.review(cycle, replace(draft, rows=tuple(rows)), reasons=False)


def drop_draft(cycle: Cycle, now: datetime) -> None:
    """Throw the draft away; what is published stays."""
    drafts.store(cycle, None)
    record("draft-dropped", cycle, now, network_id=cycle.network_id)
