from datetime import date

import pytest

from scheduling.days.holidays import REGIONS, known_until, public_holidays, school_holidays


def test_dutch_public_holidays_have_5_may_and_the_ends_of_december_every_year():
    days = public_holidays("NL-Noord", [2026, 2027])
    assert {
        date(2026, 5, 5),
        date(2027, 5, 5),
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2027, 4, 27),
    } <= days.keys()
    assert days[date(2027, 5, 5)] == "Bevrijdingsdag"


def test_without_extras_only_what_is_official_stays():
    assert date(2027, 5, 5) not in public_holidays("NL-Zuid", [2027], extras=False)


def test_german_public_holidays_differ_by_land():
    assert public_holidays("DE-BY", [2027])[date(2027, 1, 6)] == "Heilige Drei Könige"
    assert date(2027, 1, 6) not in public_holidays("DE-NW", [2027])
    assert date(2027, 12, 24) not in public_holidays("DE-NW", [2027])


def test_school_holidays_have_names_and_keep_to_the_days_asked_for():
    days = school_holidays("NL-Noord", date(2026, 12, 30), date(2027, 1, 2))
    assert set(days) == {date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1), date(2027, 1, 2)}
    assert set(days.values()) == {"Kerstvakantie"}


@pytest.mark.parametrize("region", REGIONS)
def test_every_region_says_how_far_it_is_known_and_knows_nothing_after(region):
    last = known_until(region)
    assert last >= date(2028, 7, 1)
    assert last in school_holidays(region, last, last)
    assert school_holidays(region, date(last.year + 1, 1, 1), date(last.year + 2, 12, 31)) == {}


def test_an_unknown_region_is_refused():
    with pytest.raises(KeyError):
        known_until("BE-VLG")


def test_a_region_is_known_to_the_end_of_its_last_complete_school_year():
    autumn = school_holidays("NL-Noord", date(2030, 9, 2), date(2030, 12, 20))
    assert (known_until("NL-Noord"), autumn) == (date(2030, 9, 1), {})
