"""What people type about a turn."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

from app.networks.forms import text


class HandBackForm(FlaskForm):
    reason = text(_l("One line why, if you like"), 300)
