"""The story of the mail gateway that fetches every link."""

import re
from datetime import datetime

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.meetings.queries import meetings_of_year
from app.reminders.actions import reconcile_all
from app.swaps import actions as swaps
from app.turns import actions as turns
from tests import make
from tests.planning import years
from tests.test_routes import contents
from tests.turns.test_duties import contact


def test_scanner_clicks(app: Flask) -> None:
    """A mail gateway fetches every link of every mail, with GET and HEAD."""
    at = years.NOW
    network = years.network(members=5, people=1)
    make.manager(network=network)
    cycle = years.published(network)
    mine, theirs = (m.host_duty for m in meetings_of_year(cycle)[:2])
    third = meetings_of_year(cycle)[2].host_duty
    assert mine is not None
    assert theirs is not None
    assert third is not None
    reconcile_all(at)
    swaps.ask(mine, [(theirs.organisation_id, theirs.meeting_id)], "", contact(mine), at)
    turns.hand_back(third, contact(third), "", at)
    db.session.commit()
    links = {link for message in db.session.scalars(select(Message)) for link in links_of(message, at)}
    with time_machine.travel(at, tick=False):
        before = contents()
        answers = {app.test_client().open(link, method=how).status_code for link in links for how in ("GET", "HEAD")}

    assert len(links) > 50
    assert answers <= {200, 302}
    assert contents() == before


def links_of(message: Message, at: datetime) -> list[str]:
    letter = KINDS[message.kind].render([message], at)
    return [*re.findall(r"http://localhost/\S+", letter.text), *([letter.unsubscribe] if letter.unsubscribe else [])]
