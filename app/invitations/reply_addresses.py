"""From whom invitations come: an address of the network, in which an answer finds the person it was sent to."""

import hmac
from base64 import b32encode

from app.edge.web import settings
from app.mail.mime import sender_of
from app.networks.models import Network
from app.people.models import Person


def organiser(own: tuple[str, str] | None, network: Network, person: Person) -> tuple[str, str]:
    """Name and address. Where a mailbox is read: samen+n3-12-abcdefgh@example.org; else the sender's own."""
    _name, address = sender_of(own)
    if not settings().inbox_url:
        return network.name, address
    local, _at, domain = address.rpartition("@")
    return network.name, f"{local}+n{network.id}-{person.id}-{_mark(person.id)}@{domain}"


def _mark(person_id: int) -> str:
    """What nobody can make who was not written to; small letters, because programs change their case."""
    mac = hmac.digest(settings().feed_key.encode(), f"answers of {person_id}".encode(), "sha256")
    return b32encode(mac[:10]).decode().lower()


def person_behind(address: str) -> int | None:
    """Whose answers come to this address; None when nobody's do."""
    parts = address.lower().partition("@")[0].rpartition("+")[2].split("-")
    if len(parts) < 3 or not parts[-2].isdecimal():
        return None
    number = int(parts[-2])
    return number if hmac.compare_digest(parts[-1], _mark(number)) else None


def network_behind(address: str) -> int | None:
    """Of which network an address of this kind is, whoever's answers it takes."""
    first = address.lower().partition("@")[0].rpartition("+")[2].partition("-")[0]
    return int(first[1:]) if person_behind(address) and first[:1] == "n" and first[1:].isdecimal() else None
