"""A request is asked, confirmed, answered and forgotten. Nobody sees it before its address is confirmed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import record
from app.errors import Refused
from app.extensions import db, hold
from app.joining import queries
from app.joining.models import CONFIRM_WITHIN, OPEN, STATES, JoinRequest
from app.mail import actions as mail
from app.mail.models import Message
from app.mail.personal import forget_mails
from app.networks.actions import add_contact, found_network, join, organisation_for
from app.networks.models import Membership, Network, Programme
from app.people.actions import forget_tries
from app.people.models import Person
from app.people.queries import by_email
from app.publishing.actions import welcome
from app.publishing.letters import is_new

KINDS = ("J1", "J2", "J3")


def ask(
    programme: Programme, network: Network | None, email: str, said: Mapping[str, str], language: str, now: datetime
) -> JoinRequest:
    """Keep what a stranger asks and mail the address a link to confirm it (J1). `said`: the columns of the form.

    What was asked before from this address for the same and is not confirmed is replaced.
    """
    again = JoinRequest.programme_id == programme.id, JoinRequest.network_id == (network.id if network else None)
    old = select(JoinRequest).where(JoinRequest.email == email, JoinRequest.state == "unconfirmed", *again)
    _forget(db.session.scalars(old).all(), now)
    request = JoinRequest(programme=programme, network=network, email=email, language=language, asked_at=now, **said)
    db.session.add(request)
    db.session.flush()
    record("request-asked", request, now, network_id=request.network_id, programme_id=request.programme_id)
    _mail("J1", request, None, now)
    return request


def confirm(request: JoinRequest, now: datetime) -> None:
    """Its managers see it from now on, those who wish so by mail at once (J2). The newest of an address counts.

    Nothing happens when it is confirmed already. Raises Refused once its link is too old.
    """
    hold(request)
    if request.state != "unconfirmed":
        return
    if now - request.asked_at > CONFIRM_WITHIN:
        raise Refused(_("This link is too old. Please ask once more."))
    same = JoinRequest.network_id == request.network_id, JoinRequest.subject == request.subject
    older = select(JoinRequest).where(JoinRequest.email == request.email, JoinRequest.state.in_(OPEN), *same)
    _forget(db.session.scalars(older.where(JoinRequest.programme_id == request.programme_id)).all(), now)
    request.state, request.confirmed_at = "open", now
    record("request-made", request, now, network_id=request.network_id, programme_id=request.programme_id)
    for person in queries.deciding(request):
        if person.requests_at_once:
            _mail("J2", request, person, now)


def take_back(request: JoinRequest, now: datetime) -> None:
    """Who asked does not ask any more; what was answered stays. Nothing is kept of it."""
    hold(request)
    if request.state in (*OPEN, "unconfirmed"):
        record("request-taken-back", request, now, network_id=request.network_id, programme_id=request.programme_id)
        _forget([request], now)


def start(request: JoinRequest, into: Network | None, name: str, joined: date, now: datetime) -> Membership:
    """Accept a request for a new network: an idea of this `name` is made, or the organisation joins one in formation.

    Raises Refused as `accept` does, and when the programme has a network of that name.
    """
    _refuse_answered(request)
    if into is None:
        values = {"name": name, "goal": request.words, "state": "idea", "mode": "in-person"}
        into = found_network(request.programme, values, now)
    return accept(request, into, joined, now)


def accept(request: JoinRequest, network: Network, joined: date, now: datetime) -> Membership:
    """The organisation is a member from that day and the person its contact, as newcomers; both hear it (W0, J3).

    Where the organisation is a member already, the person joins it. Raises Refused when it was answered before.
    """
    _refuse_answered(request)
    organisation = organisation_for(request.programme, request.organisation, now, town=request.town)
    members = [each for each in network.members_from(joined) if each.organisation_id == organisation.id]
    member = members[0] if members else join(network, organisation, joined, now)
    person = _somebody(request, now)
    if person not in member.people:
        add_contact(member, person, now)
    request.network = network
    request.joined = max(joined, member.joined)
    _answer(request, "accepted", "", now)
    welcomed = welcome(member, person, now)
    if welcomed is None or not is_new(welcomed, now):  # there are no dates to tell
        _mail("J3", request, None, now, said="accepted")
    return member


def answer(request: JoinRequest, state: str, line: str, now: datetime) -> None:
    """Let it wait ("waiting") or decline it ("declined"), with a line for who asked. Raises Refused when answered."""
    _refuse_answered(request)
    _answer(request, state, line, now)
    _mail("J3", request, None, now, said=state)


def _answer(request: JoinRequest, state: str, line: str, now: datetime) -> None:
    request.state, request.answer, request.decided_at = state, line, now
    db.session.flush()
    record(
        "request-answered", request, now, network_id=request.network_id, programme_id=request.programme_id, state=state
    )


def _refuse_answered(request: JoinRequest) -> None:
    hold(request)
    if request.state not in OPEN:
        raise Refused(_("Somebody has answered this already."))


def _mail(kind: str, request: JoinRequest, person: Person | None, now: datetime, said: str = "") -> None:
    """To who asked, or to a `person` who may answer."""
    number = person.id if person else None
    key = "-".join(map(str, filter(None, (kind, request.id, number, said))))
    params = {"request_id": request.id, **({"said": said} if said else {})}
    about = request.network_id
    mail.add(kind=kind, key=key, person_id=number, due_at=now, now=now, network_id=about, params=params)


def _somebody(request: JoinRequest, now: datetime) -> Person:
    """Whoever signs in with the confirmed address, else somebody new, who can from now on."""
    person = by_email(request.email)
    if person is None:
        name = {"first_name": request.first_name, "last_name": request.last_name}
        person = Person(**name, email=request.email, language=request.language)
        db.session.add(person)
        db.session.flush()
        person.changed(now)
    return person


def forget_old(now: datetime) -> None:
    """Erase what was not confirmed within three days, and the rest ninety days after its last word."""
    rows = db.session.scalars(select(JoinRequest).where(JoinRequest.asked_at < now - CONFIRM_WITHIN)).all()
    for row in [each for each in rows if each.gone_at <= now]:
        record("request-forgotten", row, now, network_id=row.network_id, programme_id=row.programme_id)
        _forget([row], now)


def forget_address(email: str, now: datetime, states: Sequence[str] = STATES) -> None:
    """Nothing stays of what was asked with this address and is in one of these `states`."""
    asked = select(JoinRequest).where(JoinRequest.email == email, JoinRequest.state.in_(states))
    forget_tries(email)
    _forget(db.session.scalars(asked).all(), now)


def _forget(rows: Sequence[JoinRequest], now: datetime) -> None:
    """The rows go, what is planned about them is not sent, and what was sent is no file any more."""
    if not rows:
        return
    gone = {row.id for row in rows}
    mails = db.session.scalars(select(Message).where(Message.kind.in_(KINDS)))
    forget_mails([each for each in mails if each.params["request_id"] in gone], now)
    for row in rows:
        db.session.delete(row)
    db.session.flush()
