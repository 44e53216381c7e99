"""A network's ladder as a form: each step on or off, its days before the meeting, or after it; and a mail's words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from app.edge.versions import Versioned
from app.pulse.queries import KEPT_DAYS
from app.reminders.models import MailText
from app.reminders.wording import own_words
from app.text import clean, one_line
from scheduling.reminding.ladder import LADDER, Step

MOST_DAYS = {"N": 28, "E": KEPT_DAYS - 2}  # after the meeting; before it, 120
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
            f"{step.id}_{mode}": _days(label, MOST_DAYS.get(step.kind, 120))
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


def _fields_known(form: "MailTextForm", field: Field) -> None:
    """Refuse what stands in braces and is no field of this mail."""
    wrong = own_words.unknown(own_words.kept(field.data or "", form.kind), form.kind)
    if not wrong:
        return
    these = ", ".join(str(place.word) for place in own_words.places_of(form.kind).values())
    if len(wrong) == 1:
        raise ValidationError(
            _("A brace stands alone here. Only these can stand between braces: %(these)s.", these=these)
        )
    raise ValidationError(_("%(wrong)s is no field of this mail. It has these: %(these)s.", wrong=wrong, these=these))


def _words(label: object) -> TextAreaField:
    return TextAreaField(label, filters=[clean], validators=[Length(max=1000), _fields_known], render_kw={"rows": 4})


class MailTextForm(Versioned):
    """A manager's own words in one kind of mail."""

    subject = StringField(_l("Subject"), filters=[one_line], validators=[Length(max=150), _fields_known])
    opening = _words(_l("How it begins"))
    closing = _words(_l("How it ends"))

    def __init__(self, kind: str, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind

    def empty(self) -> None:
        """Nothing of one's own: the usual text."""
        for field in self.typed():
            field.data = ""

    def words(self) -> MailText:
        """As they are stored; in no table yet."""
        said = {field.short_name: own_words.kept(field.data or "", self.kind) for field in self.typed()}
        return MailText(kind=self.kind, **said)


def words_of(kind: str, own: MailText | None) -> dict[str, str]:
    """The stored words as the form shows them."""
    names = ("subject", "opening", "closing")
    return {name: own_words.typed(getattr(own, name), kind) for name in names} if own else dict.fromkeys(names, "")
