"""Who is on the roll, who has a turn, and who can host."""

from datetime import timedelta

from scheduling.model.network import roll, seats_needed, seats_of
from tests.scheduling.made import START, days, member

FIRST, LAST = days(0, 6)


def test_somebody_comes_even_before_anybody_is_named() -> None:
    assert [seats_of(people) for people in (0, 1, 3)] == [1, 1, 3]


def test_only_who_is_a_member_on_all_days_of_the_roll_counts() -> None:
    early, late = START - timedelta(1), START + timedelta(1)
    members = (
        member("all"),
        member("joins", since=late),
        member("leaves", until=late),
        member("left before", until=early),
        member("stays to the last day", until=LAST),
    )

    assert [m.org for m in roll(members, FIRST, LAST).members] == ["all", "stays to the last day"]


def test_a_newcomer_counts_but_has_no_turn_yet() -> None:
    counted = roll((member("a"), member("new", duties_from=START + timedelta(1), seats=2)), FIRST, LAST)

    assert seats_needed(counted.members) == 3
    assert counted.may_host == counted.may_prepare == ("a",)


def test_a_host_is_willing_and_has_a_room_for_everybody() -> None:
    members = (
        member("large", room=6, seats=3),
        member("small", room=5, seats=3),
        member("large but unwilling", room=6, seats=0, hosts=False),
    )
    counted = roll(members, FIRST, LAST)

    assert counted.may_host == ("large",)
    assert counted.may_prepare == ("large", "small", "large but unwilling")
