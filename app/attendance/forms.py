"""What people type about coming."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField
from wtforms.validators import NumberRange, Optional

from app.attendance.models import WORDS, Attendance
from app.edge.bounds import row_number
from app.people.addresses import receiving
from app.text import one_line


class CountForm(FlaskForm):
    attended = IntegerField(
        _l("How many people were there"), validators=[Optional(), NumberRange(0, 5000, _l("From 0 to 5000."))]
    )


@dataclass
class Answer:
    """One answer as it stands in a form; `error` is the sentence shown beside it."""

    word: str = ""
    name: str = ""
    email: str = ""
    error: str = ""

    @property
    def colleague(self) -> tuple[str, str]:
        return self.name, self.email

    @classmethod
    def kept(cls, row: Attendance | None) -> "Answer":
        return cls(row.answer, row.colleague_name, row.colleague_email) if row else cls()


@dataclass
class Posted:
    """The answers of a form, by the number in their fields' names."""

    given: dict[int, Answer] = field(default_factory=dict)

    @property
    def wrong(self) -> bool:
        return any(each.error for each in self.given.values())

    def changed(self, before: dict[int, Attendance]) -> dict[int, Answer]:
        """Only what differs from what is kept."""
        return {n: each for n, each in self.given.items() if each.word and each != Answer.kept(before.get(n))}


def posted(numbers: Iterable[int]) -> Posted:
    """What the form says for these numbers; fields that are not there say nothing."""
    answers = {number: _posted(number) for number in numbers}
    return Posted({number: each for number, each in answers.items() if each})


def chosen(numbers: Iterable[int]) -> dict[int, Answer]:
    """The answer that the link in a mail chose: shown, and given only by the button."""
    number, word = request.args.get("meeting", type=row_number), request.args.get("answer", "")
    return {number: Answer(word)} if number in set(numbers) and word in WORDS else {}


def _posted(number: int) -> Answer | None:
    word = request.form.get(f"answer-{number}", "")
    if word not in WORDS:
        return None
    if word != "colleague":
        return Answer(word)
    name = (one_line(request.form.get(f"name-{number}")) or "")[:200]
    email = (one_line(request.form.get(f"email-{number}")) or "").lower()[:254]
    return Answer(word, name, email, _wrong(name, email))


def _wrong(name: str, email: str) -> str:
    if not name:
        return _("Who comes instead? Please fill in a name.")
    if email and receiving(email) is None:
        return _("This is not an e-mail address; it looks like name@organisation.nl.")
    return ""
