"""Secrets people carry: sign-in links and codes, the cookie's secret, the links in mails."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer

from app.edge.web import secret_keys
from app.extensions import db
from app.people.models import AddressChange, Person, SignInLink

# Without characters that are read wrongly from a small screen.
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PERSONAL, OF_A_MANAGER = timedelta(days=60), timedelta(days=14)
ADDRESS_SECONDS = 3 * 24 * 3600


def digest(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def sign_in_secrets(link: SignInLink) -> tuple[str, str]:
    """The link secret and the typed code of a sign-in link: derived, so that no row and no queued mail holds them."""
    said = f"sign-in {link.id} {link.salt}".encode()
    macs = [hmac.digest(key.encode(), said, "sha256") for key in reversed(secret_keys())]
    mac = next((each for each in macs if digest(_secret_in(each)) == link.link_hash), macs[0])
    code = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in mac[24:])
    return _secret_in(mac), code


def _secret_in(mac: bytes) -> str:
    return base64.urlsafe_b64encode(mac[:24]).decode()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_keys(), salt="personal")


def personal_token(person: Person) -> str:
    """The person's own page, for 60 days, a manager's for 14; raising `link_counter` ends all that were sent."""
    return str(_signer().dumps([person.id, person.link_counter]))


def _address_signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret_keys(), salt="address")


def address_token(change: AddressChange, side: str) -> str:
    """The link that confirms a change of address from one side: "old" or "new"."""
    return str(_address_signer().dumps([change.id, change.email, side]))


def address_change_of(token: str) -> tuple[AddressChange, str] | None:
    """The open change behind a link and the side it confirms, or None when it is old, done or not ours."""
    try:
        number, email, side = _address_signer().loads(token, max_age=ADDRESS_SECONDS)
    except (BadSignature, TypeError, ValueError):
        return None
    change = db.session.get(AddressChange, number)
    return (change, side) if change is not None and change.email == email else None


def _entry_signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_keys(), salt="calendar entry")


def entry_token(person_id: int) -> str:
    """The link in a calendar's entries: it opens nothing, whoever reads the calendar has it; it mails the page's link.

    Always the same, so that an entry that did not change does not change.
    """
    return str(_entry_signer().dumps(person_id))


@dataclass(frozen=True)
class Opened:
    """A personal link of ours: whose, since when (None: in a calendar), and whether it is still the one that counts."""

    person: Person | None
    made_at: datetime | None
    current: bool


def opened(token: str) -> Opened | None:
    """What stands behind a personal link, however old; None when it is not ours."""
    try:
        (person_id, counter), made_at = _signer().loads(token, return_timestamp=True)
    except (BadSignature, TypeError, ValueError):
        return _from_calendar(token)
    person = db.session.get(Person, person_id)
    return Opened(person, made_at, person is not None and person.link_counter == counter)


def _from_calendar(token: str) -> Opened | None:
    try:
        return Opened(db.session.get(Person, int(_entry_signer().loads(token))), None, False)
    except (BadSignature, TypeError, ValueError):
        return None


def _stop_signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_keys(), salt="unsubscribe")


def unsubscribe_token(person_id: int) -> str:
    """The link that stops mails, without an end, because mails are kept for years."""
    return str(_stop_signer().dumps(person_id))


def who_stops_mails(token: str) -> Person | None:
    """Whose mails a token stops, or None when it is not ours."""
    try:
        return db.session.get(Person, int(_stop_signer().loads(token)))
    except (BadSignature, TypeError, ValueError):
        return None
