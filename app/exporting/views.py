"""The export of a network or a programme, in one click."""

from flask import Blueprint, Response, abort, request

from app.clock import now
from app.exporting import network_json
from app.exporting.files import KINDS, written
from app.exporting.sheets import TYPES
from app.networks import access
from app.networks.models import Network, Programme

pages = Blueprint("exporting", __name__)


@pages.get("/networks/<slug>/export")
@access.network_manager
def network(network: Network) -> Response:
    return _file([network.id], network.name, network.slug)


@pages.get("/programmes/<programme>/export")
@access.programme_admin
def programme(programme: Programme) -> Response:
    return _file(network_json.networks_of(programme), programme.name, programme.slug)


def _file(network_ids: list[int], title: str, name: str) -> Response:
    """The export in the format asked for; JSON when none is."""
    kind = request.args.get("format", "json")
    if kind not in KINDS:
        abort(404)
    body = written(kind, network_json.export(network_ids, now()), title)
    headers = {"Content-Disposition": f"attachment; filename={name}.{kind}"}
    return Response(body, content_type=TYPES[kind], headers=headers)
