"""Who may come in: the decorators that load a network and the person's place in it.

Foreign and absent give the same 404. Every id inside a network's address is looked up inside that network.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import TypeVar

from flask import Blueprint, Response, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from app.clock import now, today
from app.edge.web import View, access, page, to_sign_in
from app.extensions import Base, db
from app.networks import queries
from app.networks.models import Membership, Network, Organisation, Programme
from app.people.links import OF_A_MANAGER, PERSONAL, opened
from app.people.models import BrowserSession, Person
from app.people.queries import live_session, too_old_for_a_manager

Owned = TypeVar("Owned", bound=Base)
SIGNED_IN_TOO = ("results.learnt",)  # pages that calendars lead to, and that stand in their network as well


def load_person() -> ResponseReturnValue | None:
    """Before each request: who is signed in, or whose link this is. Managers sign in again after twelve quiet hours.

    Pages for strangers know nobody. A link of ours that is old answers at once, with a button that mails a new one.
    """
    g.person = g.session = g.reader = None
    if request.blueprint in ("public", "guests"):  # the same for everybody, and caches keep it
        return None
    _load_session()
    return _load_reader((request.view_args or {})["token"]) if _by_link() else None


def _by_link() -> bool:
    return getattr(current_app.view_functions.get(request.endpoint or ""), "access", "") == "personal_link"


def _load_reader(token: str) -> ResponseReturnValue | None:
    found = opened(token)
    if found is None:
        return None
    if found.made_at is None:
        return _from_calendar(token, found.person)
    if found.current and found.person and now() - found.made_at <= _life(found.person):
        g.reader = found.person
        return None
    return page("people/personal_link_old.html", 410, token=token)


def _from_calendar(token: str, person: Person | None) -> ResponseReturnValue:
    """Whoever reads a calendar has the links of its entries: only its person, signed in, goes on to the page."""
    if g.person is not None and g.person == person:
        endpoint = (request.endpoint or "").removesuffix("_by_link")
        values = {**(request.view_args or {}), **request.args, "token": None}
        return redirect(url_for(endpoint if endpoint in SIGNED_IN_TOO else "portfolio.mine", **values))
    return page("people/personal_link_old.html", 200, token=token, from_calendar=True)


def _life(person: Person) -> timedelta:
    return OF_A_MANAGER if person.site_admin or queries.roles_of(person) else PERSONAL


def _load_session() -> None:
    if (request.endpoint or "").endswith("static") or "sid" not in session:
        return
    at = now()
    found = live_session(session["sid"], at)
    if found is None:
        return
    if too_old_for_a_manager(found, at) and (found.person.site_admin or queries.roles_of(found.person)):
        return
    g.session, g.person = found, found.person


def note_seen(response: Response) -> Response:
    """After each request: the session's last use, in a transaction of its own."""
    found = g.get("session")
    if found is None or (now() - found.seen_at).total_seconds() < 300 or response.status_code >= 500:
        return response
    number, at = found.id, now()
    db.session.rollback()
    g.transaction = "note"
    try:
        db.session.execute(update(BrowserSession).where(BrowserSession.id == number).values(seen_at=at))
        db.session.commit()
    except OperationalError:  # somebody else writes: the next visit notes it
        db.session.rollback()
    return response


def _network(slug: str) -> Network:
    network = queries.network_by_slug(slug)
    if network is None:
        abort(404)
    return network


def _guard(mark: str, allowed: Callable[[Network], bool]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **kwargs: object) -> ResponseReturnValue:
            if g.get("person") is None:
                return to_sign_in()
            network = _network(slug)
            if not allowed(network):
                abort(404)
            g.network_id = network.id
            return view(network, **kwargs)

        return access(mark)(guarded)

    return decorate


def _may_change_member(network: Network) -> bool:
    """A manager of the network, or somebody who takes part for that organisation, today or later."""
    if _may_manage(network):
        return True
    g.role = "participant"
    membership = db.session.get(Membership, (request.view_args or {}).get("number"))
    return (
        membership is not None
        and membership.network_id == network.id
        and (membership.left is None or membership.left >= today(network.timezone))
        and any(each.person_id == g.person.id for each in membership.contacts)
    )


def _may_manage(network: Network) -> bool:
    g.role = queries.role_in(g.person, network)
    g.manages = bool(g.role)
    return g.manages


