from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from scheduling.reminding.ladder import LADDER, Calendar, Facts, Reminder, Step, changed, holders, reminders, schedule

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
THURSDAY = datetime(2027, 4, 15, 13, 0, tzinfo=ZoneInfo(ZONE))
ANNA, BERT, CAS, DIRK, EVA = 1, 2, 3, 4, 5
FACTS = Facts(
    meeting=7,
    starts_at=THURSDAY.astimezone(UTC),
    zone=ZONE,
    host=(ANNA, BERT),
    preparers=((CAS,), (DIRK,)),
    participants=(ANNA, EVA),
    has_programme=True,
)
NO_HOLIDAYS = Calendar()


def facts(**changes: object) -> Facts:
    return replace(FACTS, **changes)


def planned(of: Facts, calendar: Calendar = NO_HOLIDAYS, now: datetime = NOW) -> list[tuple[str, int, str]]:
    zone = ZoneInfo(of.zone)
    return [(r.step, r.person, f"{r.due.astimezone(zone):%d-%m %H:%M}") for r in reminders(of, LADDER, calendar, now)]


def days(of: Facts, calendar: Calendar, ladder: tuple[Step, ...] = LADDER, kind: str = "H") -> list[tuple[str, date]]:
    steps = [step for step in ladder if step.kind == kind]
    return [(timed.step.id, timed.date) for timed in schedule(of, steps, calendar)]


def test_a_meeting_in_person_has_the_whole_ladder() -> None:
    assert planned(FACTS) == [
        ("H1", ANNA, "04-03 08:00"),
        ("H1", BERT, "04-03 08:00"),
        ("P1", CAS, "04-03 08:00"),
        ("P1", DIRK, "04-03 08:00"),
        ("H2", ANNA, "18-03 08:00"),
        ("P2", CAS, "18-03 08:00"),
        ("P2", DIRK, "18-03 08:00"),
        ("D1", ANNA, "01-04 08:00"),
        ("D1", EVA, "01-04 08:00"),
        ("H3", ANNA, "01-04 08:00"),
        ("P3", CAS, "01-04 08:00"),
        ("P3", DIRK, "01-04 08:00"),
        ("P4", CAS, "12-04 08:00"),
        ("P4", DIRK, "12-04 08:00"),
        ("D2", ANNA, "13-04 08:00"),
        ("D2", EVA, "13-04 08:00"),
        ("H4", ANNA, "13-04 08:00"),
        ("N1", ANNA, "16-04 08:00"),
        ("E1", ANNA, "19-04 08:00"),
        ("E1", EVA, "19-04 08:00"),
        ("N2", ANNA, "22-04 08:00"),
    ]


def test_online_the_first_preparer_opens_and_the_steps_lie_closer() -> None:
    assert planned(facts(online=True, preparers=((CAS, EVA), (DIRK,)), participants=(EVA,))) == [
        ("P1", CAS, "25-03 08:00"),
        ("P1", DIRK, "25-03 08:00"),
        ("H1", CAS, "01-04 08:00"),
        ("P2", CAS, "01-04 08:00"),
        ("P2", DIRK, "01-04 08:00"),
        ("D1", EVA, "08-04 08:00"),
        ("P3", CAS, "08-04 08:00"),
        ("P3", DIRK, "08-04 08:00"),
        ("P4", CAS, "13-04 08:00"),
        ("P4", DIRK, "13-04 08:00"),
        ("D2", EVA, "14-04 08:00"),
        ("H4", CAS, "14-04 08:00"),
        ("N1", CAS, "16-04 08:00"),
        ("E1", EVA, "19-04 08:00"),
        ("N2", CAS, "22-04 08:00"),
    ]


def test_the_substitute_gets_a_copy_of_the_first_step_only() -> None:
    copies = [each for each in reminders(FACTS, LADDER, Calendar(), NOW) if each.person == BERT]
    assert copies == [Reminder(7, "H1", BERT, "substitute", datetime(2027, 3, 4, 7, 0, tzinfo=UTC))]


def test_eight_in_the_morning_stays_eight_over_the_change_to_summer_time() -> None:
    due = {each.step: each.due for each in reminders(facts(preparers=()), LADDER, Calendar(), NOW)}
    assert (due["H1"].hour, due["H3"].hour) == (7, 6)


def test_a_step_on_a_day_off_leaves_on_the_working_day_before() -> None:
    monday = facts(starts_at=datetime(2027, 4, 19, 11, 0, tzinfo=UTC))
    good_friday = Calendar(closed={date(2027, 4, 5), date(2027, 4, 16)})
    assert days(monday, good_friday) == [
        ("H1", date(2027, 3, 8)),
        ("H2", date(2027, 3, 22)),
        ("H3", date(2027, 4, 2)),
        ("H4", date(2027, 4, 15)),
    ]


def test_what_is_far_ahead_waits_until_the_school_holidays_are_over() -> None:
    spring = Calendar(closed={date(2027, 3, 8)}, school={date(2027, 2, 27) + timedelta(n) for n in range(9)})
    assert days(FACTS, spring)[0] == ("H1", date(2027, 3, 9))


def test_within_fourteen_days_of_the_meeting_nothing_is_held() -> None:
    easter = Calendar(school={date(2027, 3, 29) + timedelta(n) for n in range(12)})
    assert days(FACTS, easter)[2] == ("H3", date(2027, 4, 1))


def test_a_held_step_close_to_the_next_becomes_one_with_it() -> None:
    until_the_sixteenth = Calendar(school={date(2027, 3, 1) + timedelta(n) for n in range(16)})
    always = tuple(replace(step, only=None) for step in LADDER)
    assert days(FACTS, until_the_sixteenth, always)[0] == ("H2", date(2027, 3, 18))


