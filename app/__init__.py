"""Toerbeurt plans the year of learning networks, by turns."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Return the application, which is loaded now and not before: a command's help needs none."""
    app: Flask = import_module("app.application").create_app(settings)
    return app
