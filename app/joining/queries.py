"""Which requests there are: for who asked, and for whom they wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.joining.models import OPEN, JoinRequest
from app.networks.models import Network, Programme
from app.networks.queries import answering_for, answering_for_programme, organisations_named
from app.people.models import NOBODY_YET, Person


@dataclass(frozen=True)
class Asked:
    """A request as its own link shows it to whoever opens it."""

    programme: str
    language: str
    programme_name: str
    about: str  # the name of the network, else what the new one is to be about
    network: str  # its slug, "" of one that is not there yet
    organisation: str
    name: str
    town: str
    words: str
    state: str
    answer: str
    joined: date | None
    gone: date


def by_number(number: int | None) -> JoinRequest | None:
    return db.session.get(JoinRequest, number) if number else None


def shown_to_asker(request: JoinRequest) -> Asked:
    """What the page of the link holds."""
    programme, network = request.programme, request.network
    return Asked(
        programme=programme.slug,
        language=request.language,
        programme_name=programme.name,
        about=network.name if network else request.subject,
        network=network.slug if network else "",
        organisation=request.organisation,
        name=request.name,
        town=request.town,
        words=request.words,
        state=request.state,
        answer=request.answer,
        joined=request.joined,
        gone=request.gone_at.date(),
    )


def deciding(request: JoinRequest) -> list[Person]:
    """Who may answer it, and can be reached."""
    network = request.network
    people = answering_for(network) if network else answering_for_programme(request.programme_id)
    return [person for person in people if person.email and person.email != NOBODY_YET]


def of_network(network: Network) -> list[JoinRequest]:
    """What was asked and confirmed, what waits for an answer first."""
    return _sorted(JoinRequest.network_id == network.id)


def of_programme(programme: Programme) -> list[JoinRequest]:
    """Those that ask for a network which is not there yet, or did."""
    return _sorted(JoinRequest.programme_id == programme.id, JoinRequest.subject != "")


def _sorted(*where: ColumnElement[bool]) -> list[JoinRequest]:
    rows = db.session.scalars(select(JoinRequest).where(JoinRequest.state != "unconfirmed", *where))
    return sorted(rows, key=lambda each: (each.state not in OPEN, each.state != "open", each.asked_at, each.id))


def waiting_in(network_ids: Sequence[int]) -> dict[int, tuple[int, date]]:
    """{network: how many ask to join and nobody has answered, the day of the first}."""
    query = (
        select(JoinRequest.network_id, func.count(), func.min(JoinRequest.asked_at))
        .where(JoinRequest.network_id.in_(network_ids), JoinRequest.state == "open")
        .group_by(JoinRequest.network_id)
    )
    return {number or 0: (count, first.date()) for number, count, first in db.session.execute(query)}


def waiting_to_start(programme_ids: Sequence[int]) -> list[tuple[Programme, int]]:
    """Programmes in which somebody asks for a new network and nobody has answered, with how many."""
    query = (
        select(Programme, func.count(JoinRequest.id))
        .join(JoinRequest, JoinRequest.programme_id == Programme.id)
        .where(Programme.id.in_(programme_ids), JoinRequest.network_id.is_(None), JoinRequest.state == "open")
        .group_by(Programme.id)
        .order_by(Programme.id)
    )
    return [(programme, count) for programme, count in db.session.execute(query)]


def is_member(request: JoinRequest, network: Network, day: date) -> bool:
    """Whether an organisation of this name takes part in the network, that day or later: then a person joins it."""
    organisation = organisations_named(request.programme, request.organisation)
    return any(organisation and each.organisation_id == organisation.id for each in network.members_from(day))


def in_formation(programme: Programme) -> list[Network]:
    """Networks a request for a new one may belong to."""
    return [each for each in programme.networks if each.state in ("idea", "forming")]
