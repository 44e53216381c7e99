"""Keeping what a manager says of a year."""

from datetime import datetime

from app.audit import record
from app.extensions import db
from app.networks.models import Network, Programme
from app.reports.models import YearWords
from app.reports.queries import words_of


def words_row(programme: Programme, network: Network | None, year: int) -> YearWords:
    """The row of these words, made when it is not there."""
    number = network.id if network else None
    row = words_of(programme.id, number, year)
    if row is None:
        row = YearWords(programme_id=programme.id, network_id=number, year=year, words="")
        db.session.add(row)
        db.session.flush()
    return row


def say(row: YearWords, words: str, now: datetime) -> None:
    """Store the words; the log keeps that somebody wrote, not what."""
    row.words = words
    record("report-words", row, now, network_id=row.network_id, programme_id=row.programme_id)
