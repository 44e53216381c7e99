"""The page on which people put the meetings into their own calendar."""

from dataclasses import dataclass
from urllib.parse import quote
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.calendars import actions, links
from app.calendars.models import FeedLink
from app.calendars.rendering import render_meeting
from app.clock import now
from app.edge import web
from app.extensions import db
from app.invitations import actions as invitations
from app.meetings import phrases, year_page
from app.meetings.models import Meeting
from app.networks import access
from app.networks.models import Contact, Membership, Network
from app.networks.queries import managed_networks, memberships_of
from app.people.models import Person
from app.text import by_name

pages = Blueprint("calendars", __name__)


@dataclass(frozen=True)
class Offer:
    """One feed as the page offers it; without a link yet the page shows a button that makes one."""

    title: str
    scope: str
    network: Network | None
    url: str
    webcal: str
    google: str
    outlook: str
    qr: str
    fetched: str = ""  # by which program, when

    @property
    def which(self) -> str:
        """What names it in a form: "mine", "all", or "network/oost"."""
        return f"{self.scope}/{self.network.slug}" if self.network else self.scope


def _offer(title: str, scope: str, network: Network | None, link: FeedLink | None) -> Offer:
    url = f"{web.settings().base_url}/feeds/{links.token_of(link)}.ics" if link else ""
    webcal = "webcal" + url.removeprefix("https").removeprefix("http") if url else ""
    return Offer(
        title=title,
        scope=scope,
        network=network,
        url=url,
        webcal=webcal,
        google=f"https://calendar.google.com/calendar/r?cid={quote(webcal, safe='')}",
        outlook=f"https://outlook.office.com/calendar/0/addfromweb?url={quote(url, safe='')}&name={quote(title)}",
        qr=qr(url) if url else "",
        fetched=_fetched(link) if link and link.fetched_at else "",
    )


def qr(url: str) -> str:
    return str(segno.make(url).svg_data_uri(scale=4, dark="#1f2a30", light="#ffffff"))


def _fetched(link: FeedLink) -> str:
    """Which program read the calendar last, and when: "Outlook, yesterday 09:12"."""
    zone = link.network.zone if link.network else ZoneInfo(web.settings().timezone)
    when = phrases.lately(link.fetched_at.astimezone(zone), now().astimezone(zone)) if link.fetched_at else ""
    return f"{link.fetched_by}, {when}" if link.fetched_by else when


def _own_offer(person: Person) -> list[Offer]:
    if not memberships_of(person, now().date()):
        return []
    return [_offer(_("All my meetings and turns"), "mine", None, links.current(person, "mine"))]


def _offers(person: Person) -> list[Offer]:
    """What is offered to who is signed in. By link it is the own meetings alone: mails are forwarded."""
    mine = {m.network for m in memberships_of(person, now().date())}
    managed = managed_networks(person)
    offers = _own_offer(person)
    if managed:
        offers.append(_offer(_("All networks I manage"), "all", None, links.current(person, "all")))
    for network in sorted(
        {*mine, *managed} if len(mine) > 1 or managed else set(), key=lambda each: by_name(each.name)
    ):
        offers.append(_offer(network.name, "network", network, links.current(person, "network", network)))
    return offers


@pages.get("/calendar")
@web.signed_in
def mine() -> str:
    return render_template("calendars/subscribe.html", person=g.person, offers=_offers(g.person), token=None)


@pages.get("/me/<token>/calendar")
@web.access("personal_link")
def subscribe(token: str) -> str:
    person = g.reader or abort(404)
    return render_template("calendars/subscribe.html", person=person, offers=_own_offer(person), token=token)


def _make(person: Person, offers: list[Offer]) -> None:
    """Make the links asked for; a scope that is not offered is not found."""
    offer = next((each for each in offers if each.which == request.form.get("which")), None)
    if offer is None:
        abort(404)
    invitations.choose(person, False, now())
    actions.feed_link(person, offer.scope, offer.network, now())
    db.session.commit()


@access.own_network(pages, "/meetings/<int:number>/meeting.ics")
def one(person: Person, network: Network, number: int) -> Response:
    """One meeting for whoever wants no subscription."""
    meeting = access.within(network, Meeting, number)
    named = {"Content-Disposition": f"attachment; filename={network.slug}-{meeting.day}.ics"}
    return Response(render_meeting(person, meeting), content_type="text/calendar; charset=utf-8", headers=named)


@pages.get("/networks/<slug>/years/<int:year>/sheet")
@access.participant
def sheet(network: Network, year: int) -> str:
    """The year on one page of paper."""
    view = year_page.of_network(network, now(), year)
    return render_template("calendars/sheet.html", network=network, year=view, qr=qr(web.absolute("calendars.mine")))


@pages.post("/calendar")
@web.signed_in
def make_mine() -> Response:
    _make(g.person, _offers(g.person))
    return redirect(url_for("calendars.mine"))


@pages.post("/me/<token>/calendar")
@web.access("personal_link")
def make(token: str) -> Response:
    person = g.reader or abort(404)
    _make(person, _own_offer(person))
    return redirect(url_for("calendars.subscribe", token=token))


def _choose(person: Person) -> None:
    invitations.choose(person, request.form.get("by_invitation") == "yes", now())
    db.session.commit()


@pages.post("/calendar/invitations")
@web.signed_in
def choose_mine() -> Response:
    _choose(g.person)
    return redirect(url_for("calendars.mine"))


@pages.post("/me/<token>/calendar/invitations")
@web.access("personal_link")
def choose(token: str) -> Response:
    _choose(g.reader or abort(404))
    return redirect(url_for("calendars.subscribe", token=token))


@pages.post("/calendar/renewal")
@web.signed_in
def renew() -> Response:
    actions.renew(g.person, now())
    db.session.commit()
    flash(_("Your calendar links are new. The old ones show an empty calendar from now on."))
    return redirect(url_for("calendars.mine"))


@pages.post("/networks/<slug>/members/<int:number>/contacts/<int:contact>/calendars/end")
@access.network_manager
def reset(network: Network, number: int, contact: int) -> Response:
    """A manager ends somebody's calendar links without seeing them."""
    person = access.within(access.within(network, Membership, number), Contact, contact).person
    count = actions.reset(person, network.programme, now())
    db.session.commit()
    flash(
        ngettext(
            "One calendar link ended; a mail asks to subscribe again.",
            "%(num)s calendar links ended; a mail asks to subscribe again.",
            count,
        )
    )
    return redirect(url_for("networks.member", slug=network.slug, number=number))
