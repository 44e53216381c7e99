"""Two rows that mean the same organisation or person become one; what named either stays."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import UniqueConstraint, delete, inspect, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from app.attendance.models import Attendance, Present
from app.audit import record
from app.calendars.models import FeedLink
from app.errors import Refused
from app.extensions import Base, db
from app.mail.models import Message
from app.meetings.models import Cycle
from app.networks.models import Contact, Deputy, Membership, Organisation, Programme, Role
from app.networks.personal import contacts_of
from app.networks.queries import own_roles_of
from app.networks.sharing import may_write
from app.people.actions import set_address
from app.people.models import BrowserSession, Person, SignInLink
from app.planning import drafting, drafts
from app.planning.drafts import Draft
from app.pulse.models import PulseAnswer
from app.rounds.models import DateAnswer, DateRemark
from app.text import by_name
from app.topics.models import Reply, TopicWish
from app.turns.actions import keep_owed, pass_owed

ONE_EACH: tuple[tuple[InstrumentedAttribute[Any], tuple[str, ...]], ...] = (
    (Contact.person_id, ("membership_id",)),
    (Attendance.person_id, ("meeting_id",)),
    (Present.person_id, ("meeting_id",)),
    (PulseAnswer.person_id, ("meeting_id",)),
    (DateAnswer.person_id, ("candidate_id",)),
    (DateRemark.person_id, ("round_id",)),
    (TopicWish.person_id, ("topic_id",)),
    (Role.person_id, ("programme_id", "network_id")),
)
OF_ORGANISATIONS = ("host", "preparers", "organisation_id")  # keys of stored JSON below which ids of them stand


def people_of(programme: Programme) -> list[Person]:
    """Everybody who takes part in a network of the programme, by last name."""
    query = (
        select(Person)
        .join(Contact, Contact.person_id == Person.id)
        .join(Membership)
        .join(Organisation)
        .where(Organisation.programme_id == programme.id)
    )
    found = db.session.scalars(query.distinct())
    return sorted(found, key=lambda each: (by_name(each.last_name), by_name(each.first_name)))


def merge_organisations(keep: Organisation, drop: Organisation, now: datetime) -> None:
    """Everything of `drop` becomes `keep`'s. Raises Refused when both host or prepare the same meeting."""
    keep_owed(now)
    pass_owed(drop.id, keep.id)
    networks, dropped = {membership.network_id for membership in drop.memberships}, drop.id
    for membership in list(drop.memberships):
        _join(membership, next((m for m in keep.memberships if m.network_id == membership.network_id), None))
    _one_choice_each(keep.id, drop.id)
    try:
        with db.session.begin_nested():
            _point(Organisation, keep.id, drop.id)
    except IntegrityError as error:
        raise Refused(_("Both have a turn at the same meeting. Change that first.")) from error
    record("merged", keep, now, programme_id=keep.programme_id, dropped=drop.id)
    _gone(drop)
    _rewrite(networks, {dropped: keep.id})
    for network in {membership.network for membership in keep.memberships}:
        network.changed(now)


def _one_choice_each(keep: int, drop: int) -> None:
    """Where both chose in a comparison, what `keep` chose stays."""
    both = select(Reply.topic_id).where(Reply.organisation_id == keep, Reply.choice.is_not(None))
    twice = delete(Reply).where(Reply.organisation_id == drop, Reply.choice.is_not(None), Reply.topic_id.in_(both))
    db.session.execute(twice)


def _rewrite(networks: Collection[int], became: Mapping[int, int]) -> None:
    """Versions, drafts and mails of these networks name what each organisation became."""
    cycles = db.session.scalars(select(Cycle).where(Cycle.network_id.in_(networks))).all()
    for version in (version for cycle in cycles for version in cycle.versions):
        version.rows = _rewritten(version.rows, became)
    for message in db.session.scalars(select(Message).where(Message.network_id.in_(networks), Message.state != "sent")):
        message.params = _rewritten(message.params, became)
    for cycle in cycles:
        if cycle.draft is not None:
            draft = Draft.from_json(_rewritten(cycle.draft, became))
            drafts.store(cycle, drafting.review(cycle, replace(draft, moved=(), cost=None)))


def _rewritten(value: Any, became: Mapping[int, int], key: str = "") -> Any:
    """The same JSON; an organisation that stands in a list twice by now stands there once."""
    if isinstance(value, dict):
        return {name: _rewritten(each, became, name) for name, each in value.items()}
    if isinstance(value, list):
        new = [_rewritten(each, became, key) for each in value]
        return list(dict.fromkeys(new)) if key in OF_ORGANISATIONS else new
    return became.get(value, value) if key in OF_ORGANISATIONS else value


