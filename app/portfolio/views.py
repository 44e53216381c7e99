"""The start pages: the manager's portfolio and the participant's own page."""

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.admin.merging import recognise as unite
from app.admin.merging import refuse as say_no
from app.attendance import forms
from app.attendance.actions import answer
from app.clock import now
from app.edge import bounds, web
from app.edge.bounds import row_number
from app.errors import Stale
from app.extensions import db
from app.meetings.models import Meeting
from app.networks import access
from app.networks import queries as networks
from app.people.models import Person
from app.people.queries import typed_with
from app.portfolio.glance import of_networks
from app.portfolio.personal import Personal, of_person
from app.portfolio.queries import portfolio, written_down
from app.text import one_line
from app.topics import forms as topics
from app.topics.actions import choose, say
from app.topics.views import brought_in

pages = Blueprint("portfolio", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/")
@web.signed_in
def start() -> Answer:
    """The portfolio for managers, the own page for participants, the first steps for a new site."""
    managed = networks.managed_networks(g.person)
    programmes = networks.managed_programmes(g.person)
    if g.person.site_admin and not programmes and networks.programmes():
        return _programmes()
    if managed or programmes:
        at = now()
        view = portfolio([network.id for network in managed], at, [programme.id for programme in programmes])
        return render_template(
            "portfolio/manager.html",
            view=view,
            today=at.astimezone(ZoneInfo(web.settings().timezone)).date(),
            programmes=programmes,
            managed=managed,
            written_down=written_down(g.person),
        )
    if g.person.site_admin:
        return redirect(url_for("admin.first_run"))
    return redirect(url_for("portfolio.mine"))


def _programmes() -> str:
    """All programmes, for a site admin who manages none, and which of their networks have no manager."""
    every = networks.programmes()
    nobodys = networks.without_manager([network for programme in every for network in programme.networks])
    return render_template(
        "admin/programmes.html", programmes=every, nobodys=nobodys, written_down=written_down(g.person)
    )


@pages.get("/year")
@access.manager
def glance() -> Answer:
    """All networks of whoever looks, one year."""
    managed = networks.managed_networks(g.person)
    planned = Counter(n.year_to_plan(now().date()) for n in managed)
    year = request.args.get("year", type=row_number) or min(planned, default=now().year)
    if year not in bounds.years():
        abort(404)
    view = of_networks([network.id for network in managed], year, now())
    return render_template("portfolio/glance.html", view=view, years=range(year - 1, year + 2))


@pages.get("/me")
@web.signed_in
def mine() -> Answer:
    return _page(g.person, None)


@pages.get("/me/<token>")
@web.access("personal_link")
def personal(token: str) -> Answer:
    return _page(g.reader or abort(404), token)


def _meeting_changed(view: Personal) -> bool:
    """Whether the link or the form is about a meeting as it no longer is."""
    number, version = (request.values.get(name, type=row_number) for name in ("meeting", "version"))
    return version is not None and (number, version) not in {(each.id, each.sequence) for each in view.upcoming}


def _changed_page(token: str | None) -> Answer:
    if token:
        return web.page("people/personal_link_old.html", 410, token=token, meeting_changed=True)
    raise Stale(_("The meeting was changed meanwhile. Look at it on your page before you answer."))


def _page(person: Person, token: str | None, posted: forms.Posted | None = None) -> Answer:
    at = now()
    view = of_person(person, at, asked=request.values.get("meeting", type=row_number))
    if token and not posted and _meeting_changed(view):
        return _changed_page(token)
    kept = {number: forms.Answer.kept(row) for number, row in view.answers.items()}
    chosen = forms.chosen(meeting.id for meeting in view.upcoming)
    empty = {meeting.id: forms.Answer() for meeting in view.upcoming}
    return web.page(
        "portfolio/personal.html",
        422 if posted else 200,
        person=person,
        view=view,
        answers=empty | kept | chosen | (posted.given if posted else {}),
        chosen=chosen,
        topics=topics.chosen(view.prepared),
        token=token,
        at=at,
        written_down=[] if token else written_down(person),
    )


def _save(person: Person, token: str | None) -> Answer:
    """Store the answers of the form: only meetings and turns that are this person's count."""
    at, view = now(), of_person(person, now())
    if _meeting_changed(view):
        return _changed_page(token)
    posted = forms.posted(meeting.id for meeting in view.upcoming)
    if posted.wrong:
        return _page(person, token, posted)
    for meeting in view.upcoming:
        if (said := posted.changed(view.answers).get(meeting.id)) is not None:
            answer(meeting, person, said.word, at, colleague=said.colleague)
        _set_topic(meeting, view, person, at)
    db.session.commit()
    if not posted.given:  # an answer says on the page that it is saved
        zone = view.networks[0].network.zone if view.networks else ZoneInfo(web.settings().timezone)
        flash(_("Saved at %(time)s.", time=at.astimezone(zone).strftime("%H:%M")))
    about = request.form.get("meeting", type=row_number)
    link: dict[str, Any] = {"meeting": about, "_anchor": f"meeting-{about}"} if about else {}
    return redirect(url_for("portfolio.personal", token=token, **link) if token else url_for("portfolio.mine", **link))


def _set_topic(meeting: Meeting, view: Personal, person: Person, at: datetime) -> None:
    """The topic of a meeting that the person's organisation hosts or prepares, as typed; else as chosen from wishes."""
    if meeting.id not in view.own:
        return
    topic = (one_line(request.form.get(f"topic-{meeting.id}", meeting.topic)) or "")[:200]
    if topic not in (meeting.topic, request.form.get(f"topic-was-{meeting.id}")):  # an old page takes nothing back
        taken = say(meeting, topic, at)
    elif view.asks_topic(meeting):
        taken = choose(meeting, request.form.get(f"choice-{meeting.id}", ""), at)
    else:
        return
    if said := brought_in(taken, person):
        flash(said)


@pages.post("/me/answers")
@web.signed_in
def save_mine() -> Answer:
    return _save(g.person, None)


@pages.post("/me/<token>/answers")
@web.access("personal_link")
def save(token: str) -> Answer:
    return _save(g.reader or abort(404), token)


def _typed(number: int) -> Person:
    """Whom somebody typed with the address of who is signed in; else 404."""
    return next((typed for typed in typed_with(g.person.email) if typed.id == number), None) or abort(404)


@pages.post("/me/written-down/<int:number>/recognition")
@web.signed_in
def recognise(number: int) -> Answer:
    unite(g.person, _typed(number), now())
    db.session.commit()
    flash(_("Done. It stands among your networks now."))
    return redirect(url_for("portfolio.start"))


@pages.post("/me/written-down/<int:number>/refusal")
@web.signed_in
def refuse(number: int) -> Answer:
    say_no(_typed(number), now())
    db.session.commit()
    flash(_("Done. Nothing about it goes to your address any more."))
    return redirect(url_for("portfolio.start"))
