"""Whom to ask, for which turn in return."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.networks.forms import text
from app.planning.forms import Ticks
from app.swaps.queries import Partner


class AskForm(FlaskForm):
    """Ticks: "12-34" = organisation 12 with its turn at meeting 34 in return, "12-0" = it covers."""

    wanted = Ticks(_l("Whom do you ask?"))
    words = text(_l("A few words to them, if you like"), 300)

    def offer(self, partners: tuple[Partner, ...]) -> None:
        """Only these can be ticked."""
        turns = [f"{each.organisation.id}-{turn.meeting_id}" for each in partners for turn in each.turns]
        self.wanted.choices = [(value, value) for value in (*turns, *(f"{p.organisation.id}-0" for p in partners))]

    @property
    def chosen(self) -> list[tuple[int, int | None]]:
        pairs = [value.split("-") for value in self.wanted.data or ()]
        return [(int(organisation), int(meeting) or None) for organisation, meeting in pairs]
