"""The site admin's mail when no backup was made (B1)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import format_datetime
from flask_babel import gettext as _

from app.admin.backups import the_plan
from app.edge.web import absolute
from app.letters.layout import Frame, Section, addressee, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message


def _still_failing(message: Message, now: datetime) -> bool:
    person = recipient(message)
    return person is not None and person.site_admin and bool(the_plan().error)


def _no_backup(messages: Sequence[Message], now: datetime) -> Letter:
    person, plan = addressee(messages[0]), the_plan()
    with speaking(person):
        last = _("The last good one is of %(day)s.", day=format_datetime(plan.made_at, "long")) if plan.made_at else ""
        section = Section(
            sentences=[
                _("Today's backup could not be made. It is tried again every hour; you get no other mail about it."),
                _("What the machine said: %(error)s", error=plan.error),
                last or _("There is none yet."),
            ],
            button=(_("Look at the backups"), absolute("backups.show")),
        )
        around = Frame(_("You get this mail because you look after this site."))
        return write(person, _("No backup was made"), [section], around, [])


KINDS = {"B1": Kind(_still_failing, _no_backup)}