def test_a_held_step_is_not_lost_in_one_that_may_not_go() -> None:
    until_the_sixteenth = Calendar(school={date(2027, 3, 1) + timedelta(n) for n in range(16)})
    assert days(FACTS, until_the_sixteenth)[:2] == [("H1", date(2027, 3, 18)), ("H3", date(2027, 4, 1))]


def test_six_weeks_of_holidays_leave_one_step() -> None:
    september = facts(starts_at=datetime(2027, 9, 2, 11, 0, tzinfo=UTC))
    summer = Calendar(school={date(2027, 7, 17) + timedelta(n) for n in range(44)})
    assert days(september, summer) == [("H3", date(2027, 8, 19)), ("H4", date(2027, 8, 31))]


def test_the_invitation_waits_for_the_programme_but_not_for_ever() -> None:
    without = facts(has_programme=False)
    assert days(without, Calendar(), kind="D")[0] == ("D1", date(2027, 4, 5))
    assert days(replace(without, online=True), Calendar(), kind="D")[0] == ("D1", date(2027, 4, 8))


def test_late_only_the_latest_due_of_each_kind_is_left() -> None:
    ten_days_before = THURSDAY - timedelta(days=10)
    assert [each[0] for each in planned(facts(preparers=((CAS,),), participants=(EVA,)), now=ten_days_before)] == [
        "D1", "H3", "P3", "P4", "D2", "H4", "N1", "E1", "N2",
    ]  # fmt: skip


def test_late_a_step_whose_condition_does_not_hold_gives_way_to_the_one_before() -> None:
    three_weeks_before = THURSDAY - timedelta(days=21)
    steps = [each[0] for each in planned(facts(holds=frozenset({"no_topic"})), now=three_weeks_before)]
    assert (steps.count("H1"), steps.count("H2"), steps.count("P1"), steps.count("P2")) == (2, 0, 0, 2)


def afterwards(of: Facts, after: timedelta) -> list[str]:
    return [each.step for each in reminders(of, LADDER, Calendar(), of.starts_at + after)]


def test_once_the_meeting_has_begun_only_what_comes_of_it_is_asked_for() -> None:
    waited_for = facts(holds=frozenset({"no_notes", "pulse"}), participants=(EVA,))
    assert afterwards(waited_for, timedelta()) == ["N1", "E1", "N2"]
    assert afterwards(waited_for, timedelta(days=3)) == ["N1", "E1", "N2"]
    assert afterwards(waited_for, timedelta(days=9)) == ["E1", "N2"]
    assert afterwards(FACTS, timedelta(days=9)) == []


def test_after_a_meeting_a_day_off_puts_the_mail_off_to_the_next_working_day() -> None:
    friday = facts(starts_at=datetime(2027, 4, 16, 11, 0, tzinfo=UTC))
    king = Calendar(closed={date(2027, 4, 19)})
    assert days(friday, king, kind="N") == [("N1", date(2027, 4, 20)), ("N2", date(2027, 4, 23))]


def test_nobody_is_reminded_where_nobody_is() -> None:
    assert reminders(facts(host=(), preparers=((),), participants=()), LADDER, Calendar(), NOW) == ()
    assert reminders(facts(online=True, preparers=(), participants=()), LADDER, Calendar(), NOW) == ()


def test_who_prepares_for_two_organisations_is_reminded_once() -> None:
    twice = facts(preparers=((CAS,), (CAS,)), host=(), participants=())
    assert [each[:2] for each in planned(twice)] == [("P1", CAS), ("P2", CAS), ("P3", CAS), ("P4", CAS)]


def test_a_network_changes_and_switches_off_steps() -> None:
    ladder = changed(LADDER, {"H1": (True, -60, -20), "H2": (False, -28, None)})
    assert days(FACTS, Calendar(), ladder)[:2] == [("H1", date(2027, 2, 12)), ("H3", date(2027, 4, 1))]


def test_a_step_only_for_online_is_not_for_in_person() -> None:
    assert days(FACTS, Calendar(), (Step("H4", None, -1),)) == []


def test_who_may_get_steps_of_a_kind() -> None:
    assert [holders(FACTS, kind) for kind in "HPD"] == [{ANNA, BERT}, {CAS, DIRK}, {ANNA, EVA}]
    assert holders(facts(online=True), "H") == {CAS}


@given(
    st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    st.sets(st.dates(date(2026, 11, 1), date(2027, 12, 31)), max_size=30),
    st.sets(st.integers(0, 400), max_size=60),
    st.booleans(),
)
def test_everything_leaves_on_a_working_day_at_eight_and_in_order(
    day: date, closed: set[date], school: set[int], online: bool
) -> None:
    starts_at = datetime(day.year, day.month, day.day, 11, 0, tzinfo=UTC)
    calendar = Calendar(closed, {date(2026, 11, 1) + timedelta(n) for n in school})
    for kind in "HPD":
        timed = schedule(facts(starts_at=starts_at, online=online), [s for s in LADDER if s.kind == kind], calendar)
        assert all(calendar.works(each.date) for each in timed)
        assert [each.date for each in timed] == sorted(each.date for each in timed)
        assert len({each.step.id for each in timed}) == len(timed)


def test_who_heard_it_in_a_talk_gets_no_mail_about_it() -> None:
    known = facts(silent=frozenset({(ANNA, "H1")}))

    assert ("H1", ANNA) not in {(step, person) for step, person, _due in planned(known)}
    assert ("H1", BERT) in {(step, person) for step, person, _due in planned(known)}
