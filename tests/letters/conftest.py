"""The letters of all sorts, written once for the tests of a file."""

import pytest
from flask import Flask

from app.extensions import db
from app.mail.kind_of_mail import Letter
from tests.conftest import empty_tables
from tests.letters.written import letters_of


@pytest.fixture(scope="module")
def letters(_app: Flask) -> dict[str, Letter]:
    found = letters_of("nl")
    empty_tables()
    db.session.remove()
    return found
