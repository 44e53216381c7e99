"""A member of a network: its place, its organisation, people, rooms and days away."""

from flask import flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.availability.actions import add_absence, remove_absence
from app.availability.forms import AbsenceForm
from app.availability.models import Absence
from app.availability.queries import absences_listed
from app.calendars import actions as calendars
from app.clock import now, today
from app.edge import web
from app.errors import Refused
from app.extensions import db
from app.meetings import phrases, year_page
from app.meetings.queries import meetings_despite, meetings_in
from app.networks import access, actions
from app.networks.forms import (
    ContactForm,
    MembershipForm,
    OrganisationDetailsForm,
    RoomForm,
)
from app.networks.models import Contact, Membership, Network, Organisation, Room
from app.networks.sharing import may_write
from app.networks.views import Answer, pages
from app.people.models import Person
from app.planning.turn_requests.forms import TurnWishForm
from app.planning.turn_requests.queries import wishes_of
from app.privacy.actions import leave
from app.publishing.actions import welcome
from app.results.queries import agreements_of


def _place(membership: Membership) -> MembershipForm:
    return MembershipForm(formdata=None, obj=membership, hosted=membership.network.hosted).showing()


def _details(organisation: Organisation) -> OrganisationDetailsForm:
    return OrganisationDetailsForm(formdata=None, obj=organisation).showing()


def _names(person: Person) -> ContactForm:
    return ContactForm(formdata=None, obj=person).showing()


def _room(room: Room) -> RoomForm:
    return RoomForm(formdata=None, obj=room).showing()


def _member(network: Network, number: int, status: int = 200, **forms: object) -> Answer:
    membership = access.within(network, Membership, number)
    organisation = membership.organisation
    given = {
        "form": _place(membership),
        "details": _details(organisation),
        "contact_form": ContactForm(formdata=None),
        "room_form": RoomForm(formdata=None),
        "absence_form": AbsenceForm(formdata=None),
    } | forms
    return web.page(
        "networks/member.html",
        status,
        network=network,
        membership=membership,
        absences=absences_listed([organisation]),
        turns=year_page.turns_of(network, organisation, now()),
        left_over=year_page.left_over(network, organisation, now()),
        open_agreements=[row for row in agreements_of(organisation) if row.network_id == network.id],
        today=today(network.timezone),
        wishes=wishes_of(network, organisation=organisation),
        months=phrases.month_names(),
        wish_form=TurnWishForm(formdata=None, month_names=phrases.month_names(), hosted=network.hosted),
        **given,
    )


@pages.get("/networks/<slug>/members/<int:number>")
@access.own_organisation
def member(network: Network, number: int) -> Answer:
    return _member(network, number)


def _back(network: Network, membership: Membership, said: str) -> Response:
    db.session.commit()
    flash(said)
    return redirect(url_for("networks.member", slug=network.slug, number=membership.id))


@pages.post("/networks/<slug>/members/<int:number>")
@access.network_manager
def save_member(network: Network, number: int) -> Answer:
    membership = access.within(network, Membership, number)
    form = MembershipForm(hosted=network.hosted).over(membership, _place)
    if not form.validate():
        return _member(network, number, 422, form=form)
    values = {name: form[name].data for name in ("joined", "left", "duties_from", "prepares")}
    values |= {"hosts": form.hosts.meant} if form.hosts else {}
    actions.change_membership(membership, values, now())
    return _back(network, membership, _("Saved. The published year stays as it is until you publish a change."))


@pages.post("/networks/<slug>/members/<int:number>/organisation")
@access.network_manager
def save_organisation(network: Network, number: int) -> Answer:
    membership = access.within(network, Membership, number)
    form = OrganisationDetailsForm().over(membership.organisation, _details)
    if not form.validate():
        return _member(network, number, 422, details=form)
    values = {name: form[name].data or "" for name in ("name", "short_name", "town")}
    actions.change_organisation(membership.organisation, values, now())
    return _back(network, membership, _("Saved."))


@pages.post("/networks/<slug>/members/<int:number>/contacts")
@access.own_organisation
def add_contact(network: Network, number: int) -> Answer:
    membership = access.within(network, Membership, number)
    form = ContactForm()
    if not form.validate():
        return _member(network, number, 422, contact_form=form)
    at, names = now(), (form.first_name.data, form.last_name.data or "")
    within = None if g.manages else membership
    person = actions.person_for(network.programme, *names, form.email.data, at, within)
    actions.add_contact(membership, person, at)
    welcome(membership, person, at)
    return _back(network, membership, _("%(name)s takes part from now on.", name=person.name))


def _contact(network: Network, number: int, contact: int, status: int = 200, form: ContactForm | None = None) -> Answer:
    membership = access.within(network, Membership, number)
    found = access.within(membership, Contact, contact)
    return web.page(
        "networks/contact.html",
        status,
        network=network,
        membership=membership,
        contact=found,
        form=form or _names(found.person),
        writable=may_write(g.person, found.person, network.programme),
    )


@pages.get("/networks/<slug>/members/<int:number>/contacts/<int:contact>")
@access.network_manager
def edit_contact(network: Network, number: int, contact: int) -> Answer:
    return _contact(network, number, contact)


