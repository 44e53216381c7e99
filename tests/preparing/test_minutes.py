"""How the minutes of a meeting are shared out."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.preparing.minutes import shared
from app.preparing.working_forms import FORMS, text_of

LENGTHS = st.integers(min_value=30, max_value=480)


@given(length=LENGTHS, shares=st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=12))
def test_minutes_add_up_to_the_length_of_the_meeting(length: int, shares: list[int]) -> None:
    assert sum(shared(length, shares)) == length


@given(length=LENGTHS, shares=st.lists(st.integers(min_value=1, max_value=60), min_size=1, max_size=12))
def test_every_part_has_a_minute_at_least(length: int, shares: list[int]) -> None:
    assert min(shared(length, shares)) >= 1


@given(length=LENGTHS, shares=st.lists(st.integers(min_value=1, max_value=60), min_size=2, max_size=12))
def test_who_has_the_greater_share_never_has_less_time(length: int, shares: list[int]) -> None:
    found = sorted(zip(shares, shared(length, shares), strict=True))
    by_share = {share: [minutes for each, minutes in found if each == share] for share in shares}
    ordered = [by_share[share] for share in sorted(by_share)]

    assert all(max(less) <= min(more) + 5 for less, more in pairwise(ordered))


def test_a_peer_call_of_an_hour_is_ten_ten_and_forty() -> None:
    assert shared(60, [10, 10, 40]) == [10, 10, 40]


def test_minutes_come_in_fives_as_far_as_they_can() -> None:
    assert shared(97, [10, 10, 40]) == [15, 15, 67]


def test_every_working_form_fills_every_meeting_from_half_an_hour_to_a_day(app: object) -> None:
    def minutes(text: str) -> int:
        return sum(int(number) for number in re.findall(r"^- (\d+) min: ", text, re.MULTILINE))

    wrong = [
        (form.key, length) for form in FORMS for length in range(30, 481) if minutes(text_of(form, length)) != length
    ]

    assert (len(FORMS), wrong) == (8, [])
