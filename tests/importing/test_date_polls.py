"""Date polls: a no is an absence of the person's organisation, silence is nothing."""

from datetime import date

from flask import Flask

from app.importing import actions
from app.importing.proposal import Proposal
from app.importing.read import read
from tests import make
from tests.importing import sheets, world
from tests.importing.test_importing import NOW

MEMBERS = (
    "Organisatie;Naam;Mail;Netwerk\n"
    "Alfa;Ann Aalders;a@alfa.example;Kring\n"
    "Beta;Bob de Boer;b@beta.example;Kring\n"
    "Gamma;Jan Smit;j@gamma.example;Kring\n"
    "Delta;Jan Smit;j@delta.example;Kring\n"
)
POLL = (
    "Naam;do 11-2-2027 13:30;do 18-2-2027 13:30;di 16-2-2027 09:30\nAnn Aalders;ja;nee;\nBob de Boer;;indien nodig;\n"
)


def read_both(poll: str, answers: dict[str, str] | None = None) -> Proposal:
    files = [("leden.csv", MEMBERS.encode()), ("poll.csv", poll.encode())]
    return read(files, today=sheets.TODAY, answers=answers)


def absences(proposal: Proposal) -> list[tuple[str, date | None]]:
    return [(o.name, a.period.first) for o in proposal.organisations.values() for a in o.absences]


def test_only_a_no_is_an_absence_and_it_is_told() -> None:
    proposal = read_both(POLL)
    assert absences(proposal) == [("Alfa", date(2027, 2, 18))]
    assert (sheets.codes(proposal, "told").count("poll_no"), proposal.questions) == (1, [])


def test_somebody_unknown_or_of_two_organisations_is_asked_about() -> None:
    poll = POLL + "Cor Vreemd;nee;;\nJan Smit;nee;;\n"
    questions = read_both(poll).questions
    assert [(q.found, q.options) for q in questions] == [("Cor Vreemd", ()), ("Jan Smit", ("Delta", "Gamma"))]
    assert ("Delta", date(2027, 2, 11)) in absences(read_both(poll, {questions[1].question or "": "Delta"}))


def test_an_answer_nobody_knows_is_listed_and_not_taken() -> None:
    proposal = read_both(POLL.replace("indien nodig", "hmm"))
    assert (absences(proposal), sheets.codes(proposal, "ignored")) == ([("Alfa", date(2027, 2, 18))], ["poll_answer"])


def test_a_poll_alone_is_read_against_what_the_programme_knows(app: Flask) -> None:
    programme = make.programme()
    actions.complete(actions.receive(programme, [("leden.csv", MEMBERS.encode())], NOW), NOW)
    report = actions.complete(actions.receive(programme, [("poll.csv", POLL.encode())], NOW), NOW)
    assert (report["added"]["absences"], report["added"]["memberships"], report["open"]) == (1, 0, 0)


def test_the_poll_of_the_world_with_its_members_asks_nothing() -> None:
    poll = world.file("datumprikker_n01.csv")
    alone = read([world.file(world.WORKBOOK)], today=sheets.TODAY)
    both = read([world.file(world.WORKBOOK), poll], today=sheets.TODAY)
    assert len(both.questions) == len(alone.questions)
    noes = poll[1].decode("utf-8-sig").replace("\r", "\n").count("nee")
    assert sheets.codes(both, "told").count("poll_no") == noes
