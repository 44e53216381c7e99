"""What the preview of a publication shows."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import gettext

from app.meetings import phrases
from app.meetings.models import Cycle
from app.meetings.row import Change
from app.networks.models import Network
from app.networks.queries import with_members
from app.planning import drafting, drafts
from app.planning.drafts import Draft
from app.planning.sentences import clash, sentence
from app.publishing import sentences
from app.publishing.actions import preview_of_undo
from app.publishing.preview import Notice, Preview, preview_of


@dataclass(frozen=True)
class ChangeLine:
    day: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class Publication:
    draft: Draft | None
    version: int
    digest: str
    changes: tuple[ChangeLine, ...]
    notices: tuple[Notice, ...]
    clashes: tuple[str, ...]
    warnings: tuple[str, ...]
    ready: bool
    unreachable: tuple[str, ...]


def of_publication(cycle: Cycle, now: datetime) -> Publication:
    """What publishing would change and who would get which mail: the calculation that publishing does."""
    network, draft = with_members([cycle.network_id])[0], drafts.of(cycle)
    if draft is None or not draft.publishable:
        return Publication(draft, cycle.draft_version, "", (), (), (), (), False, ())
    return _publication(cycle, network, preview_of(cycle, drafting.review(cycle, draft), now), now)


def of_amendment(cycle: Cycle, draft: Draft, now: datetime) -> Publication:
    """The same of a change of what is published, made beside any open draft; warnings only of what it changes."""
    preview = preview_of(cycle, draft, now)
    changed = {str(change.new.key) for change in preview.changes}
    draft = replace(draft, warnings=tuple(each for each in draft.warnings if each.meeting in changed))
    return _publication(cycle, with_members([cycle.network_id])[0], replace(preview, draft=draft), now)


def of_undo(cycle: Cycle, now: datetime) -> Publication:
    """The same of taking back the version in force."""
    return _publication(cycle, with_members([cycle.network_id])[0], preview_of_undo(cycle, now), now)


def _publication(cycle: Cycle, network: Network, preview: Preview, now: datetime) -> Publication:
    known, draft = phrases.names(network), preview.draft
    today = now.astimezone(network.zone).date()
    silent = [p for m in network.members_on(max(today, network.span(cycle.year)[0])) for p in m.people if not p.email]
    return Publication(
        draft=draft,
        version=cycle.draft_version,
        digest=preview.digest,
        changes=tuple(change_line(each, known) for each in preview.changes),
        notices=preview.notices,
        clashes=tuple(clash(each, network, draft) for each in draft.clashes),
        warnings=tuple(sentence(each, known) for each in draft.warnings),
        ready=bool(preview.changes),
        unreachable=tuple(person.name for person in silent),
    )


def change_line(change: Change, known: dict[int, str]) -> ChangeLine:
    """The day a meeting is known by, with the time when it is new, and what changes of it."""
    day = (change.old or change.new).date
    said = phrases.dated(day) if day else "–"
    if change.old is None:
        said += ", " + gettext("%(time)s", time=f"{change.new.start:%H:%M}")
    return ChangeLine(said, tuple(sentences.change(change, known)))
