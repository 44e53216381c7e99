"""The rules of a time zone change between two fetches: instants, UIDs and SEQUENCE stay, page and calendar agree."""

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.resources import files
from io import StringIO
from pathlib import Path

import icalendar
import pytest
import time_machine
from dateutil.tz import tzical
from flask import Flask
from werkzeug.test import TestResponse

from app.calendars import actions as calendars
from app.calendars.links import token_of
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Membership
from app.planning import actions as planning
from app.publishing import actions as publishing
from scheduling.days.icalendar_feed import ZONES
from tests import make
from tests.planning import years
from tests.planning.years import NOW

# As Algiers has it, where it is always CET.
ABOLISHED = files("tzdata.zoneinfo.Africa").joinpath("Algiers").read_bytes()
Known = dict[str, tuple[int, datetime, datetime]]  # UID -> (SEQUENCE, start by the database, by the VTIMEZONE)


@contextmanager
def without_summer_time(folder: Path) -> Iterator[None]:
    """A newer time zone database, in which Amsterdam has given up summer time."""
    (folder / "Europe").mkdir()
    (folder / "Europe" / "Amsterdam").write_bytes(ABOLISHED)
    before = zoneinfo.TZPATH
    try:
        zoneinfo.reset_tzpath(to=[str(folder)])
        zoneinfo.ZoneInfo.clear_cache()
        yield
    finally:
        zoneinfo.reset_tzpath(to=before)
        zoneinfo.ZoneInfo.clear_cache()


@pytest.fixture
def member(app: Flask) -> Membership:
    """Of a network with meetings in winter and in summer."""
    return years.published(years.network(members=5, people=1), number=6).network.memberships[0]


def fetched(app: Flask, member: Membership, at: datetime) -> TestResponse:
    with time_machine.travel(at, tick=False):
        link = calendars.feed_link(member.people[0], "mine", None, at)
        db.session.commit()
        return app.test_client().get(f"/feeds/{token_of(link)}.ics")


def known(answer: TestResponse) -> Known:
    """What a program with a time zone database reads, and one that believes the VTIMEZONE."""
    read = icalendar.Calendar.from_ical(answer.data)
    text = answer.data.decode()
    begin, end = text.index("BEGIN:VTIMEZONE"), text.index("END:VTIMEZONE") + len("END:VTIMEZONE")
    zone = tzical(StringIO(text[begin:end].replace("\r\n", "\n"))).get("Europe/Amsterdam")
    events = [each for each in read.walk("VEVENT") if isinstance(each["DTSTART"].dt, datetime)]
    walls = {str(each["UID"]): each["DTSTART"].dt.replace(tzinfo=None) for each in events}
    return {
        str(each["UID"]): (
            int(each["SEQUENCE"]),
            walls[str(each["UID"])].replace(tzinfo=zoneinfo.ZoneInfo("Europe/Amsterdam")).astimezone(UTC),
            walls[str(each["UID"])].replace(tzinfo=zone).astimezone(UTC),
        )
        for each in events
    }


def test_no_instant_moves_when_the_rules_of_a_zone_change(app: Flask, member: Membership, tmp_path: Path) -> None:
    before = fetched(app, member, NOW)
    with without_summer_time(tmp_path):
        db.session.expire_all()
        after = fetched(app, member, NOW + timedelta(days=1))
        read, meetings = known(after), db.session.query(Meeting).all()
        summer = next(meeting for meeting in meetings if 4 <= meeting.day.month <= 9)
        page = make.browser(app, member.people[0]).get(f"/networks/{member.network.slug}/meetings/{summer.id}").text
        stays = {f"meeting-{each.id}@localhost": each.starts_at for each in meetings}

    assert before.data != after.data
    assert {uid: facts[0] for uid, facts in read.items()} == {uid: facts[0] for uid, facts in known(before).items()}
    assert {uid: facts[1] for uid, facts in read.items()} == stays
    assert {uid: facts[2] for uid, facts in read.items()} == stays
    assert modified(after) >= modified(before)
    assert f"{summer.starts_at + timedelta(hours=1):%H:%M}" in page


def modified(answer: TestResponse) -> datetime:
    return parsedate_to_datetime(answer.headers["Last-Modified"])


def test_sequence_rises_for_who_is_moved_back_to_the_hour_people_knew(
    app: Flask, member: Membership, tmp_path: Path
) -> None:
    before = known(fetched(app, member, NOW))
    meetings = db.session.query(Meeting).order_by(Meeting.starts_at).all()
    summer = next(meeting for meeting in meetings if 4 <= meeting.day.month <= 9)
    hour, number = summer.local_start.time(), summer.id
    with without_summer_time(tmp_path):
        db.session.expire_all()
        planning.change_meeting(db.session.get_one(Meeting, number), {"start": hour}, "", NOW)
        publishing.publish(summer.cycle, NOW, None)
        db.session.commit()
        after = known(fetched(app, member, NOW + timedelta(days=1)))

    moved = {uid for uid, facts in after.items() if facts[0] != before[uid][0]}
    assert moved == {f"meeting-{number}@localhost"}
    assert after[f"meeting-{number}@localhost"][0] == before[f"meeting-{number}@localhost"][0] + 1


@pytest.mark.parametrize("zone", sorted(ZONES))
def test_the_rules_we_write_are_those_of_the_database_for_ten_years(zone: str) -> None:
    """Fails on the day the database says otherwise: then the constant is to be written anew."""
    winter, summer = ZONES[zone][:2]
    for year in range(2026, 2037):
        offsets = [
            f"{datetime(year, month, 15, tzinfo=UTC).astimezone(zoneinfo.ZoneInfo(zone)):%z}" for month in (1, 7)
        ]
        assert offsets == [winter, summer]
