"""What strangers may read: one function for each public page; it returns a value of these fields and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from app.availability.queries import REGION_NAMES
from app.extensions import db
from app.networks.models import Membership, Network, Organisation, Programme
from app.networks.queries import with_members
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


@dataclass(frozen=True)
class ProgrammePage:
    slug: str
    name: str
    about: str
    contact: str
    networks: tuple[NetworkCard, ...]
    directory: bool
    starts: bool  # whether one may ask for a new network


@dataclass(frozen=True)
class NetworkPage:
    programme: str
    programme_name: str
    contact: str
    card: NetworkCard
    for_whom: str
    rhythm: str
    region: str
    joins: bool  # whether one may ask to join


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
    programme_name: str
    regions: tuple[tuple[str, tuple[Entry, ...]], ...]


def programme_page(slug: str, today: date) -> ProgrammePage | None:
    """What strangers read about a programme; None where it has no public page."""
    programme = public_programme(slug)
    return seen_of_programme(programme, today) if programme else None


def seen_of_programme(programme: Programme, today: date) -> ProgrammePage:
    """What strangers read, or would read, about a programme."""
    public = [each.id for each in programme.networks if each.public and each.state not in ("resting", "ended")]
    shown = sorted(with_members(public), key=lambda each: by_name(each.name))
    return ProgrammePage(
        slug=programme.slug,
        name=programme.name,
        about=programme.about,
        contact=programme.sender_email,
        networks=tuple(_card(network, today) for network in shown),
        directory=bool(_listed(programme, today)),
        starts=programme.open_to_start,
    )


def network_page(programme: str, slug: str, today: date) -> NetworkPage | None:
    """What strangers read about a network; None where it or its programme has no public page."""
    found = public_programme(programme)
    networks = found.networks if found else ()
    network = next((each for each in networks if each.slug == slug and each.public and each.state != "ended"), None)
    return seen_of_network(network, today) if network else None


def seen_of_network(network: Network, today: date) -> NetworkPage:
    """What strangers read, or would read, about a network."""
    programme = network.programme
    return NetworkPage(
        programme=programme.slug,
        programme_name=programme.name,
        contact=programme.sender_email,
        card=_card(network, today),
        for_whom=network.for_whom,
        rhythm=network.rhythm,
        region=_region(network.school_region),
        joins=network.open_to_join and network.state != "resting",
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
    return Directory(programme.slug, programme.name, regions)


def listed(programme: Programme, today: date) -> list[str]:
    """Names of those who stand, or would stand, in the directory."""
    return [row.name for row in _listed(programme, today)]


def public_addresses() -> list[tuple[str, ...]]:
    """(programme,) and (programme, network) of every public page, for search engines."""
    query = select(Programme).where(Programme.public).order_by(Programme.id)
    found: list[tuple[str, ...]] = []
    for programme in db.session.scalars(query):
        found.append((programme.slug,))
        found += [(programme.slug, each.slug) for each in programme.networks if each.public and each.state != "ended"]
    return found


def legal() -> dict[str, str]:
    """{kind: text} of the legal texts that are written."""
    return {row.kind: row.text for row in db.session.scalars(select(LegalText)) if row.text}


def public_programme(slug: str) -> Programme | None:
    """The programme of this slug, while it has a public page."""
    return db.session.scalars(select(Programme).where(Programme.slug == slug, Programme.public)).first()


def _card(network: Network, today: date) -> NetworkCard:
    recruits = network.state in SOON_FULL
    size = (len(network.members_from(today)), network.size_wanted) if recruits else None
    return NetworkCard(network.slug, network.name, network.goal, network.mode, size)


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


def _region(code: str | None) -> str:
    return str(REGION_NAMES.get(code or "", ""))
