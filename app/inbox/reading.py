"""What a mail that comes back is: an answer to an invitation, word of an address, an absence, or something for people.

Pure: bytes in, frozen values out. Nothing it holds is believed but the marks we put in.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.utils import getaddresses

LARGEST_PART = 200_000  # bytes of a part that are looked at
LONGEST_LINE = 5000
LINE = re.compile(r'([A-Za-z-]+)((?:;[^:;"=]+=(?:"[^"]*"|[^":;]*))*):(.*)')  # of a calendar
ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)+")  # never looks at a letter twice
MOST_PARTS = 100
PARTSTATS = {"ACCEPTED": "yes", "DECLINED": "no", "TENTATIVE": "maybe", "DELEGATED": "colleague"}
FOR_EVER = re.compile(
    r"\b5\.\d{1,3}\.\d{1,3}\b|\b55[0-4][ -]|user unknown|unknown user|no such (user|mailbox)|does not exist|"
    r"mailbox unavailable|couldn.t be found|wasn.t found|not found at|address rejected|onbekend adres|unzustellbar",
    re.IGNORECASE,
)
BOUNCERS = ("mailer-daemon", "postmaster", "microsoftexchange")
AWAY = re.compile(
    r"^\W*(out of( the)? office|automatic(al)? reply|auto(matic)?[ -]?reply|autosvar|afwezig|automatisch antwoord|"
    r"abwesen|automatische antwort|réponse automatique)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Answer:
    """A program's answer to an invitation. `word`: yes, no, colleague, maybe; `colleague`: who comes instead, by name
    or else by address."""

    uid: str
    sequence: int
    word: str
    colleague: str = ""


@dataclass(frozen=True)
class Report:
    """Word that a mail of ours did not arrive, `for_ever` or yet: to which address, and which mail where it says so."""

    address: str
    number: int | None
    for_ever: bool


@dataclass(frozen=True)
class Absence:
    """A program that answers for somebody who is away."""


@dataclass(frozen=True)
class Words:
    """Something a person wrote, or that nobody understands."""

    sender: str
    subject: str
    text: str


@dataclass(frozen=True)
class Incoming:
    """One mail: its name among all, to which addresses it came, which mails of ours it names, and what it is."""

    name: str
    to: tuple[str, ...]
    about: tuple[int, ...]
    what: Answer | Report | Absence | Words


Ours = Callable[[str], tuple[int, ...]]  # the numbers of our mails that a text names


def read(raw: bytes, ours: Ours) -> Incoming:
    """Take a mail apart. A mail that is no mail at all is Words without any."""
    mail = message_from_bytes(raw)
    to = [_header(mail, name) for name in ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")]
    about = ours(f"{_header(mail, 'In-Reply-To')} {_header(mail, 'References')}")
    addresses = tuple(address for _name, address in getaddresses(to) if "@" in address)
    return Incoming(_header(mail, "Message-ID"), addresses, about, _what(mail, ours))


def _what(mail: Mail, ours: Ours) -> Answer | Report | Absence | Words:
    parts = list(_parts(mail))
    found = _answer(parts) or _report(mail, parts, ours)
    if found:
        return found
    if _is_away(mail):
        return Absence()
    text = next((_text(part) for part in parts if part.get_content_type() == "text/plain"), "")
    return Words(_header(mail, "From"), _header(mail, "Subject"), text)


def _header(mail: Mail, name: str) -> str:
    return " ".join(str(mail.get(name, "")).split())[:1000]


def _parts(mail: Mail) -> Iterator[Mail]:
    """The first hundred parts, those of attached mails too; what is deeper than twenty is nobody's mail."""
    waiting = [(mail, 0)]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part, depth = waiting.pop(0)
        if part.get_content_type() != "message/delivery-status" and depth < 20:
            waiting += [(each, depth + 1) for each in _inside(part)]
        yield part


def _inside(part: Mail) -> list[Mail]:
    payload = part.get_payload()
    return [each for each in payload if isinstance(each, Mail)][:MOST_PARTS] if isinstance(payload, list) else []


def _text(part: Mail) -> str:
    """As text, whatever it says of itself."""
    if part.is_multipart():
        return "\n".join(str(each)[:LARGEST_PART] for each in _inside(part)[:10])
    raw = part.get_payload(decode=True)
    given = (raw if isinstance(raw, bytes) else b"")[:LARGEST_PART]
    try:
        return given.decode(str(part.get_content_charset("utf-8")), "replace")
    except LookupError:  # a charset nobody knows
        return given.decode("utf-8", "replace")


