"""The date round: the manager's table, and everybody's own page of dates."""

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.clock import now, today
from app.edge import web
from app.extensions import db
from app.networks import access
from app.networks.models import Network
from app.networks.queries import with_members
from app.people.models import Person
from app.planning.actions import wishes_for
from app.planning.shown import day_map
from app.rounds import actions, answer_table, forms, queries
from app.rounds.models import DateRound

pages = Blueprint("rounds", __name__)
Answer = str | tuple[str, int] | Response


def _round(network: Network, year: int) -> DateRound:
    return queries.round_of(network, year) or abort(404)


def _page(network: Network, year: int, posted: forms.RoundForm | None = None) -> Answer:
    network, at, day = with_members([network.id])[0], now(), today(network.timezone)
    row = queries.round_of(network, year)
    until = row.until if row and not actions.too_late(row, at) else actions.last_day(at, network)
    wishes = wishes_for(network, year)
    there = {candidate.day for candidate in row.dates} if row else set()
    best = day_map.worth_asking(network, year, wishes, day) if network.school_region else []
    offered = [each for each in best if each.day not in there]
    first = () if row else tuple(each.day for each in offered)
    return web.page(
        "rounds/manager.html",
        422 if posted else 200,
        network=network,
        year=year,
        row=row,
        form=posted or forms.RoundForm(formdata=None, until=until, starts=wishes.start, note=row.note if row else ""),
        offered=offered,
        ticked=posted.days if posted else first,
        typed=[each for each in posted.days.items() if each[0] not in {o.day for o in offered}] if posted else [],
        table=answer_table.of_round(row, day) if row else None,
        others=queries.other_rounds_of(network, year),
    )


@pages.get("/networks/<slug>/years/<int:year>/dates")
@access.network_manager
def manager(network: Network, year: int) -> Answer:
    return _page(network, year)


@pages.post("/networks/<slug>/years/<int:year>/dates")
@access.network_manager
def ask(network: Network, year: int) -> Answer:
    form = forms.RoundForm()
    if not form.good(network, year, today(network.timezone)):
        return _page(network, year, form)
    network = with_members([network.id])[0]
    row = actions.ask(network, year, form.days, form.until.data, form.note.data or "", now())
    asked = len(actions.people_asked(row, now()))
    db.session.commit()
    flash(ngettext("One person is asked.", "%(num)s people are asked.", asked))
    return redirect(url_for("rounds.manager", slug=network.slug, year=year))


@pages.post("/networks/<slug>/years/<int:year>/dates/<int:number>/removal")
@access.network_manager
def remove_date(network: Network, year: int, number: int) -> Answer:
    found = next((each for each in _round(network, year).dates if each.id == number), None)
    actions.remove_date(found or abort(404), now())
    return _saved(network, year)


@pages.post("/networks/<slug>/years/<int:year>/dates/closing")
@access.network_manager
def close(network: Network, year: int) -> Answer:
    actions.close(_round(network, year), now())
    return _saved(network, year)


@pages.post("/networks/<slug>/years/<int:year>/dates/reopening")
@access.network_manager
def reopen(network: Network, year: int) -> Answer:
    actions.reopen(_round(network, year), now())
    return _saved(network, year)


def _saved(network: Network, year: int) -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("rounds.manager", slug=network.slug, year=year))


def _asked(network: Network, year: int, number: int) -> tuple[DateRound, Person]:
    row = _round(network, year)
    people = {p.id: p for member in queries.asked(row, today(network.timezone)) for p in member.people}
    return row, people.get(number) or abort(404)


@pages.get("/networks/<slug>/years/<int:year>/dates/people/<int:number>")
@access.network_manager
def telephoned(network: Network, year: int, number: int) -> Answer:
    row, person = _asked(network, year, number)
    return _form(row, person, None)


@pages.post("/networks/<slug>/years/<int:year>/dates/people/<int:number>")
@access.network_manager
def save_telephoned(network: Network, year: int, number: int) -> Answer:
    row, person = _asked(network, year, number)
    form = forms.RemarkForm()
    if not form.validate():
        return _form(row, person, None, form)
    actions.answer(row, person, forms.answers(row.dates), now(), remark=form.remark.data, entered_by=g.person)
    return _saved(network, year)


def _form(row: DateRound, person: Person, token: str | None, posted: forms.RemarkForm | None = None) -> Answer:
    """The days with what was said to each, or was about to be."""
    said = forms.answers(row.dates) if posted else queries.answers_of(row, person.id)
    form = posted or forms.RemarkForm(formdata=None, remark=queries.remark_of(row, person.id))
    status = 422 if posted else 200
    return web.page("rounds/dates.html", status, row=row, person=person, said=said, token=token, form=form)


def _own(person: Person, number: int) -> DateRound:
    """A round of a network the person sits in, also when it is closed."""
    return queries.round_asked_of(person, number, now().date()) or abort(404)


def _save(person: Person, number: int, token: str | None, back: str) -> Answer:
    row, form = _own(person, number), forms.RemarkForm()
    if not form.validate():
        return _form(row, person, token, form)
    at = now()
    actions.answer(row, person, forms.answers(row.dates), at, remark=form.remark.data)
    db.session.commit()
    flash(_("Saved at %(time)s.", time=at.astimezone(row.network.zone).strftime("%H:%M")))
    if left := len(queries.open_dates(row, person.id)):
        flash(ngettext("One date is still open.", "%(num)s dates are still open.", left))
    return redirect(back)


@pages.get("/me/dates/<int:number>")
@web.signed_in
def mine(number: int) -> Answer:
    return _form(_own(g.person, number), g.person, None)


@pages.post("/me/dates/<int:number>")
@web.signed_in
def save_mine(number: int) -> Answer:
    return _save(g.person, number, None, url_for("rounds.mine", number=number))


@pages.get("/me/<token>/dates/<int:number>")
@web.access("personal_link")
def by_link(token: str, number: int) -> Answer:
    person = g.reader or abort(404)
    return _form(_own(person, number), person, token)


@pages.post("/me/<token>/dates/<int:number>")
@web.access("personal_link")
def save_by_link(token: str, number: int) -> Answer:
    back = url_for("rounds.by_link", token=token, number=number)
    return _save(g.reader or abort(404), number, token, back)
