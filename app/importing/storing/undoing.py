"""Taking back an import: rows it made go, unless something that came later hangs on them."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, inspect, select, update

from app.audit import Audit
from app.availability.models import Absence
from app.extensions import Base, db
from app.importing.models import Import
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.networks.models import Contact, Membership, Network, Organisation, Programme, Role, Room
from app.networks.sharing import shared
from app.people.models import BrowserSession, Person, SignInLink
from app.reminders.models import MailText, ReminderRule, RemindersMade
from app.text import by_name

MANY = 500  # values in one IN (...)
# In this order nothing is in the way of what follows.
ORDER: tuple[type[Base], ...] = (
    Role,
    Meeting,
    Cycle,
    Absence,
    Room,
    Contact,
    Membership,
    Person,
    Network,
    Organisation,
)
# Rows that belong to another and go with it; all other references keep a row where it is.
BELONGS: dict[type[Base], tuple[tuple[type[Base], str], ...]] = {
    Meeting: ((Duty, "meeting_id"),),
    Person: ((BrowserSession, "person_id"), (SignInLink, "person_id")),
    Network: ((ReminderRule, "network_id"), (MailText, "network_id"), (RemindersMade, "network_id")),
}


def networks_published_since(row: Import) -> list[str]:
    """Names of networks the import added to in which a year was published after it."""
    query = (
        select(Network.name)
        .join(Cycle, Cycle.network_id == Network.id)
        .join(PublishedVersion, PublishedVersion.cycle_id == Cycle.id)
        .where(PublishedVersion.at > row.at, Network.id.in_(_touched(row.created)))
    )
    return sorted(db.session.scalars(query.distinct()), key=by_name)


def _touched(created: dict[str, Any]) -> set[int]:
    """Networks made, joined, staffed or given a past by the import."""
    found = set(created.get("network", ()))
    contacts = select(Contact.membership_id).join(Membership)
    for part in _parts(created.get("membership", ())):
        found |= set(db.session.scalars(select(Membership.network_id).where(Membership.id.in_(part))))
    for part in _parts(created.get("contact", ())):
        of = contacts.where(Contact.id.in_(part))
        found |= set(db.session.scalars(select(Membership.network_id).where(Membership.id.in_(of))))
    for part in _parts(created.get("meeting", ())):
        found |= set(db.session.scalars(select(Meeting.network_id).where(Meeting.id.in_(part))))
    return found


def _parts(ids: Sequence[int]) -> Iterable[list[int]]:
    return (list(ids[n : n + MANY]) for n in range(0, len(ids), MANY))


def remove(created: dict[str, Any], programme: Programme, now: datetime) -> int:
    """Delete these rows where nothing else needs them; returns how many had to stay."""
    touched = _touched(created) | _put_back(created.get("changed", ()), programme)
    db.session.flush()
    _drop_drafts(created.get("network", ()))
    kept = sum(_remove(model, created.get(model.__tablename__, ())) for model in ORDER)
    db.session.expire_all()
    for network in db.session.scalars(select(Network).where(Network.id.in_(touched))):
        network.changed(now)
    return kept


def _put_back(changed: Sequence[dict[str, Any]], programme: Programme) -> set[int]:
    """Values the import changed on being told to, unless somebody changed them again; returns networks they are of.

    Names of people whom another programme knows by now stay.
    """
    theirs = shared([each["id"] for each in changed if each["table"] == "person"], programme)
    touched: set[int] = set()
    models = {model.__tablename__: model for model in (Organisation, Room, Membership, Network, Person)}
    for each in changed:
        if "removed" in each:
            touched |= _seated_again(each["removed"])
            continue
        if each["table"] == "person" and each["id"] in theirs:
            continue
        row: Any = db.session.get(models[each["table"]], each["id"])
        here = getattr(row, each["field"], None)
        if row is None or (here.isoformat() if isinstance(here, date) else here) != each["now"]:
            continue
        setattr(row, each["field"], each["was"])
        touched |= _networks_of(row)
    return touched


def _networks_of(row: Any) -> set[int]:
    if isinstance(row, Person):
        of = select(Membership.network_id).join(Contact, Contact.membership_id == Membership.id)
        return set(db.session.scalars(of.where(Contact.person_id == row.id)))
    owner = row.organisation if isinstance(row, Room) else row
    members = [row] if isinstance(row, Membership) else owner.memberships
    return {membership.network_id for membership in members}


def _seated_again(values: dict[str, int]) -> set[int]:
    """A contact who went with the import comes back, unless they or their seat are gone since, or they sit there."""
    membership, person = db.session.get(Membership, values["membership_id"]), values["person_id"]
    if membership is None or db.session.get(Person, person) is None:
        return set()
    if person not in {contact.person_id for contact in membership.contacts}:
        db.session.add(Contact(**values))
    return {membership.network_id}


def _drop_drafts(networks: Sequence[int]) -> None:
    """Years of the new networks that were only drawn up: no meeting, nothing published."""
    for part in _parts(networks):
        empty = ~select(Meeting.id).where(Meeting.cycle_id == Cycle.id).exists()
        db.session.execute(delete(Cycle).where(Cycle.network_id.in_(part), Cycle.published.is_(None), empty))


def _remove(model: type[Base], ids: Sequence[int]) -> int:
    kept = 0
    for part in _parts(ids):
        needed = _needed(model, part)
        going = [number for number in part if number not in needed]
        for other, column in BELONGS.get(model, ()):
            db.session.execute(delete(other).where(getattr(other, column).in_(going)))
        if model is Network:
            db.session.execute(update(Audit).where(Audit.network_id.in_(going)).values(network_id=None))
        db.session.execute(delete(model).where(inspect(model).columns.id.in_(going)))
        kept += len(needed)
    return kept


def _needed(model: type[Base], ids: Sequence[int]) -> set[int]:
    """Those among ids that rows of other tables name."""
    table = inspect(model).local_table
    own = {inspect(other).local_table.columns[column] for other, column in BELONGS.get(model, ())}
    if model is Network:
        own |= {inspect(Audit).columns.network_id}
    columns = [
        column
        for other in Base.metadata.tables.values()
        for column in other.columns
        if column not in own and any(key.column.table is table for key in column.foreign_keys)
    ]
    loose = {key.parent for column in columns for key in column.foreign_keys if key.ondelete == "SET NULL"}
    found = _owing(ids) if model is Membership else set()
    for column in columns:
        if column not in loose:
            found |= set(db.session.scalars(select(column).where(column.in_(ids)).distinct()))
    return found


def _owing(ids: Sequence[int]) -> set[int]:
    """Memberships of organisations that owed a turn at a meeting that is over."""
    places = (Membership.id, Membership.organisation_id, Meeting.owed)
    query = select(*places).join(Meeting, Meeting.network_id == Membership.network_id)
    rows = db.session.execute(query.where(Membership.id.in_(ids), Meeting.owed.is_not(None)))
    return {
        number for number, organisation, owed in rows if any(organisation in each for each in (owed or {}).values())
    }
