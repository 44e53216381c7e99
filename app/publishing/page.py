"""What the preview of a publication shows."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.row import Change
from app.networks.models import Network
from app.networks.queries import with_members
from app.planning import drafting, drafts
from app.planning import sentences as reasons
from app.planning.changes import changes_of
from app.planning.drafts import Draft
from app.publishing import actions as publishing
from app.publishing import sentences
from app.publishing.actions import Notice


@dataclass(frozen=True)
class ChangeLine:
    day: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    draft: Draft | None
    version: int
    changes: tuple[ChangeLine, ...]
    notices: tuple[Notice, ...]
    clashes: tuple[str, ...]
    warnings: tuple[str, ...]
    ready: bool
    unreachable: tuple[str, ...]


def of_publication(cycle: Cycle, now: datetime) -> Publication:
    """What publishing would change and who would get which mail: the calculation that publishing does."""
    network, draft = with_members([cycle.network_id])[0], drafts.of(cycle)
    if draft is None or not draft.planned or draft.status not in drafts.PLANNED:
        return Publication(draft, cycle.draft_version, (), (), (), (), False, ())
    return _publication(cycle, network, drafting.review(cycle, draft), now)


def of_amendment(cycle: Cycle, draft: Draft, now: datetime) -> Publication:
    """The same of a change of what is published, made beside any open draft; warnings only of what it changes."""
    changed = {str(change.new.key) for change in changes_of(cycle, draft.rows)}
    draft = replace(draft, warnings=tuple(each for each in draft.warnings if each.meeting in changed))
    return _publication(cycle, with_members([cycle.network_id])[0], draft, now)


def _publication(cycle: Cycle, network: Network, draft: Draft, now: datetime) -> Publication:
    changes, notices = publishing.preview(cycle, draft, now)
    known = phrases.names(network)
    today = now.astimezone(network.zone).date()
    silent = [p for m in network.members_on(max(today, date(cycle.year, 1, 1))) for p in m.people if not p.email]
    return Publication(
        draft=draft,
        version=cycle.draft_version,
        changes=tuple(change_line(each, known) for each in changes),
        notices=tuple(notices),
        clashes=tuple(reasons.clash(each, network, draft) for each in draft.clashes),
        warnings=tuple(reasons.sentence(each, known) for each in draft.warnings),
        ready=bool(changes),
        unreachable=tuple(person.name for person in silent),
    )


def change_line(change: Change, known: dict[int, str]) -> ChangeLine:
    day = (change.old or change.new).date
    return ChangeLine(phrases.day(day) if day else "–", tuple(sentences.change(change, known)))


def needs_override(cycle: Cycle) -> bool:
    """Whether publishing asks for a reason because a rule is broken by hand."""
    draft = drafts.of(cycle)
    return bool(draft and draft.planned and drafting.review(cycle, draft).clashes)
