"""A help page for each role, for everybody."""

from flask import Blueprint, abort, g, render_template

from app.edge import web
from app.help.texts import PAGES, TURNS
from app.letters.names import NAMES
from app.networks.queries import roles_of

pages = Blueprint("help", __name__)


@pages.get("/help")
@web.public
def start() -> str:
    """The page of whoever asks: a manager's, else a participant's."""
    return _page("manager" if g.person and roles_of(g.person) else "participant")


@pages.get("/help/<role>")
@web.public
def show(role: str) -> str:
    return _page(role if role in PAGES else abort(404))


def _page(role: str) -> str:
    return render_template("help/show.html", role=role, roles=PAGES, page=PAGES[role], turns=TURNS, names=NAMES)