def _join(membership: Membership, into: Membership | None) -> None:
    """Both are members of one network: the earliest joining counts and the people come together."""
    if into is None:
        return
    known = {contact.person_id for contact in into.contacts}
    into.joined = min(into.joined, membership.joined)
    into.left = into.left and membership.left and max(into.left, membership.left)
    for contact in list(membership.contacts):
        if contact.person_id not in known:
            into.contacts.append(Contact(person_id=contact.person_id, position=len(into.contacts)))
    db.session.delete(membership)
    db.session.flush()


def merge_people(keep: Person, drop: Person, programme: Programme, by: Person, now: datetime) -> None:
    """Everything of `drop` becomes `keep`'s; the address of `keep` stays, unless it has none.

    Raises Refused when one of them, but for `by`, is not this programme's alone or has a role above, and when `drop`
    manages something: roles do not move.
    """
    for person in (keep, drop):
        if person.id != by.id and not may_write(by, person, programme):
            raise Refused(_("%(name)s is known elsewhere too or manages more than you.", name=person.name))
    if own_roles_of(drop):
        raise Refused(_("%(name)s manages something. Withdraw that first, or keep this one.", name=drop.name))
    email, as_typed = (keep.email, keep.as_typed) if keep.email else (drop.email, drop.as_typed)
    drop.email = None
    db.session.flush()
    keep.email, keep.as_typed = email, as_typed
    record("merged", keep, now, programme_id=programme.id, dropped=drop.id)
    _unite(keep, drop, now)


def recognise(person: Person, typed: Person, now: datetime) -> None:
    """The owner of the address says "that is me": places, answers and roles of `typed` are theirs from now on."""
    record("recognised", person, now, typed=typed.id)
    _unite(person, typed, now)


def refuse(typed: Person, now: datetime) -> None:
    """The owner of the address says "that is not me": nothing about `typed` goes there any more."""
    record("refused", typed, now)
    set_address(typed, None, now)


def _unite(keep: Person, drop: Person, now: datetime) -> None:
    """Every row of `drop` names `keep`, but what lets somebody in: that ends."""
    keep_owed(now)
    networks = {each.membership.network for each in contacts_of(drop)}
    _drop_doubles(keep.id, drop.id)
    _drop_only_ones(drop.id)
    for model in (BrowserSession, SignInLink, FeedLink):
        db.session.execute(delete(model).where(model.person_id == drop.id))
    between = Deputy.manager_id.in_((keep.id, drop.id)), Deputy.deputy_id.in_((keep.id, drop.id))
    db.session.execute(delete(Deputy).where(*between))  # nobody stands in for themselves
    with db.session.begin_nested():
        _point(Person, keep.id, drop.id)
    _gone(drop)
    keep.changed(now)
    for network in networks:
        network.changed(now)


def _drop_doubles(keep: int, drop: int) -> None:
    """Where both have a place, an answer, a role or a calendar link of the same kind, the kept person's counts."""
    for person_id, same in ONE_EACH:
        rows = select(person_id.class_)
        for row in db.session.scalars(rows.where(person_id == drop)).all():
            twin = rows.where(person_id == keep).filter_by(**{name: getattr(row, name) for name in same})
            if db.session.scalars(twin).first() is not None:
                db.session.delete(row)
    db.session.flush()


def _drop_only_ones(drop: int) -> None:
    """Of tables with one row a person at most, the row of the dropped one goes."""
    for table in Base.metadata.tables.values():
        for unique in (each for each in table.constraints if isinstance(each, UniqueConstraint)):
            (column, *more) = unique.columns
            if not more and any(key.column.table is inspect(Person).local_table for key in column.foreign_keys):
                db.session.execute(delete(table).where(column == drop))


def _point(model: type[Base], keep: int, drop: int) -> None:
    """Every foreign key to `drop` names `keep` from now on."""
    table = inspect(model).local_table
    for other in Base.metadata.tables.values():
        for column in other.columns:
            if any(key.column.table is table for key in column.foreign_keys):
                db.session.execute(update(other).where(column == drop).values({column.name: keep}))


def _gone(row: Base) -> None:
    db.session.flush()
    db.session.expire_all()
    db.session.delete(row)
    db.session.flush()
