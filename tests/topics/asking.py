"""Asking by the link of somebody's own page, and the mails that follow."""

from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Network
from app.people.links import personal_token
from app.people.models import Person
from app.topics.models import Topic
from tests.reminders.world import World


def path(person: Person, network: Network) -> str:
    return f"/me/{personal_token(person)}/networks/{network.slug}/topics"


def post(app: Flask, person: Person, network: Network, what: str = "", **data: object) -> tuple[int, str]:
    """Press a button by the person's link."""
    answer = app.test_client().post(path(person, network) + what, data=data, follow_redirects=True)
    db.session.expire_all()
    return answer.status_code, answer.text


def page(app: Flask, person: Person, row: Topic, network: Network | None = None) -> str:
    return app.test_client().get(f"{path(person, network or row.network)}/{row.id}").text


def asked(app: Flask, w: World, **data: object) -> Topic:
    """Anna asks."""
    post(app, w.host, w.network, **{"title": "Who has a night rota?", "kind": "question", **data})
    return db.session.scalars(select(Topic).order_by(Topic.id.desc())).first()


def mails(kind: str) -> list[Message]:
    db.session.expire_all()
    return list(db.session.scalars(select(Message).where(Message.kind == kind).order_by(Message.id)))


def letter(message: Message) -> str:
    """What it says, when it is still true."""
    at = message.due_at
    if not KINDS[message.kind].still_true(message, at):
        return ""
    return KINDS[message.kind].render([message], at).text
