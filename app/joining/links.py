"""The link that confirms a request, in the mail to its address."""

from itsdangerous import BadSignature, URLSafeSerializer

from app.edge.web import secret_keys
from app.joining.models import JoinRequest


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(secret_keys(), salt="a request to join")


def token_of(request: JoinRequest) -> str:
    """Good as long as the request is there."""
    return str(_signer().dumps(request.id))


def number_in(token: str) -> int | None:
    """The request a link is about; None for a link that we did not make."""
    try:
        return int(_signer().loads(token))
    except (BadSignature, ValueError):
        return None
