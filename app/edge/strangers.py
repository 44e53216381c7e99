"""What strangers send: how a form keeps robots out without asking people anything, and how often one may send it."""

import ipaddress
import re
from datetime import datetime, timedelta

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import Field, HiddenField, StringField
from wtforms.validators import ValidationError

from app.clock import now
from app.edge.web import secret_keys
from app.people.actions import count_try

TOO_OFTEN = _l("That was tried too often. Please wait an hour.")
PER_ADDRESS, PER_NETWORK_ADDRESS = 5, 30  # in an hour; behind one network address may sit a whole house
QUICKEST, LONGEST = timedelta(seconds=3), timedelta(days=1)


def allow(what: str, email: str, at: datetime, per_address: int = PER_ADDRESS) -> None:
    """Count one try of `what`, for a mail address and for where it comes from; raises TooOften beyond the limits."""
    count_try(f"{what} {email}"[:80], per_address, at, TOO_OFTEN)
    count_try(f"{what} {network_address()}", PER_NETWORK_ADDRESS, at, TOO_OFTEN)


def network_address() -> str:
    """The asker's IPv4 address, or the /64 of an IPv6 one; whatever a proxy says instead shares one place."""
    said = re.sub(r"^\[(.+)\](:\d+)?$|^([\d.]+):\d+$", r"\1\3", request.remote_addr or "")
    try:
        address = ipaddress.ip_address(said)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_keys(), salt="shown to a stranger")


def stamp() -> str:
    """That a form is shown now, signed."""
    return str(_signer().dumps(""))


class FromStranger(FlaskForm):
    """A form anybody may send. A page shows its two fields with `robots(form)` of the macros.

    Both refusals are said in a sentence, and the same form sent again is taken: people whom a browser fills forms for
    lose nothing, and robots that could learn from a sentence meet the limits and the mail to confirm.
    """

    homepage = StringField(_l("Leave this field empty"))  # nobody sees it; who fills in whatever there is does
    shown = HiddenField(default=stamp)  # when the form was shown, signed

    def validate_homepage(self, field: Field) -> None:
        if field.data:
            field.data = ""
            raise ValidationError(
                _("A field that nobody sees was filled in. It is empty again: please send once more.")
            )

    def validate_shown(self, field: Field) -> None:
        try:
            _empty, shown_at = _signer().loads(field.data or "", return_timestamp=True)
        except BadSignature:
            shown_at = None
        if shown_at is None or now() - shown_at > LONGEST:
            field.data = stamp()
            raise ValidationError(_("This page was open for very long. Please look at it once more and send it again."))
        if now() - shown_at < QUICKEST:
            raise ValidationError(_("That went very fast. Please look at it once more and send it again."))
