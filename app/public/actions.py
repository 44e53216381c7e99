"""What strangers may read is switched on and off, each with its words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.audit import differences, record, record_of
from app.extensions import db
from app.networks.models import Network, Organisation, Programme, Role
from app.public.models import LegalText

SWITCHES = ("public", "open_to_start", "open_to_join", "guests_get_notes")


def open_programme(programme: Programme, values: Mapping[str, Any], now: datetime) -> None:
    """{public, open_to_start, about}: whether strangers may read about it, what, and ask for a new network."""
    changed = differences(programme, values, SWITCHES)
    for name, value in values.items():
        setattr(programme, name, value)
    record("public-page", programme, now, programme_id=programme.id, **changed)


def open_network(network: Network, values: Mapping[str, Any], now: datetime) -> None:
    """{public, open_to_join, for_whom, rhythm, guests_get_notes}: what strangers may read, ask for, and get."""
    changed = differences(network, values, SWITCHES)
    for name, value in values.items():
        setattr(network, name, value)
    record("public-page", network, now, network_id=network.id, **changed)


def list_organisation(organisation: Organisation, values: Mapping[str, Any], network: Network, now: datetime) -> None:
    """{listed, offers, website}: whether an organisation stands in the public directory, and what it says there."""
    changed = differences(organisation, values, ("listed",))
    organisation.listed, organisation.offers = values["listed"], values["offers"]
    organisation.website = values["website"]
    record("directory", organisation, now, network_id=network.id, **changed)


def show_name(role: Role, shown: bool, now: datetime) -> None:
    """Whether strangers read who has this role, as the one to ask; only whoever has it says so."""
    role.named = shown
    record("named-publicly", role, now, network_id=role.network_id, programme_id=role.programme_id, named=shown)


def write_legal(kind: str, text: str, now: datetime) -> None:
    """Store one of the legal texts; an empty one is no page."""
    row = db.session.get(LegalText, kind) or LegalText(kind=kind)
    row.text = text
    db.session.add(row)
    record_of("legal-text", "site", now, kind=kind)
