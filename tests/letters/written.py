"""One letter of each sort, with names that would break a page, and what a reader of its HTML sees."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

from app.letters.kinds import KINDS
from app.mail.kind_of_mail import Letter
from app.meetings.row import of_meeting
from tests import make
from tests.reminders.world import THURSDAY, World, world

HOSTILE = '<b>Ruth & "Zoon"</b>'
DAYS = {"H1": 42, "H2": 28, "H3": 14, "H4": 2, "P1": 42, "P2": 28, "P3": 14, "P4": 3, "D1": 14, "D2": 2}
SORTS = (*DAYS, "Y0", "W0", "C1", "M1", "M2", "M3", "N1", "A3", "A4", "X1", "test", "C1x")


def letters_of(language: str) -> dict[str, Letter]:
    """All sorts, of one network; what is cancelled is cancelled last."""
    w = wide_world(language)
    return {sort: written(sort, w) for sort in SORTS}


def wide_world(language: str = "nl") -> World:
    w = world(language)
    w.network.name = f"Vrijwilligerscoördinatoren {HOSTILE}"
    w.meeting.host.name = f"Stichting {HOSTILE}"
    w.host.first_name, w.meeting.topic = HOSTILE, f"Samen <i>lezen</i> & {'donaudampfschifffahrt' * 3}"
    w.meeting.running_order, w.meeting.question = "13:00 <u>Welkom</u>\n13:15 Lezen", "1 < 2 & 3?"
    for month in (1, 4, 11):
        other = make.meeting(network=w.network, starts_at=datetime(2027, month, 6, 12, tzinfo=UTC))
        make.duty(meeting=other, organisation=w.meeting.preparers[0])
    online = make.meeting(network=w.network, starts_at=datetime(2027, 11, 20, 12, tzinfo=UTC), mode="online")
    make.duty(meeting=online, organisation=w.meeting.host, kind="preparation")
    return w


def written(sort: str, w: World) -> Letter:
    w.meeting.status = "cancelled" if sort == "C1x" else "confirmed"
    person = w.preparer if sort[0] == "P" else w.manager if sort[0] == "M" else w.host
    params = {
        "Y0": {"version": 1, "cycle_id": w.meeting.cycle_id},
        "M2": {"what": "topic"},
        "M3": {"duty_id": w.meeting.host_duty.id},
        "A4": {"to": "old@example.org"},
        "X1": {"audience": "all"},
    }
    row = of_meeting(w.meeting).for_letter(w.network.zone)
    before = {**row, "start": "2027-04-08T10:00:00+02:00", "end": "2027-04-08T12:00:00+02:00", "cancelled": False}
    change = {"changes": [{"meeting_id": w.meeting.id, "old": before, "new": row}], "reason": "Verf & <stof>"}
    at = THURSDAY - timedelta(days=DAYS.get(sort, 14), hours=5)
    note = f"Van ons: {HOSTILE}" if sort == "X1" else None
    message = w.message(sort, person, params=params.get(sort, change), due_at=at, note=note)
    return KINDS[sort].render([message], at)


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.buttons, self.unseen = 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.buttons += found.get("class") == "button"
        if tag in ("head", "table", "p", "title", "style") and (
            self.unseen or tag == "head" or found.get("aria-hidden")
        ):
            self.unseen += 1
        if tag == "a":
            self.links.append((found.get("href") or "", ""))

    def handle_endtag(self, tag: str) -> None:
        if self.unseen and tag in ("head", "table", "p", "title", "style"):
            self.unseen -= 1

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words and not self.unseen:
            self.words.append(words)
            if self.tags[-1] == "a" and self.links[-1][1] == "":
                self.links[-1] = (self.links[-1][0], words)


def seen(letter: Letter) -> _Seen:
    """What a reader of the HTML sees: the strip of the year is a picture of its list, and left out."""
    found = _Seen()
    found.feed(letter.html)
    found.close()
    return found
