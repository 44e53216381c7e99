"""What a fetch leaves behind: a rendering, when it was and by which program. Nobody who fetches waits for the disk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import Any

from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from app.calendars.models import FeedLink

EVERY = timedelta(hours=1)  # so often a fetch of unchanged bytes is noted
MOST = 1000  # that wait: while the disk is busy the rest is not kept, and rendered once more


@dataclass(frozen=True, slots=True)
class Rendering:
    """Bytes and what they were made from."""

    made_from: str
    etag: str
    modified_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """One fetch of the link `number`, with the rendering where it was a new one."""

    number: int
    at: datetime
    program: str
    rendering: Rendering | None

    def values(self) -> dict[str, Any]:
        kept = {"fetched_at": self.at, "fetched_by": self.program}
        if self.rendering is None:
            return kept
        return kept | {name: getattr(self.rendering, name) for name in Rendering.__slots__}


class Notes:
    """Notes of one process, written together after a pause in a thread of their own; without a pause, at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine.execution_options(transaction="note")
        self.waiting: dict[int, Note] = {}
        self.timer: Timer | None = None
        self.lock = Lock()

    def rendering(self, number: int, key: str) -> Rendering | None:
        """What was rendered from the same a moment ago and is not stored yet."""
        note = self.waiting.get(number)
        return note.rendering if note and note.rendering and note.rendering.made_from == key else None

    def add(self, note: Note, pause: float) -> None:
        with self.lock:
            if len(self.waiting) < MOST or note.number in self.waiting:
                self.waiting[note.number] = note
            if pause and self.timer is None:
                self.timer = Timer(pause, self.write)
                self.timer.daemon = True
                self.timer.start()
        if not pause:
            self.write()

    def write(self) -> None:
        """In one transaction that gives way: what a busy or full disk refuses waits for the next fetch."""
        with self.lock:
            self.timer, notes = None, list(self.waiting.values())
        try:
            with self.engine.begin() as connection:
                for note in notes:
                    connection.execute(update(FeedLink).where(FeedLink.id == note.number).values(**note.values()))
        except OperationalError:
            return
        with self.lock:
            for note in notes:
                if self.waiting.get(note.number) is note:
                    del self.waiting[note.number]
