"""What people are promised before they say how a meeting was: the same words in mails and on pages."""

from flask_babel import gettext as _

from app.meetings import phrases
from app.meetings.models import Meeting
from app.pulse.queries import last_day


def promise(meeting: Meeting) -> str:
    day = phrases.full_day(last_day(meeting))
    kept = _("What you answer is kept until %(day)s, for you to change, and shown to nobody.", day=day)
    then = _("Then only sums are kept: everybody in the network sees the averages and, mixed, the sentences.")
    return f"{kept} {then} " + _("If fewer than four have answered, nothing is kept.")
