"""A reader of iCalendar by the letter of RFC 5545, which knows nothing of the library that writes it."""

import re
from dataclasses import dataclass

ESCAPED = {"\\\\": "\\", "\\;": ";", "\\,": ",", "\\n": "\n", "\\N": "\n"}
LINE = re.compile(r"(?P<name>[A-Z0-9-]+)(?P<params>(?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\":;,]*))*):(?P<value>.*)", re.DOTALL)


@dataclass(frozen=True)
class Event:
    """Its text as it stands in the file, and the values of its properties as written."""

    text: str
    values: dict[str, str]

    def said(self, name: str) -> str:
        """A TEXT value as it is read (3.3.11); anything else behind a backslash is an error."""
        value = self.values[name]
        plain = re.sub(r"\\.", "", value, flags=re.DOTALL)
        assert not {*";,\\"} & {*plain}, f"not escaped: {value}"
        return re.sub(r"\\.", lambda found: ESCAPED[found[0]], value, flags=re.DOTALL)


def lines(body: bytes) -> list[str]:
    """Content lines, unfolded (3.1): each ends with CRLF, none is longer than 75 octets."""
    assert body.endswith(b"\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", body)
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    return body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def events(body: bytes) -> dict[str, Event]:
    """The events by their UID; one that comes twice is an error."""
    found: dict[str, Event] = {}
    inside: list[str] | None = None
    for line in lines(body):
        if line == "BEGIN:VEVENT":
            inside = []
        elif line == "END:VEVENT":
            event = _event(inside or [])
            assert event.values["UID"] not in found
            found[event.values["UID"]], inside = event, None
        elif inside is not None:
            inside.append(line)
    return found


def components(body: bytes) -> list[str]:
    """What a calendar consists of: by 3.6 at least one, an event or a time zone or another."""
    names = [line.removeprefix("BEGIN:") for line in lines(body) if line.startswith("BEGIN:V")]
    assert names[0] == "VCALENDAR"
    assert names[1:], "no component"
    return names[1:]


def _event(content: list[str]) -> Event:
    values: dict[str, str] = {}
    for line in content:
        parts = LINE.fullmatch(line)
        assert parts, line
        assert parts["name"] not in values, f"twice: {line}"
        values[parts["name"]] = parts["value"]
    return Event("\n".join(content), values)