@pages.post("/networks/<slug>/members/<int:number>/contacts/<int:contact>")
@access.network_manager
def save_contact(network: Network, number: int, contact: int) -> Answer:
    membership = access.within(network, Membership, number)
    found = access.within(membership, Contact, contact)
    form = ContactForm().over(found.person, _names)
    if not form.validate():
        return _contact(network, number, contact, 422, form)
    values = {
        "first_name": form.first_name.data,
        "last_name": form.last_name.data or "",
        "title": form.title.data or "",
    }
    person, before = found.person, found.person.email
    actions.change_person(person, values | {"email": form.email.data or None}, network, g.person, now())
    if person.email != before:
        calendars.end(person, now())
    network.changed(now())
    return _back(network, membership, _("Saved."))


@pages.post("/networks/<slug>/members/<int:number>/contacts/<int:contact>/asking")
@access.network_manager
def ask_contact(network: Network, number: int, contact: int) -> Answer:
    membership = access.within(network, Membership, number)
    person = access.within(membership, Contact, contact).person
    actions.ask_to_change(person, network, now())
    return _back(network, membership, _("A mail asks %(name)s to look at it.", name=person.name or person.email))


@pages.post("/networks/<slug>/members/<int:number>/contacts/<int:contact>/first")
@access.own_organisation
def contact_first(network: Network, number: int, contact: int) -> Answer:
    membership = access.within(network, Membership, number)
    actions.make_primary(access.within(membership, Contact, contact), now())
    return _back(network, membership, _("Saved."))


@pages.post("/networks/<slug>/members/<int:number>/contacts/<int:contact>/removal")
@access.own_organisation
def remove_contact(network: Network, number: int, contact: int) -> Answer:
    membership = access.within(network, Membership, number)
    leave(access.within(membership, Contact, contact), now())
    said = _("Removed. This person gets no more mail about this network.")
    nobody = _("Nobody of %(name)s is written to now: add somebody.", name=membership.organisation.name)
    return _back(network, membership, said if membership.contacts else f"{said} {nobody}")


@pages.post("/networks/<slug>/members/<int:number>/rooms")
@access.own_organisation
def add_room(network: Network, number: int) -> Answer:
    membership = access.within(network, Membership, number)
    form = RoomForm()
    if not form.validate():
        return _member(network, number, 422, room_form=form)
    new = actions.add_room(membership.organisation, form.facts, now())
    return _back(network, membership, _("Saved.") if new else _("This stood here already; nothing was added."))


@pages.get("/networks/<slug>/members/<int:number>/rooms/<int:room>")
@access.own_organisation
def edit_room(network: Network, number: int, room: int) -> Answer:
    membership = access.within(network, Membership, number)
    found = access.within(membership.organisation, Room, room)
    return render_template("networks/room.html", network=network, membership=membership, room=found, form=_room(found))


@pages.post("/networks/<slug>/members/<int:number>/rooms/<int:room>")
@access.own_organisation
def save_room(network: Network, number: int, room: int) -> Answer:
    membership = access.within(network, Membership, number)
    found = access.within(membership.organisation, Room, room)
    form = RoomForm().over(found, _room)
    if not form.validate():
        return web.page("networks/room.html", 422, network=network, membership=membership, room=found, form=form)
    actions.save_room(membership.organisation, found, form.facts, now())
    return _back(network, membership, _("Saved."))


@pages.post("/networks/<slug>/members/<int:number>/rooms/<int:room>/removal")
@access.own_organisation
def remove_room(network: Network, number: int, room: int) -> Answer:
    membership = access.within(network, Membership, number)
    found, at = access.within(membership.organisation, Room, room), now()
    if booked := meetings_in(found, at):
        days = phrases.joined([phrases.day(meeting.local_start) for meeting in booked])
        told = {"room": found.name, "days": days}
        raise Refused(_("%(room)s is the place of %(days)s. Give what is planned there another one first.", **told))
    actions.remove_room(found, at)
    return _back(network, membership, _("Removed."))


@pages.post("/networks/<slug>/members/<int:number>/absences")
@access.own_organisation
def save_absence(network: Network, number: int) -> Answer:
    membership = access.within(network, Membership, number)
    form = AbsenceForm()
    if not form.validate():
        return _member(network, number, 422, absence_form=form)
    values = {
        "first": form.first.data,
        "last": form.last.data,
        "weekday": int(form.weekday.data) if form.weekday.data else None,
        "only": form.only.data or None,
        "reason": form.reason.data or "",
    }
    at = now()
    absence = add_absence(membership.organisation, values, at)
    if absence is None:
        return _back(network, membership, _("This stood here already; nothing was added."))
    saved = _("Saved. The planner keeps off these days from now on.")
    return _back(network, membership, f"{saved} {phrases.stays_published(meetings_despite(absence, at))}".rstrip())


@pages.post("/networks/<slug>/members/<int:number>/absences/<int:absence>/removal")
@access.own_organisation
def drop_absence(network: Network, number: int, absence: int) -> Answer:
    membership = access.within(network, Membership, number)
    remove_absence(access.within(membership.organisation, Absence, absence), now())
    return _back(network, membership, _("Removed."))
