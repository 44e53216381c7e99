"""The areas of the application, hung onto it one by one."""

from flask import Flask

from app.admin import backup_views as backups
from app.admin import styleguide
from app.admin import views as admin
from app.attendance import views as attendance
from app.calendars import feed
from app.calendars import views as calendars
from app.closing import views as closing
from app.deputies import views as deputies
from app.edge import filters, web
from app.exporting import views as exporting
from app.guests import desk_views as visits
from app.guests import views as guests
from app.handover import views as handover
from app.help import views as help_pages
from app.importing import views as importing
from app.jobs import views as jobs
from app.joining import views as joining
from app.letters.kinds import KINDS
from app.library import views as library
from app.mail import views as mail
from app.meetings import views as meetings
from app.networks import access
from app.networks import member_views as networks  # its pages and those of the network
from app.people import views as people
from app.planning import views as planning
from app.planning.turn_requests import views as turn_requests
from app.portfolio import views as portfolio
from app.preparing import views as preparing
from app.privacy import views as privacy
from app.public import desk_views as door
from app.public import front
from app.public import views as public
from app.publishing import repair_views as publishing  # its pages and those of a publication
from app.pulse import views as pulse
from app.reminders import views as reminders
from app.reports import views as reports
from app.results import views as results
from app.rounds import views as rounds
from app.swaps import views as swaps
from app.topics import question_views as topics  # its pages and those of the list
from app.turns import views as turns

AREAS = (
    people,
    help_pages,
    portfolio,
    networks,
    deputies,
    handover,
    jobs,
    rounds,
    planning,
    publishing,
    meetings,
    preparing,
    turns,
    turn_requests,
    swaps,
    attendance,
    topics,
    library,
    pulse,
    results,
    calendars,
    mail,
    reminders,
    importing,
    exporting,
    closing,
    reports,
    privacy,
    admin,
    public,
    joining,
    door,
    guests,
    visits,
    backups,
)


def start(app: Flask) -> None:
    """Register every area's pages, the kinds of mail and the feed in front of it all."""
    app.before_request(access.load_person)
    app.before_request(web.known_year)
    for area in AREAS:
        app.register_blueprint(area.pages)
    if app.config["SETTINGS"].debug:
        app.register_blueprint(styleguide.pages)
    app.after_request(access.note_seen)
    app.extensions["kinds of mail"] = KINDS
    filters.start(app)
    front.start(app)
    feed.start(app)
