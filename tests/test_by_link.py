"""Who comes by the link of a mail has no account: the pages they get lead nowhere that asks them to sign in."""

import re

import time_machine
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.everything import NOW, build_world
from tests.presses import waiting
from tests.test_routes import MATRIX, method_of, url_of

# Their own data and their way to more, which are meant to be behind a sign-in.
MEANT = {"people.sign_in", "privacy.my_data", "portfolio.start", "people.preferences"}
OPEN = ("public", "personal_link")


def test_no_page_by_link_leads_to_one_that_asks_to_sign_in(app: Flask) -> None:
    with time_machine.travel(NOW, tick=False):
        world, map_ = waiting(build_world()), app.url_map.bind("localhost")
        found = set()
        pages = [name for name, mark in MATRIX.items() if mark == "personal_link" and method_of(app, name) == "GET"]
        for name in pages:
            answer = app.test_client().get(url_of(app, world, name))
            for path in re.findall(
                r'(?:href|action)="(/[^"?#]*)', answer.text if answer.mimetype == "text/html" else ""
            ):
                try:
                    endpoint, _values = map_.match(path, method="GET")
                except HTTPException:
                    continue  # of a button: it is pressed in another test
                access = getattr(app.view_functions[endpoint], "access", "public")
                if access not in OPEN and endpoint not in MEANT:
                    found.add((name, endpoint))

    assert len(pages) > 15
    assert found == set()
