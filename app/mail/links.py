"""The link that stops mails: signed, for one person, without an end, because mails are kept for years."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="unsubscribe")


def unsubscribe_token(person_id: int) -> str:
    return str(_signer().dumps(person_id))


def person_id_of(token: str) -> int | None:
    """Whose mails a token stops; None when it is not ours."""
    try:
        return int(_signer().loads(token))
    except (BadSignature, TypeError, ValueError):
        return None
