"""Every component on one page, with invented data, for whoever builds the next page: with FLASK_DEBUG=1 only."""

from datetime import date, time
from fractions import Fraction

from flask import Blueprint, render_template

from app.admin.forms import ProgrammeForm
from app.edge import web
from app.meetings.drawings.badges import deal
from app.meetings.drawings.turn_balance import Turns, balance
from app.meetings.drawings.year_strip import strip
from app.meetings.row import Origin, Row, RowKey
from app.networks.models import Organisation

pages = Blueprint("styleguide", __name__)
NAMES = ("De Linde", "Zonnehoek", "Het Veerhuis", "Stichting Molenpad")
DAYS = (
    (date(2027, 2, 4), "in-person", 1),
    (date(2027, 4, 8), "online", None),
    (date(2027, 6, 10), "in-person", 2),
)
SCHOOL = {date(2027, 2, day): "Voorjaarsvakantie" for day in range(20, 29)}


@pages.get("/styleguide")
@web.public
def show() -> str:
    organisations = [Organisation(id=n, name=name) for n, name in enumerate(NAMES)]
    badges = deal(organisations)
    keys = [RowKey(Origin.PUBLISHED, n) for n in range(len(DAYS))]
    rows = [
        Row(key, day, time(13, 30), 180, mode, host, (3,)) for key, (day, mode, host) in zip(keys, DAYS, strict=True)
    ]
    turns = [Fraction(-3, 2), Fraction(0), Fraction(1, 2), Fraction(1)]
    lines = [Turns(n, badges[n], (n, 2), (turns[n], turns[-n - 1]), n != 3) for n in range(len(NAMES))]
    wrong = ProgrammeForm(formdata=None, prefix="wrong-")
    wrong.name.errors = ["Please fill this in."]
    return render_template(
        "admin/styleguide.html",
        form=ProgrammeForm(formdata=None),
        wrong=wrong,
        strip_of=strip(2027, rows, badges, school=SCHOOL, today=date(2027, 3, 1), mine=[2]),
        lines=balance(lines),
        badges=badges,
    )
