"""What strangers may read: one function for each public page; it returns a value of these fields and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.availability.queries import REGION_NAMES
from app.extensions import db
from app.networks.models import Membership, Network, Organisation, Programme, Role
from app.networks.queries import public_programme, with_members
from app.people.models import Person
from app.public.meeting_queries import FIRST, MeetingPage, has_topics, seen_meetings
from app.public.models import LegalText
from app.text import by_name

SOON_FULL = ("idea", "forming")  # states of a network that recruits


@dataclass(frozen=True)
class NetworkCard:
    """A network on its programme's page. `size`: organisations it has and wants, while it is being formed."""

    slug: str
    name: str
    aim: str
    mode: str
    size: tuple[int, int] | None
    joins: bool  # whether one may ask to join


@dataclass(frozen=True)
class ProgrammePage:
    slug: str
    language: str  # in which it is shown to who chose none
    name: str
    about: str
    contact: str
    networks: tuple[NetworkCard, ...]
    directory: bool
    starts: bool  # whether one may ask for a new network
    people: tuple[str, ...]  # whom to ask, of those who chose to be named
    open: tuple[MeetingPage, ...]  # the next meetings that are open
    buffet: bool


@dataclass(frozen=True)
class NetworkPage:
    programme: str
    language: str
    programme_name: str
    contact: str
    card: NetworkCard
    for_whom: str
    rhythm: str
    region: str
    people: tuple[str, ...]
    next_open: MeetingPage | None


@dataclass(frozen=True)
class Entry:
    """An organisation that chose to be listed."""

    name: str
    town: str
    offers: str
    website: str


@dataclass(frozen=True)
class Directory:
    """Those of a programme that chose to be listed: (region, by name), regions by name."""

    programme: str
    language: str
    programme_name: str
    regions: tuple[tuple[str, tuple[Entry, ...]], ...]


def programme_page(slug: str, now: datetime) -> ProgrammePage | None:
    """What strangers read about a programme; None where it has no public page."""
    programme = public_programme(slug)
    return seen_of_programme(programme, now) if programme else None


def seen_of_programme(programme: Programme, now: datetime) -> ProgrammePage:
    """What strangers read, or would read, about a programme."""
    today, meetings = now.astimezone(ZoneInfo(programme.timezone)).date(), seen_meetings(programme, now)
    public = [each.id for each in programme.networks if each.public and each.state not in ("resting", "ended")]
    shown = sorted(with_members(public), key=lambda each: by_name(each.name))
    return ProgrammePage(
        slug=programme.slug,
        language=programme.language,
        name=programme.name,
        about=programme.about,
        contact=programme.sender_email,
        networks=tuple(_card(network, today) for network in shown),
        directory=bool(_listed(programme, today)),
        starts=programme.open_to_start,
        people=_named(programme.id, None),
        open=meetings[:FIRST],
        buffet=bool(meetings) or has_topics(programme),
    )


def network_page(programme: str, slug: str, now: datetime) -> NetworkPage | None:
    """What strangers read about a network; None where it or its programme has no public page."""
    found = public_programme(programme)
    networks = found.networks if found else ()
    network = next((each for each in networks if each.slug == slug and each.public and each.state != "ended"), None)
    return seen_of_network(network, now) if network else None


def seen_of_network(network: Network, now: datetime) -> NetworkPage:
    """What strangers read, or would read, about a network."""
    programme, today = network.programme, now.astimezone(network.zone).date()
    meetings = [each for each in seen_meetings(programme, now) if each.network == network.slug]
    return NetworkPage(
        programme=programme.slug,
        language=programme.language,
        programme_name=programme.name,
        contact=programme.sender_email,
        card=_card(network, today),
        for_whom=network.for_whom,
        rhythm=network.rhythm,
        region=_region(network.school_region),
        people=_named(programme.id, network.id),
        next_open=next(iter(meetings), None),
    )


def directory(slug: str, today: date) -> Directory | None:
    """The members of a public programme that chose to be listed; None where nobody did."""
    programme = public_programme(slug)
    rows = _listed(programme, today) if programme else []
    if programme is None or not rows:
        return None
    by_region: dict[str, list[Entry]] = {}
    for row in rows:
        entry = Entry(row.name, row.town, row.offers, row.website)
        by_region.setdefault(_region(row.region or programme.region), []).append(entry)
    regions = tuple((name, tuple(by_region[name])) for name in sorted(by_region, key=by_name))
    return Directory(programme.slug, programme.language, programme.name, regions)


def listed(programme: Programme, today: date) -> list[str]:
    """Names of those who stand, or would stand, in the directory."""
    return [row.name for row in _listed(programme, today)]


def public_addresses(now: datetime) -> list[tuple[str, ...]]:
    """The parts of the address of every public page, for search engines: those of a meeting end with its number."""
    query = select(Programme).where(Programme.public).order_by(Programme.id)
    found: list[tuple[str, ...]] = []
    for programme in db.session.scalars(query):
        found.append((programme.slug,))
        found += [(programme.slug, each.slug) for each in programme.networks if each.public and each.state != "ended"]
        meetings = seen_meetings(programme, now)
        found += [(programme.slug, each.network, str(each.number)) for each in meetings]
        found += [(programme.slug, "open")] if meetings or has_topics(programme) else []
    return found


def legal() -> dict[str, str]:
    """{kind: text} of the legal texts that are written."""
    return {row.kind: row.text for row in db.session.scalars(select(LegalText)) if row.text}


def _card(network: Network, today: date) -> NetworkCard:
    recruits = network.state in SOON_FULL
    size = (len(network.members_from(today)), network.size_wanted) if recruits else None
    joins = network.open_to_join and network.state != "resting"
    return NetworkCard(network.slug, network.name, network.goal, network.mode, size, joins)


def _listed(programme: Programme, today: date) -> Sequence[Organisation]:
    """By name; one that has left all networks stands there no more."""
    query = (
        select(Organisation)
        .join(Membership)
        .where(Organisation.programme_id == programme.id, Organisation.listed)
        .where(Membership.left.is_(None) | (Membership.left >= today))
        .distinct()
    )
    return sorted(db.session.scalars(query), key=lambda each: by_name(each.name))


def own_role(person: Person, programme: Programme, network: Network | None = None) -> Role | None:
    """By which the person manages this network, or the programme as a whole."""
    owned = Role.person_id == person.id, Role.programme_id == programme.id
    return db.session.scalars(select(Role).where(*owned, Role.network_id == (network.id if network else None))).first()


def _named(programme: int, network: int | None) -> tuple[str, ...]:
    query = select(Role).where(Role.programme_id == programme, Role.network_id == network, Role.named)
    return tuple(role.person.name for role in db.session.scalars(query.order_by(Role.id)) if role.person.name)


def _region(code: str | None) -> str:
    return str(REGION_NAMES.get(code or "", ""))
