"""An installation of its own, as `backup` and `restore` need one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from app import create_app
from app.extensions import db
from tests.conftest import settings_in


def installed(folder: Path) -> Flask:
    """An installation of its own, with keys of its own."""
    app = create_app(settings_in(folder, feed_key=f"{folder.name}: a key for feeds of 32 characters"))
    (folder / "feed_key").write_text(app.config["SETTINGS"].feed_key)
    (folder / "secret_key").write_text(app.config["SETTINGS"].secret_key)
    with app.app_context():
        upgrade()
    return app


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Flask]:
    app = installed(tmp_path / "here")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
