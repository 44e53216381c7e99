"""Who comes to a meeting: answers given by telephone, the sheet at the door, how many there were."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.attendance import actions, forms, queries
from app.attendance.queries import Expected
from app.clock import now
from app.edge import web
from app.edge.bounds import row_number
from app.extensions import db
from app.guests.queries import coming_as_guests
from app.meetings.models import Meeting
from app.meetings.page import may_write
from app.networks import access
from app.networks.models import Network

pages = Blueprint("attendance", __name__)
Answer = str | tuple[str, int] | Response


def _expected(meeting: Meeting, *, to_write: bool = False) -> list[Expected]:
    """Whose answers this person sees or gives: a manager everybody's, others those of their own organisation.

    A site admin who does not manage the network sees them all and gives none but those.
    """
    people = queries.expected_at(meeting)
    if g.changes or (g.manages and not to_write):
        return people
    own = {each.organisation.id for each in people if each.person.id == g.person.id}
    return [each for each in people if each.organisation.id in own]


def _page(network: Network, meeting: Meeting, posted: forms.Posted | None = None) -> Answer:
    expected = _expected(meeting)
    answers = {each.person.id: forms.Answer.kept(each.answer) for each in expected} | (posted.given if posted else {})
    return web.page(
        "attendance/people.html",
        422 if posted else 200,
        network=network,
        meeting=meeting,
        expected=expected,
        answers=answers,
        total=queries.answers_for(meeting),
        guests=coming_as_guests(meeting) if g.manages or may_write(network, meeting, g.person) else [],
        open=meeting.ends_at > now() and not meeting.cancelled and bool(_expected(meeting, to_write=True)),
    )


@pages.get("/networks/<slug>/meetings/<int:number>/people")
@access.participant
def people(network: Network, number: int) -> Answer:
    return _page(network, access.within(network, Meeting, number))


@pages.post("/networks/<slug>/meetings/<int:number>/people")
@access.participant
def save_people(network: Network, number: int) -> Answer:
    meeting, at = access.within(network, Meeting, number), now()
    expected = {each.person.id: each for each in _expected(meeting, to_write=True)}
    if not expected:
        abort(404)
    posted = forms.posted(expected)
    if posted.wrong:
        return _page(network, meeting, posted)
    before = {each: row.answer for each, row in expected.items() if row.answer}
    for each, said in posted.changed(before).items():
        person = expected[each].person
        by = None if person.id == g.person.id else g.person
        actions.answer(meeting, person, said.word, at, colleague=said.colleague, entered_by=by)
    db.session.commit()
    flash(_("Saved at %(time)s.", time=at.astimezone(network.zone).strftime("%H:%M")))
    return redirect(url_for("attendance.people", slug=network.slug, number=meeting.id))


@pages.get("/networks/<slug>/meetings/<int:number>/sheet")
@access.participant
def sheet(network: Network, number: int) -> Answer:
    meeting = access.within(network, Meeting, number)
    if not (g.manages or may_write(network, meeting, g.person)):
        abort(404)
    expected = [each for each in queries.expected_at(meeting) if each.word != "no"]
    guests = coming_as_guests(meeting)
    return render_template("attendance/sheet.html", network=network, meeting=meeting, expected=expected, guests=guests)


@pages.get("/networks/<slug>/meetings/<int:number>/count")
@access.participant
def count(network: Network, number: int) -> Answer:
    return _count_page(network, _own(network, number), None)


@pages.post("/networks/<slug>/meetings/<int:number>/count")
@access.participant
def save_count(network: Network, number: int) -> Answer:
    meeting, form = _own(network, number), forms.CountForm()
    if not form.validate():
        return _count_page(network, meeting, form)
    expected = {each.person.id for each in queries.expected_at(meeting)}
    ticked = {each for each in request.form.getlist("present", type=row_number) if each in expected}
    actions.keep_count(meeting, form.attended.data, ticked, now())
    db.session.commit()
    flash(_("Saved at %(time)s.", time=now().astimezone(network.zone).strftime("%H:%M")))
    return redirect(url_for("meetings.meeting", slug=network.slug, number=meeting.id))


def _own(network: Network, number: int) -> Meeting:
    """A meeting whose host, preparers or manager this person is."""
    meeting = access.within(network, Meeting, number)
    return meeting if may_write(network, meeting, g.person) else abort(404)


def _count_page(network: Network, meeting: Meeting, form: forms.CountForm | None) -> Answer:
    present = queries.present_at(meeting)
    return web.page(
        "attendance/count.html",
        422 if form else 200,
        network=network,
        meeting=meeting,
        form=form or forms.CountForm(formdata=None, obj=meeting),
        expected=queries.expected_at(meeting) if network.keeps_names else [],
        present=present,
    )
