"""From draft to published version n: the notices, the rows, the log; and back again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.audit import record
from app.errors import Refused, Stale
from app.extensions import db
from app.mail import actions as mail
from app.mail.models import Message
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.meetings.queries import meetings_of_year, version
from app.meetings.row import TOLD, Origin, Row, RowKey, changes_of, of_meeting, published_rows
from app.networks.models import Membership
from app.people.models import Person
from app.planning import drafting, drafts
from app.planning.actions import draft_for_change, refuse_closed, settle, wishes_for
from app.planning.drafts import Draft
from app.publishing.preview import Notice, Passed, Preview, notices_of, preview_of

TELLING = ("Y0", "C1", "C1x", "K1", "K2")  # the mails of a publication


class NeedsReason(Refused):
    """A rule is broken by hand, and nobody has said why."""


def publish(
    cycle: Cycle, now: datetime, by: Person | None, override: str = "", shown: str | None = None
) -> PublishedVersion | None:
    """Publish the draft as version n + 1 and write its mails; None when there is no draft, or nothing differs.

    `shown`: the digest of the preview that the person saw, None for a command. Raises Refused when a meeting has no day
    yet, NeedsReason when a clash stands without a reason (`override`), Stale when the preview would be another by now.
    """
    draft = drafts.of(cycle)
    if draft is None:
        return None
    if not draft.publishable:
        raise Refused(_("This plan is not complete yet: it cannot be published."))
    made = _publish(
        cycle, preview_of(cycle, drafting.review(cycle, draft, reasons=False), now), now, by, override, shown
    )
    drafts.store(cycle, None)
    return made


def publish_shown(cycle: Cycle, now: datetime, by: Person | None, shown: str) -> PublishedVersion | None:
    """Publish one of several drafts, of which a page showed the digest `shown`; return its version.

    None when something changed meanwhile: it stays a draft, with what is to be said of it now.
    """
    try:
        return publish(cycle, now, by, shown=shown)
    except Refused:
        draft = drafts.of(cycle)
        if draft is not None and draft.publishable:
            settle(cycle, draft, now)
        return None


def amend(
    cycle: Cycle,
    draft: Draft,
    now: datetime,
    by: Person | None,
    override: str = "",
    shown: str | None = None,
    told: Callable[[Notice], bool] = lambda notice: True,
) -> PublishedVersion | None:
    """Publish a change of what is published (`actions.amended`) beside an open draft, which gets the change too.

    `told` picks whom the usual mail is for; `shown` and what it raises are as in `publish`.
    """
    preview = preview_of(cycle, draft, now)
    changed = {change.new.meeting_id for change in preview.changes}
    made = _publish(cycle, preview, now, by, override, shown, told)
    open_draft = drafts.of(cycle)
    if made is not None and open_draft is not None:
        in_force = {row.meeting_id: row for row in published_rows(cycle) if row.meeting_id in changed}
        rows = [_followed(row, in_force.get(row.meeting_id)) for row in open_draft.rows]
        drafts.store(cycle, replace(open_draft, rows=tuple(rows), base=cycle.published))
    return made


def _followed(row: Row, in_force: Row | None) -> Row:
    """A row of the open draft with what was amended meanwhile."""
    if in_force is None:
        return row
    return replace(row, **{name: getattr(in_force, name) for name in TOLD}, preparers=in_force.preparers)


def _publish(
    cycle: Cycle,
    preview: Preview,
    now: datetime,
    by: Person | None,
    override: str,
    shown: str | None,
    told: Callable[[Notice], bool] = lambda notice: True,
) -> PublishedVersion | None:
    if shown not in (None, preview.digest):
        raise Stale(_("Something changed meanwhile. This is what would be published now, and who would be mailed."))
    if preview.draft.clashes and not override.strip():
        raise NeedsReason(_("This plan breaks a rule. Say in one line why it is right all the same."))
    if not preview.changes:
        return None
    draft = preview.draft
    made, meetings = _in_force(cycle, draft.rows, now, by)
    mailed = [notice for notice in preview.notices if told(notice) or notice.catches_up]
    _write(made, meetings, mailed, draft.reason, now)
    record("publication", cycle, now, network_id=cycle.network_id, version=made.number, overridden=len(draft.clashes))
    return made


def welcome(membership: Membership, person: Person, now: datetime) -> Message | None:
    """A newcomer hears which dates are still to come; nothing leaves when no year is published.

    Returns the mail; None for somebody without an address.
    """
    if not person.email:
        return None
    return mail.add(
        kind="W0",
        key=f"W0-{membership.id}-{person.id}",
        person_id=person.id,
        due_at=now,
        now=now,
        network_id=membership.network_id,
    )


def _in_force(
    cycle: Cycle, rows: Sequence[Row], now: datetime, by: Person | None
) -> tuple[PublishedVersion, dict[RowKey, Meeting]]:
    """Make the meetings equal to `rows` and keep them as the next version; also which meeting each row became."""
    meetings = {RowKey(Origin.PUBLISHED, meeting.id): meeting for meeting in meetings_of_year(cycle)}
    for row in rows:
        if row.key in meetings:
            _update(meetings[row.key], row, now)
        elif not row.cancelled:
            meetings[row.key] = _created(cycle, row, now)
    db.session.flush()
    latest = select(func.max(PublishedVersion.number)).where(PublishedVersion.cycle_id == cycle.id)
    number = 1 + (db.session.scalar(latest) or 0)
    year = sorted(meetings.values(), key=lambda meeting: (meeting.starts_at, meeting.id))
    snapshot = [of_meeting(meeting).to_json() for meeting in year]
    made = PublishedVersion(cycle=cycle, number=number, at=now, by_id=by.id if by else None, rows=snapshot)
    db.session.add(made)
    cycle.published = number
    cycle.network.changed(now)
    return made, meetings


def _created(cycle: Cycle, row: Row, now: datetime) -> Meeting:
    zone = cycle.network.zone
    meeting = Meeting(
        cycle=cycle,
        network=cycle.network,
        starts_at=row.starts_at(zone),
        ends_at=row.ends_at(zone),
        mode=row.mode,
        room_id=row.room_id,
        place=row.place,
        link=row.link,
        changed_at=now,
    )
    db.session.add(meeting)
    _set_duties(meeting, row)
    return meeting


def _update(meeting: Meeting, row: Row, now: datetime) -> None:
    """The row onto the meeting; SEQUENCE grows for time, place, link or being cancelled."""
    zone = meeting.network.zone
    shown_before, duties_before, day_before = _shown(meeting), _duties(meeting), meeting.day
    if row.starts_at(zone) != meeting.starts_at:
        meeting.moved_from = meeting.starts_at
    meeting.starts_at, meeting.ends_at = row.starts_at(zone), row.ends_at(zone)
    meeting.mode, meeting.room_id = row.mode or meeting.mode, row.room_id
    meeting.place, meeting.link = row.place, row.link
    meeting.status = "cancelled" if row.cancelled else "confirmed"
    _set_duties(meeting, row)
    if meeting.ends_at > now:
        meeting.owed = None  # it was over, and is put off
    if row.date != day_before:
        for duty in meeting.duties:
            duty.ask_again()  # what was answered was about another day
    if _shown(meeting) != shown_before:
        meeting.sequence += 1
    if (_shown(meeting), _duties(meeting)) != (shown_before, duties_before):
        meeting.changed_at = now


def _shown(meeting: Meeting) -> tuple[Any, ...]:
    where = (meeting.room_id, meeting.place, meeting.link)
    return (meeting.starts_at, meeting.ends_at, meeting.mode, meeting.status, *where)


def _duties(meeting: Meeting) -> set[tuple[str, int]]:
    return {(duty.kind, duty.organisation_id or duty.organisation.id) for duty in meeting.duties}


def _set_duties(meeting: Meeting, row: Row) -> None:
    """Duties as the row says; who takes over does it for whose turn it was."""
    wanted = {("preparation", each) for each in row.preparers} | ({("host", row.host)} if row.host else set())
    gone = [duty for duty in meeting.duties if (duty.kind, duty.organisation_id) not in wanted]
    owed: dict[str, list[int | None]] = {"host": [], "preparation": []}
    for duty in gone:
        owed[duty.kind].append(duty.owed_by_id)
    for duty in gone:
        meeting.duties.remove(duty)
    if gone:
        db.session.flush()
    for kind, organisation in sorted(wanted - {(duty.kind, duty.organisation_id) for duty in meeting.duties}):
        owed_by = (owed[kind].pop(0) if owed[kind] else None) or organisation
        meeting.duties.append(Duty(kind=kind, organisation_id=organisation, owed_by_id=owed_by))


def _write(
    made: PublishedVersion,
    meetings: Mapping[RowKey, Meeting],
    notices: Sequence[Notice],
    reason: str,
    now: datetime,
) -> None:
    """The mails of a version, one a person. While the year has not left yet, it says what is so when it leaves."""
    cycle, waiting = made.cycle, _waiting_for_the_year(made.cycle)
    rows = []
    for notice in notices:
        if notice.person.id not in waiting:
            told = [meetings[change.new.key] for change in notice.changes]
            rows.append(
                {
                    "kind": notice.kind,
                    "key": f"{notice.kind}-{cycle.id}-{made.number}-{notice.person.id}",
                    "person_id": notice.person.id,
                    "due_at": now,
                    "created_at": now,
                    "network_id": cycle.network_id,
                    "meeting_id": told[0].id if notice.kind != "Y0" else None,
                    "params": _params(made, notice, told, reason),
                }
            )
    mail.add_all(rows)


def _waiting_for_the_year(cycle: Cycle) -> set[int]:
    query = select(Message).where(
        Message.network_id == cycle.network_id, Message.kind == "Y0", Message.state == "planned"
    )
    return {m.person_id for m in db.session.scalars(query) if m.params["cycle_id"] == cycle.id}


def _params(made: PublishedVersion, notice: Notice, told: Sequence[Meeting], reason: str) -> dict[str, Any]:
    cycle = made.cycle
    if notice.kind == "Y0":
        return {"version": made.number, "cycle_id": cycle.id}
    zone = cycle.network.zone
    changes = [
        {
            "meeting_id": meeting.id,
            "old": change.old.for_letter(zone) if change.old else None,
            "new": change.new.for_letter(zone),
        }
        for change, meeting in zip(notice.changes, told, strict=True)
    ]
    numbers = {change.new.key: meeting.id for change, meeting in zip(notice.changes, told, strict=True)}
    turns = {"gained": _passed(notice.gained, numbers), "lost": _passed(notice.lost, numbers)}
    return {"version": made.number, "cycle_id": cycle.id, "reason": reason, "changes": changes, **turns}


def _passed(turns: Sequence[Passed], numbers: Mapping[RowKey, int]) -> list[dict[str, Any]]:
    return [
        {
            "meeting_id": numbers[turn.row.key],
            "kind": turn.kind,
            "organisation_id": turn.organisation,
            "other_id": turn.other,
            "stays": turn.stays,
        }
        for turn in turns
    ]


def preview_of_undo(cycle: Cycle, now: datetime) -> Preview:
    """What taking back the version in force would change, and who is told: whom its mails may have reached.

    What was held as it says stays so. Raises Refused when nothing is published.
    """
    refuse_closed(cycle)
    if not cycle.published:
        raise Refused(_("Nothing of this year is published, so there is nothing to undo."))
    rows = _before(cycle, cycle.published, now)
    told = {each.person_id for each in _mails_of(cycle, cycle.published) if each.state not in ("planned", "cancelled")}
    changes = changes_of(cycle, rows)
    notices = tuple(notice for notice in notices_of(cycle, changes, now) if notice.person.id in told)
    return Preview(Draft(wishes_for(cycle.network, cycle.year), tuple(rows)), tuple(changes), notices)


def undo(cycle: Cycle, now: datetime, by: Person | None, shown: str | None = None) -> PublishedVersion:
    """Publish n + 1 with the content of the version before.

    Mails of n that have not left are cancelled; who was told is told again. `shown`: the digest of the preview that
    the person saw, None for a command. Raises Refused when nothing is published or all of it is over, Stale when the
    preview would be another by now.
    """
    preview = preview_of_undo(cycle, now)
    if shown not in (None, preview.digest):
        raise Stale(_("Something changed meanwhile. This is what would be published now, and who would be mailed."))
    if not preview.changes:
        raise Refused(_("Nothing of this version can be taken back: what it says has been."))
    taken_back, rows, reopened = cycle.published or 0, preview.draft.rows, published_rows(cycle)
    mail.cancel([each for each in _mails_of(cycle, taken_back) if each.state == "planned"], now)
    made, meetings = _in_force(cycle, rows, now, by)
    made.undoes = taken_back
    _write(made, meetings, preview.notices, _("The change before was taken back."), now)
    if all(row.cancelled for row in rows):
        _reopen(cycle, reopened, now)
    record("undo", cycle, now, network_id=cycle.network_id, version=made.number, undoes=taken_back)
    return made


def _before(cycle: Cycle, number: int, now: datetime) -> list[Row]:
    """The rows of the version before `number`; meetings it did not have are cancelled.

    A meeting that was held under `number`, or whose earlier day came meanwhile, stays; what `number` only corrected
    afterwards does not.
    """
    made, earlier = version(cycle, number), version(cycle, number - 1)
    since = made.at if made else now
    kept = {row.meeting_id: row for row in map(Row.from_json, earlier.rows)} if earlier else {}

    def back(row: Row) -> Row:
        old = kept.get(row.meeting_id) or _cancelled(row)
        been = any(since < each.ends_at(cycle.network.zone) <= now for each in (row, old))
        return row if been else old

    return [back(row) for row in published_rows(cycle)]


def _cancelled(row: Row) -> Row:
    return replace(row, cancelled=True)


def _mails_of(cycle: Cycle, number: int) -> list[Message]:
    """The mails of one version."""
    prefixes = tuple(f"{kind}-{cycle.id}-{number}-" for kind in TELLING)
    query = select(Message).where(Message.network_id == cycle.network_id, Message.kind.in_(TELLING))
    return [each for each in db.session.scalars(query) if each.key.startswith(prefixes)]


def _reopen(cycle: Cycle, rows: Sequence[Row], now: datetime) -> None:
    """After the first publication is undone its rows stand as a draft again, to be mended."""
    fresh = [replace(row, key=RowKey(Origin.ASKED, n)) for n, row in enumerate(rows, start=1)]
    draft = draft_for_change(cycle, now)
    cycle.published = None
    drafts.store(cycle, drafting.review(cycle, Draft(draft.wishes, tuple(fresh), status="feasible")))
