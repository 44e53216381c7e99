"""Windows of days from what a manager asks."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.planning.year_request import Wishes


def test_second_week_of_the_chosen_months() -> None:
    windows = Wishes(number=5, months=(2, 4, 6, 9, 11), nth="2").windows(2027)

    assert windows == [(date(2027, month, 8), date(2027, month, 14)) for month in (2, 4, 6, 9, 11)]


def test_last_week_of_a_month() -> None:
    assert Wishes(number=1, months=(2,), nth="last").windows(2027) == [(date(2027, 2, 22), date(2027, 2, 28))]


def test_more_months_than_meetings_are_shared_out() -> None:
    windows = Wishes(number=2, months=(1, 2, 3, 4)).windows(2027)

    assert windows == [(date(2027, 1, 1), date(2027, 2, 28)), (date(2027, 3, 1), date(2027, 4, 30))]


@given(st.integers(1, 52), st.sets(st.integers(1, 12)), st.sampled_from(["", "1", "last"]))
def test_there_is_one_window_a_meeting_in_order_and_in_the_year(number: int, months: set[int], nth: str) -> None:
    windows = Wishes(number=number, months=tuple(sorted(months)), nth=nth).windows(2027)

    assert len(windows) == number
    assert windows == sorted(windows)
    assert all(first <= last and first.year == last.year == 2027 for first, last in windows)
