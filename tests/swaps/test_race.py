"""Two organisations accept one request at the same moment, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import time_machine
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.meetings.models import Cycle
from app.meetings.queries import meetings_of_year
from app.people.links import personal_token
from app.swaps.models import SwapOffer
from tests.swaps.asking import LATER, asked, people, swappable


def test_two_acceptances_at_once_have_one_winner(app: Flask, cycle: Cycle) -> None:
    mine, *others = swappable(cycle)
    swap = asked(mine, *others)
    meeting = mine.meeting_id
    with time_machine.travel(LATER, tick=False):
        contacts = [people(cycle, offer.organisation)[0] for offer in swap.offers]
        paths = [
            f"/me/{personal_token(person)}/offers/{offer.id}/acceptance"
            for person, offer in zip(contacts, swap.offers, strict=True)
        ]
        db.session.commit()
        together = Barrier(2)

        def press(path: str) -> tuple[int, str]:
            together.wait()
            answer = app.test_client().post(path)
            return answer.status_code, answer.text

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(press, paths))

    db.session.expire_all()
    winners = [offer.organisation for offer in db.session.scalars(select(SwapOffer)) if offer.answer == "accepted"]
    hosts = [each.host for each in meetings_of_year(cycle) if each.id == meeting]
    lost = next(text for status, text in answers if status == 409)
    assert (sorted(status for status, _text in answers), hosts) == ([302, 409], winners)
    assert "Somebody else was first" in lost
