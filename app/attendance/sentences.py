"""What somebody said about coming, in words."""

from flask_babel import gettext as _

from app.attendance.models import Attendance
from app.meetings import phrases
from app.meetings.models import Meeting


def coming(answer: Attendance, meeting: Meeting) -> str:
    """The answer as a sentence to who gave it, with the day."""
    day = phrases.day(meeting.local_start)
    if answer.answer == "yes":
        return _("You are coming on %(day)s.", day=day)
    if answer.answer == "no":
        return _("You are not coming on %(day)s.", day=day)
    if not answer.colleague_name:
        return _("A colleague comes in your place on %(day)s.", day=day)
    return _("%(name)s comes in your place on %(day)s.", name=answer.colleague_name, day=day)


def in_short(answer: Attendance | None) -> str:
    """The same for a line of a list; nothing was said: so it says."""
    if answer is None:
        return _("no answer yet")
    if answer.answer == "colleague" and answer.colleague_name:
        return _("%(name)s comes instead", name=answer.colleague_name)
    words = {"yes": _("you are coming"), "no": _("you are not coming"), "colleague": _("a colleague comes")}
    return words[answer.answer]
