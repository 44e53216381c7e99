"""What a manager types about a year and a meeting."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    TimeField,
    ValidationError,
    widgets,
)
from wtforms.validators import DataRequired, NumberRange

from app.networks.forms import MODES, day
from app.planning import sentences
from app.planning.turn_limit import ANY_NUMBER
from app.planning.year_request import Wishes

WEEKDAYS = [
    SelectChoice(0, _l("Monday")),
    SelectChoice(1, _l("Tuesday")),
    SelectChoice(2, _l("Wednesday")),
    SelectChoice(3, _l("Thursday")),
    SelectChoice(4, _l("Friday")),
    SelectChoice(5, _l("Saturday")),
]
NTH = [SelectChoice("", _l("any")), *(SelectChoice(value, label) for value, label in sentences.NTH.items())]
MEETING_MODES = MODES[:3]


MOST_TURNS = [
    SelectChoice("", _l("at most one more than an equal share")),
    *(SelectChoice(str(n), _l("at most %(number)s", number=n)) for n in range(1, 7)),
    SelectChoice(str(ANY_NUMBER), _l("any number")),
]


class Ticks(SelectMultipleField):
    """A list of things to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class WishesForm(FlaskForm):
    number = IntegerField(_l("Number of meetings"), validators=[NumberRange(1, 52, _l("From 1 to 52 meetings."))])
    months = Ticks(_l("In these months"), coerce=int)
    weekdays = Ticks(_l("On these weekdays"), choices=WEEKDAYS, coerce=int)
    nth = SelectField(_l("Which one"), choices=NTH)
    start = TimeField(_l("Starts at"), validators=[DataRequired(_l("A time like 13:30."))])
    minutes = IntegerField(_l("Minutes"), validators=[NumberRange(15, 720, _l("From 15 minutes to 12 hours."))])
    mode = SelectField(_l("How"), choices=MODES)
    preparers = SelectField(
        _l("Who prepares"),
        choices=[SelectChoice(1, _l("one organisation")), SelectChoice(2, _l("two organisations"))],
        coerce=int,
    )
    min_gap = IntegerField(
        _l("Days between two meetings, at least"), validators=[NumberRange(1, 180, _l("From 1 to 180 days."))]
    )
    max_turns = SelectField(_l("Turns of one organisation, of all kinds together"), choices=MOST_TURNS, default="")
    spread = BooleanField(_l("Go round the regions: not twice in a row in the same one, where nobody is worse off"))
    repeat_host = BooleanField(_l("The same host may come twice in a row"))
    repeat_preparer = BooleanField(_l("The same preparers may come twice in a row"))
    host_may_prepare = BooleanField(_l("The host may prepare as well"))

    def __init__(self, *args: object, month_names: list[str], begins: int = 1, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.month_names = month_names
        months = [SelectChoice(n, name) for n, name in enumerate(month_names, start=1)]
        self.months.choices = [*months[begins - 1 :], *months[: begins - 1]]  # as the year has them

    def validate_weekdays(self, field: Ticks) -> None:
        if not field.data:
            raise ValidationError(_l("Choose at least one weekday."))

    def wishes(self) -> Wishes:
        return Wishes(
            number=self.number.data,
            months=tuple(self.months.data),
            weekdays=tuple(self.weekdays.data),
            nth=self.nth.data,
            start=self.start.data,
            minutes=self.minutes.data,
            mode=self.mode.data,
            preparers=self.preparers.data,
            min_gap=self.min_gap.data,
            max_turns=int(self.max_turns.data) if self.max_turns.data else None,
            spread=self.spread.data,
            repeat_host=self.repeat_host.data,
            repeat_preparer=self.repeat_preparer.data,
            host_may_prepare=self.host_may_prepare.data,
        )


class ExtraForm(FlaskForm):
    date = day(_l("Day"), required=True)
    start = TimeField(_l("Starts at"), validators=[DataRequired(_l("A time like 13:30."))])
    minutes = IntegerField(_l("Minutes"), validators=[NumberRange(15, 720, _l("From 15 minutes to 12 hours."))])
    mode = SelectField(_l("How"), choices=MEETING_MODES)
