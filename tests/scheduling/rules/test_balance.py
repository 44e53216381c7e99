from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from scheduling.rules.balance import Balance, PastMeeting, at_end, fold
from tests.scheduling.made import meeting, member, network, row

some = st.lists(st.sampled_from("abcx"), unique=True).map(tuple)
past_meetings = st.builds(
    PastMeeting, some, some, st.integers(1, 2), st.sampled_from([None, *"abcx"]), some, st.booleans()
)


@given(st.lists(past_meetings, max_size=4), st.fractions(-2, 2, max_denominator=4))
def test_a_balance_is_the_turns_done_without_a_fair_share_of_all_there_were(past, start):
    counted = [p for p in past if not p.cancelled]
    expected = {}
    for name in "abc":
        hosting = [Fraction(1, len(p.may_host)) for p in counted if name in p.may_host]
        preparing = [Fraction(p.preparers_per_meeting, len(p.may_prepare)) for p in counted if name in p.may_prepare]
        done = [p.host for p in counted].count(name), sum(name in p.preparers for p in counted)
        begin = start if name == "a" else 0
        expected[name] = Balance(begin + done[0] - sum(hosting), done[1] - sum(preparing) - begin)
    assert fold(past, "abc", {"a": Balance(start, -start), "x": Balance(start)}) == expected


def test_who_owes_a_planned_meeting_is_who_could_take_it():
    """Only b and c have a room for the first meeting; the second is online, and d has a turn there alone."""
    first_turn = meeting("m2", 14, 20).window[0]
    members = (member("a", room=2), member("b"), member("c", prepares=False), member("d", duties_from=first_turn))
    assert at_end(network(members=members), [row("m1", 0, "b", "a"), row("m2", 14, None, "a")]) == {
        "a": Balance(Fraction(0), 2 - Fraction(1, 2) - Fraction(1, 3)),
        "b": Balance(Fraction(1, 2), -Fraction(1, 2) - Fraction(1, 3)),
        "c": Balance(Fraction(-1, 2), Fraction(0)),
        "d": Balance(Fraction(0), Fraction(-1, 3)),
    }


def test_the_example_of_the_specification():
    start = {"a": Balance(Fraction(1, 2)), "b": Balance(), "c": Balance(Fraction(-1, 2)), "d": Balance()}
    rooms, everybody = ("a", "b", "c"), ("a", "b", "c", "d")
    past = [
        PastMeeting(rooms, everybody, 1, "b", ("a",)),
        PastMeeting(rooms, everybody, 1, "c", ("b",)),
        PastMeeting((), everybody, 1, None, ("c",)),
    ]
    end = fold(past, everybody, start)
    assert end == {
        "a": Balance(Fraction(-1, 6), Fraction(1, 4)),
        "b": Balance(Fraction(1, 3), Fraction(1, 4)),
        "c": Balance(Fraction(-1, 6), Fraction(1, 4)),
        "d": Balance(Fraction(0), Fraction(-3, 4)),
    }
    assert sum(b.host**2 + b.prep**2 for b in end.values()) == Fraction(11, 12)


def test_a_turn_that_nobody_took_is_owed_by_all_who_could():
    assert fold([PastMeeting(("a", "b"), ("b",))], "ab") == {
        "a": Balance(host=Fraction(-1, 2)),
        "b": Balance(Fraction(-1, 2), Fraction(-1)),
    }


def test_a_cancelled_meeting_counts_for_nobody():
    assert fold([PastMeeting(("a",), ("a",), 1, "a", ("a",), cancelled=True)], ["a"]) == {"a": Balance()}


def test_whoever_is_no_member_has_no_line():
    assert fold([PastMeeting(("a", "x"), ("a",), 1, "x", ("x",))], ["a"]) == {
        "a": Balance(Fraction(-1, 2), Fraction(-1))
    }


def test_a_leaver_keeps_the_line_and_a_meeting_online_asks_no_host():
    one = network(
        members=(member("a", host_balance=Fraction(2)), member("b", until=meeting("m1", 0, 0).window[0])),
        meetings=(meeting("m1", 3, 5, format="online"),),
    )
    assert at_end(one, [row("m1", 3, None, "a")]) == {"a": Balance(Fraction(2), Fraction(0)), "b": Balance()}


def test_one_prepares_where_nothing_else_is_said():
    assert fold([PastMeeting((), ("a", "b"))], ["a", "b"]) == {
        "a": Balance(prep=Fraction(-1, 2)),
        "b": Balance(prep=Fraction(-1, 2)),
    }
