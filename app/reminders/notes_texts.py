"""What the mails after a meeting say: its notes are asked for (N1, N2), are there (N3), and how it was (E1)."""

from datetime import date

from flask import has_request_context
from flask_babel import gettext as _

from app.attendance.queries import who_said_no
from app.batch import once
from app.clock import now
from app.edge.web import absolute
from app.letters.layout import TOKEN, Item, Section, network_page
from app.meetings.letters import facts, moment
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.letters import due_day, full_day
from app.networks.models import Network
from app.pulse.promise import promise
from app.pulse.queries import asked, is_open
from app.reminders.subject_lines import SUBJECTS, About
from app.reminders.wording.own_words import beginning, end, subject
from app.results.models import Agreement, Result
from app.results.queries import agreed_at, latest, open_agreements, published_of


def _page(about: About, endpoint: str = "results.show") -> str:
    """A page by the reader's link. In a request a letter is only looked at, by somebody else: no token then."""
    meeting = about.meeting
    if has_request_context():
        return absolute(endpoint, slug=meeting.network.slug, number=meeting.id)
    return absolute(f"{endpoint}_by_link", token=TOKEN, number=meeting.id)


def _learnt(network: Network) -> str:
    return network_page("results.learnt", slug=network.slug)


def _asked(about: About, usual: str) -> Section:
    return Section(
        heading=subject(about),
        sentences=beginning(about, usual),
        moment=moment(about.meeting),
        facts=facts(about.meeting),
        list_title=_("Ten minutes are enough for:"),
        items=[
            Item(_("three things that came out of it")),
            Item(_("what was agreed, and who does it")),
            Item(_("one line for who prepares next")),
            Item(_("how many people were there")),
        ],
        button=(_("Write the notes"), _page(about)),
        closing=[_("Whoever hosted or prepared the meeting can write them."), *end(about)],
    )


def n1(about: About) -> Section:
    return _asked(about, _("Thank you for the meeting of %(network)s.", network=about.network))


def n2(about: About) -> Section:
    last = _("The notes are not there yet. This is the last mail about them.")
    return _asked(about, last)


def n3(about: About) -> Section:
    meeting = about.meeting
    result = once(("notes", meeting.id), lambda: published_of(meeting))
    assert result is not None, "still_true comes before render"
    agreed = once(("agreed", meeting.id), lambda: agreed_at([meeting.id]).get(meeting.id, []))
    missed = about.person.id in once(("no", meeting.id), lambda: who_said_no(meeting.id))
    following = once(("next", meeting.id), lambda: _following(meeting))
    asks = is_open(meeting, now()) and about.person.id in once(("asked", meeting.id), lambda: asked(meeting))
    return Section(
        heading=SUBJECTS[about.kind](about),
        sentences=[
            *([_("You were missed.")] if missed else []),
            _("This is what came out of the meeting of %(network)s:", network=about.network),
        ],
        items=[Item(line) for line in result.outcomes.splitlines() if line.strip()],
        button=(_("Read the notes and say how it was") if asks else _("Read the notes"), _page(about)),
        closing=[
            *(
                [_("What was agreed:") + "\n" + "\n".join(f"- {said(row, meeting.day)}" for row in agreed)]
                if agreed
                else []
            ),
            *_recorded(result),
            *([_("The next meeting: %(day)s.", day=full_day(following.day))] if following else []),
            *([_two_questions(meeting)] if asks else []),
        ],
    )


def e1(about: About) -> Section:
    usual = _("Thank you for having been there. How was it to be there, and how far did it bring us?")
    return Section(
        heading=subject(about),
        sentences=beginning(about, usual),
        moment=moment(about.meeting),
        facts=facts(about.meeting),
        button=(_("Say how it was"), _page(about, "pulse.show")),
        closing=[_two_questions(about.meeting), *end(about)],
    )


def _two_questions(meeting: Meeting) -> str:
    return _("Two questions and, if you like, one sentence.") + " " + promise(meeting)


def _recorded(result: Result) -> list[str]:
    if not result.recording or not result.recording_until:
        return []
    return [_("Recording, until %(day)s: %(link)s", day=full_day(result.recording_until), link=result.recording)]


def said(row: Agreement, at: date) -> str:
    """An agreement on one line: what, who, by when, as one says it in the year of `at`."""
    who = row.organisation.name if row.organisation else ""
    when = _("by %(day)s", day=due_day(row.due, at)) if row.due else ""
    more = ", ".join(part for part in (who, when) if part)
    return f"{row.text} ({more})" if more else row.text


def still_open(about: About) -> list[str]:
    """What was agreed at earlier meetings and is not done, for who prepares and who comes."""
    network = about.meeting.network
    rows = once(("agreements", network.id), lambda: open_agreements(network))
    if not rows:
        return []
    listed = _("Agreed and still open:") + "\n" + "\n".join(f"- {said(row, about.meeting.day)}" for row in rows)
    return [listed, _("To tick what is done: %(link)s", link=_learnt(network))]


def _following(meeting: Meeting) -> Meeting | None:
    ahead = meetings_of([meeting.network_id], meeting.ends_at)
    return next((each for each in ahead if not each.cancelled), None)


def last_time(about: About) -> list[str]:
    """What those who prepared before left for who prepares now."""
    meeting = about.meeting
    found = once(("last notes", meeting.id), lambda: latest(meeting.network, meeting.starts_at))
    return [_("From who prepared last: %(line)s", line=found.next_time)] if found and found.next_time else []


SECTIONS = {"N1": n1, "N2": n2, "N3": n3, "E1": e1}