def _answer(parts: list[Mail]) -> Answer | None:
    for part in parts:
        if part.get_content_type() == "text/calendar":
            found = _reply(_text(part))
            if found:
                return found
    return None


def _reply(calendar: str) -> Answer | None:
    """METHOD:REPLY with one event and one attendee (RFC 5546, 3.2.3)."""
    lines = calendar.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "").split("\n")
    found = [match for line in lines if len(line) < LONGEST_LINE and (match := LINE.fullmatch(line))]
    values: dict[str, tuple[str, str]] = {}
    for match in found:
        values.setdefault(match[1].upper(), (match[2], match[3].strip()))
    attendees = [(match[2], match[3].strip()) for match in found if match[1].upper() == "ATTENDEE"]
    who = next((each for each in attendees if not _parameter(each[0], "DELEGATED-FROM")), ("", ""))
    word = PARTSTATS.get(_parameter(who[0], "PARTSTAT").upper())
    sequence = values.get("SEQUENCE", ("", "0"))[1]
    if values.get("METHOD", ("", ""))[1].upper() != "REPLY" or "UID" not in values or word is None:
        return None
    number = int(sequence) if sequence.isdecimal() and len(sequence) < 9 else 0
    return Answer(values["UID"][1], number, word, _colleague(who[0], attendees) if word == "colleague" else "")


def _parameter(parameters: str, name: str) -> str:
    """The value of one parameter of a property; empty when it has none."""
    found = re.search(rf';{name}=("[^"]*"|[^";:]*)', parameters, re.IGNORECASE)
    return found[1].strip('" ') if found else ""


def _colleague(delegating: str, attendees: list[tuple[str, str]]) -> str:
    """Whom somebody delegates to (RFC 5546, 3.2.2.3): the name of that attendee, else the address."""
    address = _mailto(_parameter(delegating, "DELEGATED-TO"))
    named = [_parameter(said, "CN") for said, value in attendees if said != delegating and _mailto(value) == address]
    return next((name for name in named if name), address)


def _mailto(value: str) -> str:
    return re.sub("^mailto:", "", value, flags=re.IGNORECASE).strip().lower()


def _report(mail: Mail, parts: list[Mail], ours: Ours) -> Report | None:
    """A delivery report (RFC 3464), or what some servers send in its place: about a mail of ours, by a mail server."""
    everything = "\n".join(_text(part) for part in parts if not part.is_multipart() or _is_status(part))
    number = next(iter(ours(everything + _text_headers(parts))), None)
    for part in filter(_is_status, parts):
        found = _status(_text(part))
        if found:
            return Report(found[0], number, found[1])
    sender = _header(mail, "From").lower()
    if number is None or not any(word in sender for word in BOUNCERS):
        return None
    address = ADDRESS.search(everything)
    return Report(address[0].lower() if address else "", number, bool(FOR_EVER.search(everything)))


def _is_status(part: Mail) -> bool:
    return part.get_content_type() == "message/delivery-status"


def _status(text: str) -> tuple[str, bool] | None:
    """(address, for ever) of the first recipient that did not get it."""
    for block in text.replace("\r\n", "\n").split("\n\n"):
        fields = [line.partition(":") for line in block.split("\n")]
        known = {name.strip().lower(): value.strip() for name, _colon, value in fields}
        action = known.get("action", "").lower()
        if action in ("failed", "delayed"):
            address = known.get("original-recipient") or known.get("final-recipient", "")
            return address.rpartition(";")[2].strip(" <>").lower(), known.get("status", "5").startswith("5")
    return None


def _text_headers(parts: list[Mail]) -> str:
    """The Message-IDs of attached mails."""
    return " ".join(_header(part, "Message-ID") for part in parts[1:])


def _is_away(mail: Mail) -> bool:
    """Written by a program (RFC 3834), or by one of those that do not say so."""
    automatic = _header(mail, "Auto-Submitted").lower() not in ("", "no")
    marks = any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
    bulk = _header(mail, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply")
    return automatic or marks or bulk or bool(AWAY.match(_header(mail, "Subject")))
