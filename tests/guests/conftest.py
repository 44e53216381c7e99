from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.guests.asking import NOW, Open


@pytest.fixture
def there(app: Flask) -> Iterator[Open]:
    with time_machine.travel(NOW, tick=False) as clock:
        found = Open(app, clock)
        yield found
        for file in found.folder.glob("*.eml"):
            file.unlink()
