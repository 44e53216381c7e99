"""Who counts as the manager of a network that nobody was named for."""

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from app.extensions import db
from app.letters.kinds import KINDS
from app.networks.models import Network, Programme
from app.networks.queries import answering_for, managers_by_network, managers_of
from app.people.links import personal_token
from app.people.models import Person
from app.planning.elsewhere import busy_days
from app.planning.whole_programme import groups
from app.turns.actions import hand_back
from tests import make

DAY = datetime(2027, 4, 15, 11, tzinfo=UTC)


@pytest.fixture
def programme(app: Flask) -> Programme:
    return make.programme()


@pytest.fixture
def one(programme: Programme) -> Person:
    return make.programme_manager(programme=programme, first_name="Mia", last_name="Mol")


@pytest.fixture
def networks(programme: Programme) -> list[Network]:
    """Two without a manager of their own; in the second a meeting is published."""
    found = [make.network(programme=programme) for _ in range(2)]
    for network in found:
        make.membership(network=network)
    make.meeting(network=found[1], starts_at=DAY)
    return found


def second(programme: Programme) -> Person:
    return make.programme_manager(programme=programme, first_name="Noor", last_name="Nas")


def test_the_only_manager_of_a_programme_counts_as_that_of_all_its_networks(
    one: Person, networks: list[Network]
) -> None:
    assert managers_by_network(networks[0].programme_id) == {each.id: {one.id} for each in networks}
    assert [managers_of(each) for each in networks] == [[one], [one]]


def test_of_two_managers_of_a_programme_neither_is_assumed(
    one: Person, programme: Programme, networks: list[Network]
) -> None:
    other = second(programme)

    assert managers_by_network(programme.id) == {each.id: set() for each in networks}
    assert [managers_of(each) for each in networks] == [[], []]
    assert [answering_for(each) for each in networks] == [[one, other], [one, other]]


def test_who_is_named_for_a_network_goes_before_the_only_one_of_the_programme(
    one: Person, networks: list[Network]
) -> None:
    own = make.manager(network=networks[0])

    assert [managers_of(each) for each in networks] == [[own], [one]]


def test_days_of_the_other_network_are_taken_when_one_person_manages_both(one: Person, networks: list[Network]) -> None:
    assert busy_days(networks[0], 2027).manager == {DAY.date()}
    assert groups(networks) == [sorted(each.id for each in networks)]


def test_days_of_the_other_network_are_free_when_nobody_is_assumed(
    one: Person, programme: Programme, networks: list[Network]
) -> None:
    second(programme)

    assert busy_days(networks[0], 2027).manager == frozenset()
    assert groups(networks) == [[each.id] for each in networks]


def reply_to(network: Network) -> tuple[tuple[str, str], ...]:
    meeting = make.meeting(network=network, starts_at=DAY + timedelta(days=7))
    person = network.memberships[0].people[0]
    row = make.message(person=person, kind="D2", network_id=network.id, meeting_id=meeting.id)
    return KINDS["D2"].render([row], make.NOW).reply_to


def test_a_reply_goes_to_the_only_manager(one: Person, networks: list[Network]) -> None:
    assert reply_to(networks[0]) == (("Mia Mol", one.email),)


def test_a_reply_goes_to_both_when_nobody_is_assumed(
    one: Person, programme: Programme, networks: list[Network]
) -> None:
    other = second(programme)

    assert reply_to(networks[0]) == (("Mia Mol", one.email), ("Noor Nas", other.email))


def test_a_turn_given_back_is_told_to_somebody_whoever_manages(
    one: Person, programme: Programme, networks: list[Network]
) -> None:
    second(programme)
    member = networks[0].memberships[0]
    meeting = make.meeting(network=networks[0], starts_at=DAY)
    duty = make.duty(meeting=meeting, organisation=member.organisation)

    hand_back(duty, member.people[0], "flu", make.NOW)

    told = {row.person_id for row in db.session.query(make.Message).filter_by(kind="M3")}
    assert told == {person.id for person in answering_for(networks[0])}
    assert len(told) == 2


def test_who_is_away_is_replaced_by_the_deputy(one: Person, programme: Programme, networks: list[Network]) -> None:
    network = networks[0]
    named = make.manager(network=network)
    other = make.manager(network=networks[1])
    make.deputy(programme=programme, manager=named, deputy=other, first=date(2020, 1, 1), last=date(2099, 1, 1))

    assert managers_of(network) == [other]


def test_members_see_whom_to_ask(app: Flask, one: Person, networks: list[Network]) -> None:
    person = networks[0].memberships[0].people[0]
    db.session.commit()

    page = app.test_client().get(f"/me/{personal_token(person)}").text

    assert f'mailto:{one.email}"' in page
