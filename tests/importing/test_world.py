"""The managers' own files, cell by cell and as a whole, against what must come of them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.importing.files.opening import open_file
from app.importing.files.sheet import Line
from app.importing.proposal import Item, Meeting, Proposal
from tests.importing import world

EXPORTS = sorted(world.EXPORTS["files"])
BEST = "deelnemers_export_utf8bom.csv"


def accounted(items: list[Item], issue: dict[str, Any], row: object) -> bool:
    """Whether some item says what the expected issue says: its row, field, action and, where one is kept, its value."""
    action = world.ACTIONS[str(issue["action"])]
    here = [item for item in items if item.at.row == row and item.action == action]
    here = [item for item in here if item.field == issue.get("field", item.field)]
    free = action not in ("repaired", "told") or issue["code"] in ("colour_means_maybe", "formula_injection")
    return any(free or item.kept == kept(issue) or str(item.kept) == f"{kept(issue)} host" for item in here)


def kept(issue: dict[str, Any]) -> object:
    """An expected value as the account writes it; a period is first/last."""
    if issue["code"] != "unavailable_text":
        return issue["expected"]
    first, last, weekday = issue["expected"]
    return f"{first}/{last}" if first else f"weekday {weekday}"


@pytest.mark.parametrize("sheet", ["Deelnemers", "Historie 2026"])
def test_each_cell_of_the_workbook_is_read_as_expected(sheet: str) -> None:
    items = [item for item in world.workbook().items if item.at.sheet == sheet]
    issues = world.expected("workbook.json")["sheets"][sheet]["issues"]
    cells = [issue for issue in issues if issue["action"] != "use_as_network"]
    assert [issue for issue in cells if not accounted(items, issue, issue["row"])] == []


@pytest.mark.parametrize("name", EXPORTS)
def test_each_cell_of_an_export_is_read_as_expected_in_every_encoding(name: str) -> None:
    about = world.EXPORTS["files"][name]
    # The Mac's file lost its two line breaks when it was saved.
    issues = [i for i in world.EXPORTS["issues"] if about["encoding"] != "mac_roman" or i["code"] != "newline_in_cell"]
    items = world.reading(name).items
    assert [issue for issue in issues if not accounted(items, issue, issue["line"] + about["line_shift"])] == []


@pytest.mark.parametrize("name", EXPORTS)
def test_the_encoding_of_an_export_is_recognised(name: str) -> None:
    assert world.reading(name).files == [{"file": name, "encoding": world.EXPORTS["files"][name]["encoding"]}]


def content(proposal: Proposal) -> object:
    """Everything a proposal would store."""
    return [
        (
            network.name,
            network.state,
            sorted(
                (m.organisation.name, m.organisation.town, m.hosts, m.joined, [(p.name, p.email) for p in m.people])
                for m in network.memberships.values()
            ),
        )
        for network in proposal.networks.values()
    ], {o.name: [(room.name, room.seats) for room in o.rooms] for o in proposal.organisations.values()}


def answers_to(name: str) -> dict[str, str | None]:
    """Each question with its proposal; lost letters with the name that the UTF-8 file has in the same place."""
    shift = world.EXPORTS["files"][name]["line_shift"]
    texts = {line.number: line for line in _lines(BEST)}
    found: dict[str, str | None] = {}
    for item in world.reading(name).questions:
        row = (item.at.row or 0) - shift
        found[item.question or ""] = (
            texts[row].cells[2].text if item.code == "name_unreadable" else item.proposal or None
        )
    return found


def _lines(name: str) -> tuple[Line, ...]:
    return open_file(*world.file(name)).sheets[0].lines


@pytest.mark.parametrize("name", EXPORTS)
def test_all_encodings_give_the_same_programme_once_the_questions_are_answered(name: str) -> None:
    best = world.reading(BEST, answers=answers_to(BEST))
    assert content(world.reading(name, answers=answers_to(name))) == content(best)


def test_an_export_has_the_organisations_people_and_networks_it_was_made_of() -> None:
    proposal = world.reading(BEST, answers=answers_to(BEST))
    wanted = {world.names("networks")[network] for network in world.EXPORTS["networks"]}
    assert {network.name for network in proposal.networks.values()} == wanted
    assert len(proposal.organisations) == world.EXPORTS["distinct_organisations"]
    assert len(proposal.people) == world.EXPORTS["distinct_people"]
    assert len(proposal.memberships) == world.EXPORTS["distinct_memberships"]


def test_the_workbook_has_all_networks_and_which_are_forming() -> None:
    states = {"actief": "active", "in oprichting": "forming"}
    assert {(network.name, network.state) for network in world.workbook().networks.values()} == {
        (row["name"], states[row["status"]]) for row in world.truth("networks")
    }


def test_the_workbook_has_all_memberships_and_asks_about_the_yellow_one() -> None:
    organisations, networks = world.names("organisations"), world.names("networks")
    found = {
        (network.name, organisation)
        for network in world.workbook().networks.values()
        for organisation in network.memberships
    }
    true = {(networks[row["network_id"]], organisations[row["org_id"]]) for row in world.truth("memberships")}
    assert found == true


def test_the_workbook_has_all_people_with_names_and_addresses() -> None:
    found = {(person.first, person.last, person.email) for person in world.workbook().people}
    missing = {
        "i.brouwers@lekboogzorg.example.org",
        "h.kuipers@dekrakeel.example.org",
        "m.hofstede@hollandschehof.example.org",
    }
    true = {
        (row["first"], f"{row['infix']} {row['last']}".strip(), None if row["email"] in missing else row["email"])
        for row in world.truth("people")
    }
    assert found == true


def test_the_first_person_of_each_organisation_comes_first() -> None:
    emails = {row["id"]: row["email"] for row in world.truth("people")}
    organisations, networks = world.names("organisations"), world.names("networks")
    wrong = []
    for row in world.truth("memberships"):
        network = world.workbook().network(networks[row["network_id"]])
        people = network.memberships[organisations[row["org_id"]]].people if network else []
        true = [emails[each] for each in [row["primary"], *row["substitutes"].split("|")] if each]
        if [person.email or true[n] for n, person in enumerate(people)] != true:
            wrong.append(row)
    assert wrong == []


def test_the_workbook_has_all_rooms() -> None:
    organisations = world.names("organisations")
    found = sorted(
        (o.name, room.name, room.seats or 0, room.wheelchair, room.screen or "geen")
        for o in world.workbook().organisations.values()
        for room in o.rooms
    )
    assert found == sorted(
        (organisations[row["org_id"]], row["name"], int(row["capacity"]), row["wheelchair"] == "True", row["screen"])
        for row in world.truth("venues")
    )


def test_rooms_know_their_address_and_where_to_park() -> None:
    room = world.workbook().organisations["Stichting Zilverwiek Zorg en Wonen"].rooms[0]
    assert (room.address, room.directions) == ("Parkzicht 64, Zutphen", "beperkt: graag carpoolen")


def told(meeting: Meeting) -> tuple[object, ...]:
    host = meeting.host.name if meeting.host else ""
    preparers = tuple(sorted(organisation.name for organisation in meeting.preparers))
    return meeting.day, host, preparers, meeting.topic, meeting.cancelled, meeting.attended


def true_meetings(network: str) -> list[tuple[object, ...]]:
    organisations = {**world.names("organisations"), "": ""}
    return [
        (
            date.fromisoformat(row["date"]),
            organisations[row["host_org"]],
            tuple(sorted(organisations[each] for each in row["preparer_orgs"].split("|") if each)),
            row["topic"],
            row["status"] == "vervallen",
            int(row["attended"]) if row["attended"] else None,
        )
        for row in world.truth("sessions_2026")
        if row["network_id"] == network
    ]


@pytest.mark.parametrize("network", [f"n{n:02d}" for n in range(1, 21)])
def test_with_the_proposed_days_all_past_meetings_are_true(network: str) -> None:
    found = world.answered().network(world.names("networks")[network])
    assert found is not None
    assert sorted(map(told, found.meetings)) == sorted(true_meetings(network))


def test_a_meeting_known_by_its_week_only_is_not_there_until_its_day_is() -> None:
    assert len(world.workbook().meetings) == 84
    assert len(world.answered().meetings) == 97


def test_the_closed_periods_are_read_as_expected() -> None:
    proposal = world.reading(world.WORKBOOK, world.CLOSED)
    found = {
        (name, str(a.period.first or "") or None, str(a.period.last or "") or None, a.period.weekday, a.period.only)
        for name, organisation in proposal.organisations.items()
        for a in organisation.absences
    }
    rows = [row for row in world.expected("verhinderingen_2027.json")["rows"] if row["action"] != "ask"]
    assert found == {
        (row["organisation"], row["start"], row["end"], row["weekday"], "host" if row["scope"] == "host" else None)
        for row in rows
    }


def test_an_organisation_that_cannot_but_is_in_no_network_is_told() -> None:
    proposal = world.reading(world.WORKBOOK, world.CLOSED)
    assert [item.kept for item in proposal.items if item.code == "in_no_network"] == ["Stichting Waalwende"]


def test_a_member_joined_with_its_first_turn_or_at_new_year() -> None:
    network = world.answered().network("Vrijwilligerscoördinatoren Oost")
    assert network is not None
    joined = {name: membership.joined for name, membership in network.memberships.items()}
    assert joined["Stichting ’t Wevershuys"] == date(2026, 2, 12)
    assert joined["Stichting Bloesemgaard"] == date(2027, 1, 1)


def test_nothing_of_what_must_not_be_kept_is_in_the_proposal_or_its_account() -> None:
    proposal = world.reading(*EXPORTS[:1], world.WORKBOOK)
    shown = repr(proposal)
    kept = replace(proposal, tables=[])  # those are for whoever says what a column means, and never stored
    assert "zie mail" not in repr(kept)
    for secret in ("halal", "1979", "vrijwilligerscoördinator'", "Oude Deelnemer", "Vertrokken"):
        assert secret not in shown


def test_questions_keep_their_ids_in_every_run_and_every_encoding() -> None:
    ids = [{item.question for item in world.reading(name).questions} for name in EXPORTS]
    assert ids[0] == {item.question for item in world.reading(EXPORTS[0]).questions}
    assert set.intersection(*ids) == {item.question for item in world.reading(BEST).questions}


def test_left_out_stays_out_and_is_said() -> None:
    struck = next(item for item in world.workbook().questions if item.code == "row_struck_through")
    proposal = world.reading(world.WORKBOOK, answers={struck.question or "": None})
    told_item = next(item for item in proposal.items if item.question == struck.question)
    assert (told_item.action, told_item.kept) == ("told", None)
    assert "Stichting Oud-Lidgroep" not in proposal.organisations
