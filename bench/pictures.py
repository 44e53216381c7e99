"""Take the pictures of the README anew: `make pictures`. Needs Chromium or Chrome."""

import tempfile
import threading
from pathlib import Path

from flask import Flask
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from werkzeug.serving import make_server

from app import create_app
from app.admin import sample
from app.clock import now
from app.extensions import db
from app.meetings.models import Cycle
from app.networks.models import Network
from app.people.actions import make_link
from app.people.links import personal_token
from app.people.queries import by_email
from tests.browser.conftest import CHROME, FLAGS
from tests.conftest import settings_in
from tests.fakes import free_port

DOCS = Path(__file__).parents[1] / "docs"
READER, NETWORK = "anouk@zonnehoek.example", "vrijwilligers-werven-en-binden"
SIZES = {"plan": (1100, 900), "portfolio": (1100, 760), "phone": (360, 740)}


def main() -> None:
    """Serve the sample programme in English and photograph three of its pages."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        port = free_port()
        url = f"http://127.0.0.1:{port}"
        app = create_app(settings_in(Path(folder), base_url=url, language="en"))
        paths, sign_in = _sampled(app)
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        page = playwright.chromium.launch(executable_path=CHROME, args=FLAGS).new_page(locale="en-GB")
        page.goto(url + sign_in)
        page.click("main button")
        for name, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.goto(url + paths[name])
            page.screenshot(path=DOCS / f"{name}.png")
        server.shutdown()


def _sampled(app: Flask) -> tuple[dict[str, str], str]:
    """({picture: path}, the way in) of a site with the sample programme; its manager and reader read English."""
    with app.app_context():
        db.create_all()
        sample.load(now())
        manager, reader = by_email(sample.MANAGER_EMAIL), by_email(READER)
        if manager is None or reader is None:
            raise LookupError("the sample programme has other people")
        manager.language = reader.language = "en"
        _link, secret, _code = make_link(manager, now())
        network = db.session.scalars(select(Network).where(Network.slug == NETWORK)).one()
        year = max(db.session.scalars(select(Cycle.year).where(Cycle.network_id == network.id)))
        paths = {
            "plan": f"/networks/{NETWORK}/years/{year}/plan",
            "portfolio": "/",
            "phone": f"/me/{personal_token(reader)}",
        }
        db.session.commit()
    return paths, f"/sign-in/{secret}"


if __name__ == "__main__":
    main()