def _may_read(network: Network) -> bool:
    """Also who takes part later: mails lead there before the first day. A site admin who manages nothing only reads."""
    g.changes = _may_manage(network)
    g.manages = g.changes or g.person.site_admin
    g.role = g.role or ("site_admin" if g.person.site_admin else "participant")
    return g.manages or queries.sits_from(g.person, network, today(network.timezone)) is not None


# The view gets the Network in place of its slug.
network_manager = _guard("network_manager", _may_manage)
participant = _guard("participant", _may_read)
own_organisation = _guard("own_organisation", _may_change_member)


def _programme_guard(mark: str, within_reach: Callable[[], list[Programme]]) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(programme: str, **kwargs: object) -> ResponseReturnValue:
            if g.get("person") is None:
                return to_sign_in()
            found = next((each for each in within_reach() if each.slug == programme), None) or abort(404)
            g.programme_id, g.role = found.id, "programme_manager" if found in _managed() else "site_admin"
            return view(found, **kwargs)

        return access(mark)(guarded)

    return decorate


def _managed() -> list[Programme]:
    return queries.managed_programmes(g.person)


def _managed_or_all() -> list[Programme]:
    return queries.programmes() if g.person.site_admin else _managed()


# The view gets the Programme in place of its slug. A site admin gives roles, but plans and publishes nothing.
programme_manager = _programme_guard("programme_manager", _managed)
programme_admin = _programme_guard("programme_admin", _managed_or_all)


def manager(view: View) -> View:
    """For whoever manages anything at all; the view narrows to what is theirs."""

    @wraps(view)
    def guarded(**kwargs: object) -> ResponseReturnValue:
        if g.get("person") is None:
            return to_sign_in()
        roles = {role.role for role in queries.roles_of(g.person)}
        if not roles and not g.person.site_admin:
            abort(404)
        g.role = max(roles, default="site_admin")
        return view(**kwargs)

    return access("manager")(guarded)


def own(pages: Blueprint, rule: str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """The same page twice: inside its network for who is signed in, below /me/<token> for who holds that link.

    The view gets the person, the network (None by link: a link gives the rights of its person's own organisations,
    not those of a manager) and what stands in the rule.
    """

    def decorate(view: View) -> View:
        @participant
        def inside(network: Network, **values: object) -> ResponseReturnValue:
            return view(g.person, network, **values)

        @access("personal_link")
        def by_link(token: str, **values: object) -> ResponseReturnValue:
            return view(g.reader or abort(404), None, **values)

        name = view.__name__
        pages.add_url_rule(f"/networks/<slug>{rule}", name, inside, methods=methods)
        pages.add_url_rule(f"/me/<token>{rule}", f"{name}_by_link", by_link, methods=methods)
        return view

    return decorate


def own_network(pages: Blueprint, rule: str, methods: Sequence[str] = ("GET",)) -> Callable[[View], View]:
    """A page of one network twice: for who is signed in, and below /me/<token> for who takes part and holds that link.

    The view gets the person, the network and what stands in the rule.
    """

    def decorate(view: View) -> View:
        @participant
        def inside(network: Network, **values: object) -> ResponseReturnValue:
            return view(g.person, network, **values)

        @access("personal_link")
        def by_link(token: str, slug: str, **values: object) -> ResponseReturnValue:
            person = g.reader or abort(404)
            network = _network(slug)
            if queries.sits_from(person, network, today(network.timezone)) is None:
                abort(404)
            return view(person, network, **values)

        name = view.__name__
        pages.add_url_rule(f"/networks/<slug>{rule}", name, inside, methods=methods)
        pages.add_url_rule(f"/me/<token>/networks/<slug>{rule}", f"{name}_by_link", by_link, methods=methods)
        return view

    return decorate


def acts_for(person: Person, network: Network, organisation_id: int, day: date, *, by_link: bool) -> bool:
    """Whether the person may act for an organisation: its contacts, and signed in the manager on its behalf."""
    manager = not by_link and queries.manages(person, network)
    return manager or queries.sits_for(person, network, organisation_id, day)


def within(owner: Programme | Network | Organisation | Membership, model: type[Owned], number: int) -> Owned:
    """The one loader of what belongs to somebody: the row of this owner with this id, or 404."""
    row = db.session.get(model, number)
    if row is None or getattr(row, f"{owner.__tablename__}_id") != owner.id:
        abort(404)
    return row


def own_membership(network: Network) -> Membership | None:
    return queries.sits_from(g.person, network, today(network.timezone))
