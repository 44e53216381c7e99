"""Absences of organisations and closed periods of a programme."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.audit import record
from app.availability.models import Absence, ClosedPeriod
from app.extensions import db
from app.networks.actions import stands
from app.networks.models import Organisation, Programme


def add_absence(organisation: Organisation, values: Mapping[str, Any], now: datetime) -> Absence | None:
    """Days an organisation cannot come (`only` = "host": only its room is closed); None when that is known already."""
    if stands(Absence, organisation, {"organisation_id": organisation.id, **values}):
        return None
    absence = Absence(organisation=organisation, **values)
    db.session.add(absence)
    db.session.flush()
    _changed(organisation, now)
    record("absence-added", absence, now, programme_id=organisation.programme_id)
    return absence


def remove_absence(absence: Absence, now: datetime) -> None:
    """Drop an absence; its networks' revisions rise. What is published on those days stays as it is."""
    record("absence-removed", absence, now, programme_id=absence.organisation.programme_id)
    _changed(absence.organisation, now)
    db.session.delete(absence)


def add_closed_period(programme: Programme, values: Mapping[str, Any], now: datetime) -> bool:
    """Days on which no network of the programme meets, with their source; False when that is known already."""
    if stands(ClosedPeriod, programme, {"programme_id": programme.id, **values}):
        return False
    period = ClosedPeriod(programme=programme, **values)
    db.session.add(period)
    db.session.flush()
    record("closed-period-added", period, now, programme_id=programme.id)
    return True


def remove_closed_period(period: ClosedPeriod, now: datetime) -> None:
    """Drop a closed period of a programme. Plans made from now on may use its days; what is published stays."""
    record("closed-period-removed", period, now, programme_id=period.programme_id)
    db.session.delete(period)


def _changed(organisation: Organisation, now: datetime) -> None:
    for network in {membership.network for membership in organisation.memberships}:
        network.changed(now)
