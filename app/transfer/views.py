from flask import Blueprint

from app.networks import access

pages = Blueprint("transfer", __name__)


@pages.get("/programmes/<programme>/import")
@access.programme_manager
def upload(programme):
    return "x"
