"""The one link a guest has: it confirms the address, shows the place, and gives it back."""

from itsdangerous import BadSignature, URLSafeSerializer

from app.edge.web import secret_keys
from app.extensions import db
from app.guests.models import Guest
from app.people.links import digest


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_keys(), salt="guest")


def guest_token(guest: Guest) -> str:
    """It ends with the guest's row: when the place is given back, nobody confirms, or the meeting is long over."""
    return str(_signer().dumps([guest.id, _mark(guest)]))


def _mark(guest: Guest) -> str:
    """Whose link it is, without the address: links are seen by more than their readers."""
    return digest(guest.email)[:12]


def guest_of(token: str) -> Guest | None:
    """Whose link this is; None when it is not ours, or there is no such guest any more."""
    try:
        number, mark = _signer().loads(token)
    except (BadSignature, TypeError, ValueError):
        return None
    guest = db.session.get(Guest, number)
    return guest if guest is not None and _mark(guest) == mark else None
