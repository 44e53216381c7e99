"""What a fetch would find, without fetching."""

from datetime import datetime

from app.calendars.current import ASKED, PAST, Stored, day_of
from app.calendars.models import FeedLink
from app.edge.web import settings
from app.extensions import db


def key_now(link: FeedLink, now: datetime) -> str:
    """What the link's calendar would be made from, with what this test has not committed yet."""
    day = day_of(now, settings().timezone)
    values = {"hash": link.token_hash, "known": "", "day": day, "since": day - PAST}
    return Stored(*db.session.execute(ASKED, values).one()).key(day)
