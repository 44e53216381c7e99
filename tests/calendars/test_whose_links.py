"""Calendar links: by a mail's link only the own meetings, and others end them without seeing them."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.models import FeedLink
from app.extensions import db
from app.letters.kinds import KINDS
from app.mail.models import Message
from app.networks.models import Membership
from app.people.links import personal_token
from app.people.models import Person
from tests import make
from tests.make import NOW


@pytest.fixture
def member(app: Flask) -> Membership:
    return make.membership(network=make.network())


def ended() -> dict[str, bool]:
    db.session.expire_all()
    return {
        link.network.name if link.network else link.scope: link.replaced_at is not None
        for link in db.session.scalars(select(FeedLink))
    }


@pytest.mark.parametrize("scope", ["all", "network"])
def test_a_forwarded_mail_of_a_manager_makes_no_calendar_of_networks(
    app: Flask, member: Membership, scope: str
) -> None:
    manager = make.manager(network=member.network)
    make.contact(membership=member, person=manager)
    token = personal_token(manager)
    db.session.commit()
    network = member.network.slug if scope == "network" else ""

    refused = app.test_client().post(f"/me/{token}/calendar", data={"scope": scope, "network": network})
    own = app.test_client().post(f"/me/{token}/calendar", data={"which": "mine"})

    assert (refused.status_code, own.status_code) == (404, 302)
    assert [link.scope for link in db.session.scalars(select(FeedLink))] == ["mine"]


def test_who_is_signed_in_makes_a_calendar_of_all_their_networks(app: Flask, member: Membership) -> None:
    manager = make.manager(network=member.network)

    make.browser(app, manager).post("/calendar", data={"which": "all"})

    assert [link.scope for link in db.session.scalars(select(FeedLink))] == ["all"]


def test_renewing_links_offers_to_renew_calendars(app: Flask, member: Membership) -> None:
    browser = make.browser(app, member.people[0])

    page = browser.post("/preferences/link", follow_redirects=True).text

    assert 'action="/calendar/renewal"' in page


def linked(member: Membership) -> Person:
    """A member with a calendar of their own and one of the network."""
    make.feed_link(person=member.people[0])
    make.feed_link(person=member.people[0], network=member.network)
    db.session.commit()
    return member.people[0]


def contact_path(member: Membership) -> str:
    return f"/networks/{member.network.slug}/members/{member.id}/contacts/{member.contacts[0].id}"


def test_a_manager_ends_somebodys_calendars_unseen_and_the_person_hears(app: Flask, member: Membership) -> None:
    person = linked(member)
    client = make.browser(app, make.manager(network=member.network))

    page = client.get(contact_path(member)).text
    client.post(f"{contact_path(member)}/calendars/end")

    mail = db.session.scalars(select(Message).where(Message.kind == "F1")).one()
    assert "/feeds/" not in page
    assert ended() == {"mine": True, member.network.name: True}
    letter = KINDS["F1"].render([mail], NOW)
    assert letter.to[1] == person.email
    assert "is no longer used: somebody else may have had it." in letter.text
    assert "new keys" not in letter.text


def test_calendars_of_somebody_known_elsewhere_end_only_here(app: Flask, member: Membership) -> None:
    person = linked(member)
    elsewhere = make.membership(network=make.network(name="Elsewhere"), people=0)
    make.contact(membership=elsewhere, person=person)
    make.feed_link(person=person, network=elsewhere.network)

    make.browser(app, make.manager(network=member.network)).post(f"{contact_path(member)}/calendars/end")

    assert ended() == {"mine": False, "Elsewhere": False, member.network.name: True}


def test_a_site_admin_ends_all_of_them(app: Flask, member: Membership) -> None:
    person = linked(member)
    make.contact(membership=make.membership(network=make.network(), people=0), person=person)
    client = make.browser(app, make.person(site_admin=True))

    answer = client.post(
        f"/programmes/{member.network.programme.slug}/people/calendars/end", data={"person": person.id}
    )

    assert answer.status_code == 302
    assert ended() == {"mine": True, member.network.name: True}


def test_who_made_a_new_link_is_not_told_any_more(app: Flask, member: Membership) -> None:
    linked(member)
    make.browser(app, make.manager(network=member.network)).post(f"{contact_path(member)}/calendars/end")
    mail = db.session.scalars(select(Message).where(Message.kind == "F1")).one()
    before = KINDS["F1"].still_true(mail, NOW)

    make.browser(app, member.people[0]).post("/calendar", data={"which": "mine"})

    assert (before, KINDS["F1"].still_true(mail, NOW)) == (True, False)
