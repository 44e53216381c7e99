"""What an organisation that asks for a turn fills in."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectChoice, SelectField


class TurnWishForm(FlaskForm):
    """An organisation asks for a turn."""

    kind = SelectField(
        _l("We would like to"),
        choices=[SelectChoice("host", _l("host")), SelectChoice("preparation", _l("prepare"))],
    )
    month = SelectField(_l("When"), coerce=int)

    def __init__(self, *args: object, month_names: list[str], hosted: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = self.kind.choices[0 if hosted else 1 :]
        months = [SelectChoice(n, name) for n, name in enumerate(month_names, start=1)]
        self.month.choices = [SelectChoice(0, _l("whenever it fits")), *months]
