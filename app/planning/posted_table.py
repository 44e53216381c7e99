"""The plan's table as it is posted: changed cells, kept lines, and what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, time

from flask_babel import gettext as _

from app.errors import Refused
from app.meetings import phrases
from app.meetings.row import LOCKABLE, Edit, Row, RowKey
from app.networks.models import Network
from app.planning.drafts import Draft


@dataclass(frozen=True)
class PostedTable:
    changes: dict[RowKey, Edit]
    locks: dict[RowKey, tuple[str, ...]]
    text: str  # what was sent, in words: shown when somebody else was ahead

    def differs_from(self, draft: Draft) -> bool:
        return bool(self.changes) or any(fields != draft.row(key).locked for key, fields in self.locks.items())


def read(form: Mapping[str, str], draft: Draft, network: Network) -> PostedTable:
    """Compare the posted table with the draft; raises Refused for a value that cannot be."""
    members = {membership.organisation_id for membership in network.memberships}
    out, lines = PostedTable({}, {}, ""), []
    for row in draft.rows:
        if f"{row.key}-date" not in form:
            continue
        posted = _posted(form, row, members)
        changed = row.only_changed(posted)
        if changed:
            out.changes[row.key] = changed
        if changed or f"{row.key}-keep" in form or row.locked:
            out.locks[row.key] = _locks(form, row)
        known = phrases.names(network)
        lines.append(phrases.planned(posted["date"], posted["start"], posted["host"], known))
    return replace(out, text="\n".join(lines))


def _posted(form: Mapping[str, str], row: Row, members: set[int]) -> Edit:
    key = row.key
    try:
        chosen = [int(form[f"{key}-{name}"]) for name in ("prep1", "prep2") if form.get(f"{key}-{name}")]
        host = int(form[f"{key}-host"]) if form.get(f"{key}-host") else None
        day = date.fromisoformat(form[f"{key}-date"]) if form[f"{key}-date"] else row.date
        start = time.fromisoformat(form[f"{key}-start"][:5]) if f"{key}-start" in form else row.start
    except ValueError as error:
        raise Refused(_("A day or time in the table cannot be read. Nothing is changed.")) from error
    mode = form.get(f"{key}-mode", row.mode or "")
    if mode not in ("in-person", "online", "hybrid") or not {host, *chosen} <= {*members, None}:
        raise Refused(_("The table holds a value that is not possible here. Nothing is changed."))
    if len(set(chosen)) < len(chosen):
        raise Refused(_("The same organisation cannot prepare twice. Nothing is changed."))
    host = None if mode == "online" else host
    return {"date": day, "start": start, "mode": mode, "host": host, "preparers": tuple(sorted(chosen))}


def _locks(form: Mapping[str, str], row: Row) -> tuple[str, ...]:
    if f"{row.key}-keep" in form:
        return LOCKABLE
    whole = set(row.locked) == set(LOCKABLE)
    return () if whole or f"{row.key}-free" in form else row.locked
