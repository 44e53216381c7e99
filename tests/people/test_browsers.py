"""What the list of sessions calls a browser."""

import pytest
from flask import Flask

from app.extensions import db
from app.people import browsers
from app.people.models import BrowserSession
from tests import make

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64"
MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"{WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
        (f"{WINDOWS}) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows"),
        (f"{MAC} Version/18.1 Safari/605.1.15", "Safari on macOS"),
        (f"{IPHONE} CriOS/140.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/28.0 Chrome/130 Safari/537.36", "Samsung Internet on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36", "Chrome on Linux"),
        ("something (Windows)", "Windows"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_called_as_people_call_it(app: Flask, user_agent: str, name: str) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert browsers.name(user_agent) == name


def test_the_preferences_name_the_browsers_that_are_signed_in(app: Flask) -> None:
    client = make.browser(app, make.person())
    db.session.query(BrowserSession).one().browser = f"{WINDOWS}; rv:140.0) Gecko/20100101 Firefox/140.0"
    db.session.commit()
    text = client.get("/preferences").text
    assert ("Firefox on Windows" in text, "Mozilla" in text) == (True, False)
