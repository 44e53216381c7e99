"""A network's ladder as a form: each step on or off, its days before the meeting, or after it."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from app.versions import Versioned
from scheduling.reminding.ladder import LADDER, Step

OFF_BY = {"in_person": _l("Days, in person"), "online": _l("Days, online")}


def _days(label: object, most: int) -> IntegerField:
    sentence = _l("From 1 to %(most)s days.", most=most)
    return IntegerField(
        label, validators=[InputRequired(_l("Please fill in a number of days.")), NumberRange(1, most, sentence)]
    )


def _fields() -> dict[str, object]:
    """Only the offsets a step has by nature: no room is confirmed for a meeting online."""
    fields: dict[str, object] = {}
    for step in LADDER:
        fields[f"{step.id}_on"] = BooleanField(_l("Send"))
        fields |= {
            f"{step.id}_{mode}": _days(label, 28 if step.after else 120)
            for mode, label in OFF_BY.items()
            if getattr(step, mode) is not None
        }
    return fields


LadderForm = type("LadderForm", (Versioned,), _fields())


def values_of(ladder: tuple[Step, ...]) -> dict[str, object]:
    """The ladder as the form shows it."""
    out: dict[str, object] = {}
    for step in ladder:
        out[f"{step.id}_on"] = step.on
        out |= {f"{step.id}_{mode}": abs(days) for mode in OFF_BY if (days := getattr(step, mode)) is not None}
    return out


def rules_in(form: FlaskForm) -> dict[str, tuple[bool, int | None, int | None]]:
    """{step: (on, days from the meeting in person, online)}."""

    def days(step: Step, mode: str) -> int | None:
        name = f"{step.id}_{mode}"
        return form[name].data * (1 if step.after else -1) if name in form else None

    return {step.id: (form[f"{step.id}_on"].data, days(step, "in_person"), days(step, "online")) for step in LADDER}
