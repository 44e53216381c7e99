"""Stories of planning: too few rooms, nobody volunteers, somebody joins in mid-year."""

from datetime import timedelta
from fractions import Fraction

from flask import Flask

from app.meetings import balances as ledger
from app.meetings.queries import meetings_of, meetings_of_year, turns_from
from app.networks.actions import add_room, join, organisation_for
from app.planning import actions as cycles
from app.planning.shown import plan_page
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from app.publishing import ways_out
from app.publishing.turn_letters import KINDS as TURNS
from app.swaps import actions as swaps
from app.swaps.letters import KINDS as SWAPS
from app.turns import actions as turns
from tests import make
from tests.journeys.test_events import day_of, drafted, events, mails, published, put_back, site, wishes
from tests.journeys.test_turn_events import left

__all__ = ["put_back", "site"]


def test_over_constrained(site: Flask) -> None:
    at = day_of("over_constrained")
    cycle = drafted("n15", at)

    view = plan_page.of_year(cycle.network, 2027, cycle, at)
    buttons = dict(view.relaxations)
    repeated = cycles.relax(cycle, [wish for wish in buttons if wish.startswith("no_repeat_host")][:1], at)
    online = cycles.propose(cycle, Wishes(**{**wishes("n15").__dict__, "mode": "online"}), at)
    for member in cycle.network.memberships:
        add_room(member.organisation, {"name": "Gehuurde zaal", "seats": 40}, at)
        member.hosts = True
    hired = cycles.propose(cycle, wishes("n15"), at)

    assert view.draft is not None
    assert view.draft.status == "infeasible"
    assert view.hosts.startswith("Alleen Jekerdal (")
    assert "Huize Roerparel (1 maart 2027 t/m 31 augustus 2027 (alleen de zaal))" in view.hosts
    assert "6 bijeenkomsten kunnen hooguit 2 verschillende ontvangende organisaties hebben" in view.hosts
    assert [each.status for each in (repeated, online, hired)] == ["optimal"] * 3
    assert mails("Y0") == []


def test_nobody_volunteers(site: Flask) -> None:
    at = day_of("nobody_volunteers")
    cycle = published("n08", day_of("year_setup"))
    manager = make.manager(network=cycle.network, language="nl")
    left(at)
    meeting = next(m for m in meetings_of_year(cycle) if m.day > at.date() + timedelta(14))
    duty = meeting.preparation_duties[0]
    turns.hand_back(duty, manager, "", at)
    everybody = [(m.organisation_id, None) for m in ways_out.able_to(duty, cycle.network, 10)]

    swap = swaps.ask(duty, everybody, "Wie bereidt deze bijeenkomst voor?", manager, at)
    later = swap.expires_at + timedelta(hours=1)
    (told,) = [m for m in mails("S3") if SWAPS["S3"].still_true(m, later)]
    letter = SWAPS["S3"].render([told], later)
    fairest, *others = ways_out.options(duty, 10, later).substitutes
    others_held = [m for m in meetings_of([cycle.network_id]) if m.id != meeting.id]
    balances = ledger.balances(cycle.network, others_held)
    draft = cycles.amended(cycle, {meeting.id: fairest.values}, fairest.why, later)
    publishing.amend(cycle, draft, later, manager, override="repair")

    assert told.person_id == manager.id
    assert "/repair" in letter.text
    assert fairest.organisation is not None
    # Whoever has all turns of the year that the network asks for comes last.
    full = [each for each in others if "beurten, zo veel als" in each.why]
    spare = [each.organisation.id for each in (fairest, *others) if each.organisation and each not in full]
    assert balances[fairest.organisation.id][1] == min(balances[number][1] for number in spare)
    assert others[len(others) - len(full) :] == full
    assert meeting.preparers == [fairest.organisation]
    changed = [m for m in mails("K1") if m.due_at >= later]
    members = {m.organisation_id: {p.id for p in m.people} for m in cycle.network.members_on(meeting.day)}
    assert {m.person_id for m in changed} <= members[fairest.organisation.id]
    assert fairest.why.split(";")[0] in TURNS["K1"].render([changed[0]], later).text


def test_joins_midyear(site: Flask) -> None:
    at = day_of("joins_midyear")
    cycle = published("n12", day_of("year_setup"))
    before = [(m.id, m.starts_at, m.sequence, [d.organisation_id for d in m.duties]) for m in meetings_of_year(cycle)]
    organisation = organisation_for(cycle.network.programme, "Nieuwe Zorg", at)
    joined = join(cycle.network, organisation, at.date(), at, duties_from=turns_from(cycle.network, at.date()))
    meetings = [m for m in meetings_of_year(cycle) if m.day >= at.date()]

    draft = cycles.propose(cycle, wishes("n12"), at)

    turns = [row.date for row in draft.rows if joined.organisation_id in (row.host, *row.preparers)]
    assert joined.duties_from == meetings[0].day + timedelta(1)
    assert ledger.balances(cycle.network, [])[joined.organisation_id] == (Fraction(0), Fraction(0))
    assert all(day > meetings[0].day for day in turns)
    after = [(m.id, m.starts_at, m.sequence, [d.organisation_id for d in m.duties]) for m in meetings_of_year(cycle)]
    assert after == before
    assert [row.date for row in draft.rows] == [m.day for m in meetings_of_year(cycle)]
    assert mails("C1") == []
    assert len(events(cycle, at)) == len(meetings_of_year(cycle))
