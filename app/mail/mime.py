"""A letter as the mail that leaves: text complete on its own, HTML beside it, and the headers of every mail."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.contentmanager import raw_data_manager
from email.encoders import encode_base64
from email.header import Header
from email.message import EmailMessage
from email.policy import compat32
from email.utils import format_datetime, formataddr, parseaddr
from secrets import token_hex

from app.batch import once
from app.edge.web import settings
from app.errors import Refused
from app.mail.kind_of_mail import CalendarPart, Letter
from app.mail.message_ids import message_id, name_of
from app.mail.models import Message
from app.mail.queries import default_sender
from app.text import one_line

NAME = "Toerbeurt"
BOUNDARY = f"=_{token_hex(12)}"  # of no text anybody could have written
ADDRESS = re.compile(r"[!-;=?-~]+@[!-;=?-~]+")  # ASCII that can be seen, but for < and >


@dataclass(frozen=True)
class Mail:
    """From whom a mail comes and to whom it goes, its name among all mails, and every byte of it."""

    sender: str
    to: str
    name: str
    body: bytes


# Headers leave as they were put in: policies that parse them lose and double spaces between words that are not ASCII
# (python/cpython#92081, #144156), and take half of the time a mail takes.
POLICY = compat32.clone(linesep="\r\n")


def compose(message: Message, letter: Letter, now: datetime) -> Mail:
    """The mail of this letter; its name is the same for every try, and another for every generation."""
    sender = letter.calendar.organiser if letter.calendar else sender_of(letter.sender)
    mail = EmailMessage(POLICY)
    mail["From"] = _mailbox(sender)
    mail["To"] = _mailbox(letter.to)
    mail["Subject"] = _encoded(message.subject or letter.subject, "Subject")
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id(message)}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "OOF, AutoReply"  # not All: word of an address that is dead shall come
    if letter.reply_to:
        mail["Reply-To"] = ",\r\n ".join(map(_mailbox, letter.reply_to))
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    if letter.urgent:
        mail["Importance"] = "high"
    # Quoted-printable: no relay on the way has to know 8BITMIME, and no line is too long for one.
    mail.set_content(letter.text, cte="quoted-printable", content_manager=raw_data_manager)
    html = {"subtype": "html", "cte": "quoted-printable"}
    mail.add_alternative(letter.html, content_manager=raw_data_manager, **html)
    mail.set_boundary(BOUNDARY)
    if letter.calendar:
        _put_calendar(mail, letter.calendar)
    mail["Content-Language"] = letter.language
    return Mail(sender[1], letter.to[1], name_of(message), mail.as_bytes())


def _put_calendar(mail: EmailMessage, calendar: CalendarPart) -> None:
    """The last alternative, which programs act on, and the same bytes as a file for those that do not (RFC 6047, 3)."""
    mail.attach(_part(f"text/calendar; charset=UTF-8; method={calendar.method}", calendar.body))
    mail.make_mixed()
    mail.set_boundary(f"{BOUNDARY}_")
    file = _part("application/ics", calendar.body)
    file["Content-Disposition"] = 'attachment; filename="invite.ics"'
    mail.attach(file)


def _part(kind: str, body: bytes) -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = kind
    part.set_payload(body)
    encode_base64(part)
    return part


def sender_of(own: tuple[str, str] | None) -> tuple[str, str]:
    """MAIL_FROM, else the programme's sender, else the instance's first programme's, else an address of ours."""
    given = settings().mail_from
    pair = parseaddr(given) if given else own or once(("sender",), default_sender)
    name, address = pair or (NAME, f"noreply@{settings().feed_domain}")
    return name or (own or (NAME, ""))[0], address


def _mailbox(pair: tuple[str, str]) -> str:
    """A display name and its address (RFC 5322, 3.4). A name that is not plain is encoded whole."""
    name, address = one_line(pair[0]) or "", pair[1]
    if not ADDRESS.fullmatch(address):
        raise Refused(f"Mail cannot go to or come from “{address}”: an address is ASCII, without brackets or spaces.")
    return formataddr((name, address)) if _is_plain(name) else f"{_encoded(name, 'Reply-To')}\r\n <{address}>"


def _encoded(text: str, header: str) -> str:
    """One line as it is, or where it is not plain as encoded words, all of it (RFC 2047)."""
    line = one_line(text) or ""
    return line if _is_plain(line) else Header(line, "utf-8", 75, header).encode(linesep="\r\n")


def _is_plain(value: str) -> bool:
    """ASCII that means what it says."""
    return value.isascii() and value.isprintable() and "=?" not in value
