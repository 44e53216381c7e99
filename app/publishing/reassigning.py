"""Who does a turn changes after publication: here, and nowhere else.

It goes the way of every publication: version n + 1, the change mails, SEQUENCE, and a revision that feeds and reminders
follow. `owed_by` keeps whose turn it was, and the ledger counts who did it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from app.audit import record
from app.errors import Refused
from app.meetings.models import Cycle, Duty
from app.meetings.row import Edit
from app.people.models import Person
from app.planning import actions
from app.publishing import actions as publishing
from app.publishing.preview import Notice

# Not even by consent: no room or not willing, away or room closed, may not or cannot prepare.
IMPOSSIBLE = ("H6", "H7", "H8")


def values_for(duty: Duty, organisation_id: int) -> Edit:
    """What giving a turn to another organisation changes of the meeting's row."""
    if duty.kind == "host":
        return {"host": organisation_id}
    preparers = [each.organisation_id for each in duty.meeting.preparation_duties]
    return {"preparers": tuple(organisation_id if each == duty.organisation_id else each for each in preparers)}


def reassign(
    to: Mapping[Duty, int],
    how: str,
    now: datetime,
    by: Person | None,
    *,
    impossible: object,
    told: Callable[[Notice], bool] = lambda notice: True,
) -> None:
    """Give turns to other organisations, {duty: organisation id}, all at once. `how`: swap, cover or undo.

    `told` picks who gets the usual change mail. Raises Refused with the sentence `impossible` when an organisation
    has no room, is away that day, or may not do it; softer wishes, such as not twice in a row, give way to consent.
    """
    by_cycle: dict[Cycle, dict[int, Edit]] = {}
    for duty, organisation_id in to.items():
        by_cycle.setdefault(duty.meeting.cycle, {})[duty.meeting_id] = values_for(duty, organisation_id)
        before, after = {"organisation": duty.organisation_id}, {"organisation": organisation_id}
        record("reassigned", duty, now, network_id=duty.meeting.network_id, how=how, before=before, after=after)
    for cycle, changes in by_cycle.items():
        draft = actions.amended(cycle, changes, "", now)
        if any(clash.rule in IMPOSSIBLE for clash in draft.clashes):
            raise Refused(impossible)
        publishing.amend(cycle, draft, now, by, override=how, told=told)
