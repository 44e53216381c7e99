"""What a manager uploads, and the answers to what was doubtful."""

from collections.abc import Iterable, Mapping

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import MultipleFileField, SelectField, TextAreaField

from app.importing.proposal import Item, Proposal
from app.importing.report import OVER_COLUMNS
from app.importing.sentences import FIELD_NAMES
from app.networks.models import Programme
from app.text import clean, one_line

MOST_FILES = 10
ENCODINGS = {
    "utf-8": "UTF-8",
    "cp1252": "Windows (é, ö)",
    "mac_roman": "Mac",
    "cp1250": "Windows (ł, č)",
    "cp1254": "Windows (ş, ğ)",
    "cp850": "DOS",
    "iso8859_15": "Latin 9 (é, €)",
}
PASTED = "pasted.txt"


class UploadForm(FlaskForm):
    files = MultipleFileField(_l("Your files: Excel, OpenDocument, CSV or vCard, several at once"))
    pasted = TextAreaField(_l("Or paste rows with their headings here, or the address line of a mail"))
    network = SelectField(_l("Rows that name no network belong to"), default="")

    def __init__(self, programme: Programme, **kwargs: object) -> None:
        super().__init__(**kwargs)
        names = [(network.name, network.name) for network in programme.networks]
        self.network.choices = [("", _l("say so when it matters")), *names]

    def contents(self) -> list[tuple[str, bytes]]:
        """(name, content) of each file; what was pasted counts as one."""
        found = [(one_line(file.filename) or "?", file.read()) for file in self.files.data or [] if file.filename]
        pasted = (self.pasted.data or "").strip("\r\n")
        return found[:MOST_FILES] + ([(PASTED, pasted.encode("utf-8"))] if pasted.strip() else [])


def choices_in(form: Mapping[str, str], proposal: Proposal) -> dict[str, str | None]:
    """{question: value} of what was chosen from a menu: a guessed encoding; what a column means, None = left out."""
    found: dict[str, str | None] = {}
    for item in proposal.encodings:
        value = form.get(f"answer-{item.question}")
        if value in ENCODINGS:
            found[item.question or ""] = value
    for column in (column for table in proposal.tables for column in table.columns):
        value = form.get(f"answer-{column.question}")
        meaning = value if value in FIELD_NAMES else ""
        if value is not None and (column.proposed or meaning != column.meant):
            found[column.question] = meaning or None
    return found


def answers_in(form: Mapping[str, str], questions: Iterable[Item]) -> dict[str, str | None]:
    """{question: value}; a ticked "leave it out" is None, an empty field no answer at all."""
    found: dict[str, str | None] = {}
    for item in questions:
        if item.code == OVER_COLUMNS:
            continue
        typed = form.get(f"other-{item.question}") if item.options and item.free else ""
        value = one_line(clean(typed or form.get(f"answer-{item.question}", ""))) or ""
        if form.get(f"leave-{item.question}"):
            found[item.question or ""] = None
        elif value:
            found[item.question or ""] = value[:300]
    return found
