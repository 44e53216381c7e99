from fractions import Fraction

from scheduling.ledger import Balance, PastMeeting, at_end, fold
from tests.scheduling.made import meeting, member, network, row


def test_the_example_of_the_specification():
    start = {"a": Balance(Fraction(1, 2)), "b": Balance(), "c": Balance(Fraction(-1, 2)), "d": Balance()}
    rooms, everybody = ("a", "b", "c"), ("a", "b", "c", "d")
    past = [
        PastMeeting(rooms, everybody, 1, "b", ("a",)),
        PastMeeting(rooms, everybody, 1, "c", ("b",)),
        PastMeeting(rooms, everybody, 1, None, ("c",)),
    ]
    end = fold(past, everybody, start)
    assert end == {
        "a": Balance(Fraction(-1, 6), Fraction(1, 4)),
        "b": Balance(Fraction(1, 3), Fraction(1, 4)),
        "c": Balance(Fraction(-1, 6), Fraction(1, 4)),
        "d": Balance(Fraction(0), Fraction(-3, 4)),
    }
    assert sum(b.host**2 + b.prep**2 for b in end.values()) == Fraction(11, 12)


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
