"""Calendar entries as iCalendar bytes."""

import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical
from hypothesis import given
from hypothesis import strategies as st

from scheduling.days.icalendar_feed import Entry, Feed, Invitation, render, render_invitation, render_one

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PRINTABLE = st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029"), max_size=200)


def entry(**values: object) -> Entry:
    given_ = {
        "uid": "meeting-1@example.org",
        "sequence": 0,
        "changed": NOW,
        "start": datetime(2027, 3, 31, 13, tzinfo=AMSTERDAM),
        "end": datetime(2027, 3, 31, 16, tzinfo=AMSTERDAM),
        "summary": "Meeting",
    }
    return Entry(**{**given_, **values})


def feed(*entries: Entry) -> bytes:
    return render(Feed("My meetings", "Europe/Amsterdam", NOW, entries))


def parsed(body: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(body).walk("VEVENT"))


def test_wall_time_and_zone_are_kept() -> None:
    body = feed(entry())

    assert b"DTSTART;TZID=Europe/Amsterdam:20270331T130000\r\n" in body
    assert body.count(b"BEGIN:VTIMEZONE") == 1


def test_a_whole_day_is_a_date() -> None:
    body = feed(entry(start=date(2027, 3, 21), end=date(2027, 3, 22), transparent=True))

    assert b"DTSTART;VALUE=DATE:20270321\r\n" in body
    assert b"TRANSP:TRANSPARENT\r\n" in body


def test_a_cancelled_entry_takes_no_time() -> None:
    (event,) = parsed(feed(entry(cancelled=True)))

    assert (str(event["STATUS"]), str(event["TRANSP"])) == ("CANCELLED", "TRANSPARENT")


def test_optional_fields_appear_when_given() -> None:
    body = feed(entry(location="Here", url="https://x.example/1", conference="https://v.example/2"))

    assert b"CONFERENCE;VALUE=URI:https://v.example/2\r\n" in body
    assert b"LOCATION:Here\r\n" in body
    assert b"DESCRIPTION" not in body


@given(PRINTABLE, PRINTABLE)
def test_text_comes_back_as_it_went_in(summary: str, description: str) -> None:
    (event,) = parsed(feed(entry(summary=summary, description=description)))

    assert str(event["SUMMARY"]) == summary
    assert str(event.get("DESCRIPTION", "")) == description


def test_a_literal_backslash_n_is_no_line_break() -> None:
    assert b"SUMMARY:a\\\\Nb\r\n" in feed(entry(summary="a\\Nb"))


def test_lines_are_folded_at_75_octets_and_end_with_crlf() -> None:
    lines = feed(entry(description="é" * 300)).split(b"\r\n")

    assert max(map(len, lines)) <= 75
    assert all(b"\n" not in line for line in lines)


def test_entries_stand_in_order_of_start_and_uid_whatever_order_they_come_in() -> None:
    one, two, three = entry(uid="b"), entry(uid="a"), entry(uid="c", start=date(2027, 1, 1), end=date(2027, 1, 2))

    assert feed(one, two, three) == feed(three, two, one)
    assert [str(event["UID"]) for event in parsed(feed(one, two, three))] == ["c", "a", "b"]


def test_a_zone_without_a_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="Europe/Moscow"):
        render(Feed("x", "Europe/Moscow", NOW, ()))


def test_a_feed_without_entries_is_a_calendar() -> None:
    assert parsed(feed()) == []


def test_one_event_alone_is_the_event_of_the_feed_without_a_calendar_of_its_own() -> None:
    alone = render_one(entry(summary="Alone"))

    (event,) = parsed(alone)
    assert event.to_ical() == parsed(feed(entry(summary="Alone")))[0].to_ical()
    assert b"X-WR-CALNAME" not in alone
    assert b"BEGIN:VTIMEZONE" in alone


def test_summer_begins_and_ends_at_the_right_hour() -> None:
    (zone,) = icalendar.Calendar.from_ical(feed()).walk("VTIMEZONE")
    onsets = {part.name: (part["DTSTART"].dt.hour, dict(part["RRULE"])["BYMONTH"]) for part in zone.subcomponents}

    assert onsets == {"DAYLIGHT": (2, [3]), "STANDARD": (3, [10])}


def event_of(invitation: Invitation) -> tuple[str, Any]:
    """The method of an invitation and its event, as a program reads them."""
    calendar = icalendar.Calendar.from_ical(render_invitation(entry(), invitation))
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


def test_an_invitation_asks_its_reader_for_an_answer() -> None:
    asked = Invitation(('Mia "M" Mol', "net@example.org"), ("Anna", "anna@example.org"), answered=True, cancelled=False)
    method, event = event_of(asked)
    attendee = event["ATTENDEE"]

    assert (method, str(event["ORGANIZER"]), str(attendee)) == (
        "REQUEST",
        "mailto:net@example.org",
        "mailto:anna@example.org",
    )
    assert (attendee.params["RSVP"], attendee.params["CN"]) == ("TRUE", "Anna")
    assert event["ORGANIZER"].params["CN"] == "Mia 'M' Mol"
    assert str(event["UID"]) == entry().uid


@pytest.mark.parametrize(("answered", "cancelled"), [(False, False), (True, True)])
def test_no_answer_is_asked_where_none_is_read_or_it_is_off(answered: bool, cancelled: bool) -> None:
    nobody = Invitation(("Mia", "net@example.org"), ("", "anna@example.org"), answered=answered, cancelled=cancelled)
    method, event = event_of(nobody)

    assert event["ATTENDEE"].params["RSVP"] == "FALSE"
    assert event["ATTENDEE"].params["CN"] == "anna@example.org"
    assert (method, event.get("STATUS") == "CANCELLED") == (("CANCEL", True) if cancelled else ("REQUEST", False))


@pytest.mark.parametrize(("rules", "summers"), [("Africa/Algiers", 0), ("America/New_York", 3)])
def test_a_zone_that_changed_its_rules_is_written_as_the_database_has_it(
    tmp_path: Path, rules: str, summers: int
) -> None:
    area, _slash, city = rules.partition("/")
    (tmp_path / "Europe").mkdir()
    changed = files(f"tzdata.zoneinfo.{area}").joinpath(city).read_bytes()
    (tmp_path / "Europe" / "Amsterdam").write_bytes(changed)
    before = zoneinfo.TZPATH
    zoneinfo.reset_tzpath(to=[str(tmp_path)])
    ZoneInfo.clear_cache()
    try:
        zone = ZoneInfo("Europe/Amsterdam")
        starts = [datetime(2027, month, 20, 13, tzinfo=zone) for month in (1, 3, 7, 11)]
        body = feed(*(entry(uid=str(n), start=at, end=at + timedelta(hours=2)) for n, at in enumerate(starts)))
    finally:
        zoneinfo.reset_tzpath(to=before)
        ZoneInfo.clear_cache()
    read = tzical(StringIO(body.decode())).get("Europe/Amsterdam")

    assert body.count(b"BEGIN:DAYLIGHT") == summers
    assert [at.replace(tzinfo=read).utcoffset() for at in starts] == [at.utcoffset() for at in starts]
