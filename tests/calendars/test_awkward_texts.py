"""Whatever people write is read back as they wrote it, by three programs that share no code."""

from collections.abc import Callable
from datetime import UTC, datetime

import icalendar
import pytest
import vobject
from hypothesis import example, given
from hypothesis import strategies as st

from app.text import clean, one_line
from scheduling.days.icalendar_feed import Entry, Feed, render
from tests.calendars import strict

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = datetime(2027, 2, 11).date()
AWKWARD = [
    "Familie 👩‍👩‍👧‍👦 en vlag 🏴󠁧󠁢󠁳󠁣󠁴󠁿, duim 👍🏽",
    'Zij zei: "komt goed", hij zei: ‘nou; ja’',
    "Komma, puntkomma; dubbele punt: en =, 100 %",
    r"C:\Neu\neu.txt, \N, \\server\n, \;",
    "Zweihundert Zeichen über Übergänge in der Grundschule und was daraus wird: " + "ä, " * 42,
    "Eerste regel\nTweede regel\n\n- lijst\n- \\n is geen regel",
    "שלום עולם and مرحبا 2027, ১২৩",
    "Ǆ é e\u0301 ﬁ ß İ ı 𝔘𝔫𝔦",
    "BEGIN:VEVENT\nEND:VCALENDAR\nX-INJECTED:1",
    "ATTENDEE;CN=x:mailto:a@example.org",
    "a" * 73 + "é" + "漢" * 40,
]


def by_icalendar(body: bytes) -> tuple[str, str]:
    (event,) = icalendar.Calendar.from_ical(body).walk("VEVENT")
    return str(event["SUMMARY"]), str(event["DESCRIPTION"])


def by_vobject(body: bytes) -> tuple[str, str]:
    event = vobject.readOne(body.decode()).vevent
    return event.summary.value, event.description.value


def by_the_letter(body: bytes) -> tuple[str, str]:
    (event,) = strict.events(body).values()
    return event.said("SUMMARY"), event.said("DESCRIPTION")


@pytest.mark.parametrize("read", [by_icalendar, by_vobject, by_the_letter])
@pytest.mark.parametrize("text", AWKWARD)
def test_awkward_texts_come_back_as_they_were_written(read: Callable[[bytes], tuple[str, str]], text: str) -> None:
    summary, description = one_line(text) or "", clean(text) or ""
    assert len(description) > 10  # cleaning leaves what was said

    assert read(rendered(summary, description)) == (summary, description)


@given(text=st.text(min_size=1, max_size=200))
@example(text="\\N\\n\\\\;,")
def test_any_text_comes_back_by_the_letter(text: str) -> None:
    summary, description = one_line(text) or "x", clean(text) or "x"

    assert by_the_letter(rendered(summary, description)) == (summary, description)


def rendered(summary: str, description: str) -> bytes:
    entry = Entry("m-1@example.org", 0, NOW, DAY, DAY, summary, description)
    return render(Feed("Feed", "Europe/Amsterdam", NOW, (entry,)))
