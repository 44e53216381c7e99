"""The clock at the tests' now, and the translations of the mails until the catalogues hold them."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask
from flask_babel import get_babel

from tests.make import NOW

SOURCE = Path(__file__).parents[2] / "app" / "translations" / "mail_translations.json"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW) as traveller:
        yield traveller


@pytest.fixture
def translated(app: Flask, tmp_path: Path) -> Iterator[None]:
    """nl and de from the translators' list."""
    entries = json.loads(SOURCE.read_text())
    for language, locale in (("nl", "nl_NL"), ("de", "de_DE")):
        catalog = Catalog(locale=locale)
        for message, entry in entries.items():
            catalog.add((message, entry["plural"]) if "plural" in entry else message, entry[language])
        target = tmp_path / locale / "LC_MESSAGES" / "messages.mo"
        target.parent.mkdir(parents=True)
        with target.open("wb") as file:
            write_mo(file, catalog)
    settings: SimpleNamespace = get_babel(app)
    settings.translation_directories.append(str(tmp_path))
    settings.instance.domain_instance.cache.clear()
    yield
    settings.translation_directories.remove(str(tmp_path))
    settings.instance.domain_instance.cache.clear()
