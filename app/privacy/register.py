"""The processing register of a programme (article 30 of the GDPR), written from its real settings."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from app.edge.web import settings
from app.extensions import db
from app.networks.models import Contact, Membership, Network, Programme


@dataclass(frozen=True)
class Entry:
    title: str
    sentences: tuple[str, ...]


def of_programme(programme: Programme) -> list[Entry]:
    """What is processed, why, for whom, how long and how it is protected."""
    return [
        Entry(_("Who is responsible"), _responsible(programme)),
        Entry(
            _("What for"),
            (_("Planning the meetings of learning networks, calendars, invitations and reminders, who comes."),),
        ),
        Entry(_("Whose data"), (_people(programme),)),
        Entry(_("Which data"), _data(programme)),
        Entry(_("Who receives them"), _recipients()),
        Entry(
            _("Outside the European Union"), (_("This software sends nothing there. Check where your relay stands."),)
        ),
        Entry(_("How long"), _periods(programme)),
        Entry(_("How they are protected"), _protection()),
    ]


def _responsible(programme: Programme) -> tuple[str, ...]:
    sender = ", ".join(part for part in (programme.sender_name, programme.sender_email) if part)
    return (programme.name, sender) if sender else (programme.name,)


def _people(programme: Programme) -> str:
    query = select(func.count(func.distinct(Contact.person_id))).join(Membership).join(Network)
    count = db.session.scalar(query.where(Network.programme_id == programme.id)) or 0
    return ngettext(
        "Contacts, substitutes and participants of member organisations, and managers: one person.",
        "Contacts, substitutes and participants of member organisations, and managers: %(num)s people.",
        count,
    )


def _data(programme: Programme) -> tuple[str, ...]:
    named = [network.name for network in programme.networks if network.keeps_names]
    names = _("Names of who was there are kept in: %(networks)s.", networks=", ".join(named))
    return (
        _("Name, e-mail address, telephone number if given, language, organisation and network."),
        _("Answers to dates and meetings; a colleague's name and address for one meeting, until the day after."),
        _("Topics and questions they put, answers they gave, links they keep, and topics that matter to them."),
        _("Of guests of a meeting name, address and organisation, until thirty days after it."),
        _("How a meeting was for them, for ten days; then sums of four or more people, without who."),
        names if named else _("Of who was there only the number is kept."),
        _("When a calendar was fetched, when a mail was sent, who changed what (by number, without names)."),
    )


def _recipients() -> tuple[str, ...]:
    here = settings()
    relay = urlsplit(here.mail_url).hostname if here.mail_url.startswith("smtp") else None
    mails = (
        _("Mails leave through %(relay)s.", relay=relay) if relay else _("Mails are written to files on the server.")
    )
    return (
        _("Members of a network see each other's names and organisations; mails about a turn name its contacts."),
        _("The pages are served at %(host)s.", host=here.host),
        mails,
    )


def _periods(programme: Programme) -> tuple[str, ...]:
    return (
        ngettext(
            "Name and address: one month after somebody takes part no more.",
            "Name and address: %(num)s months after somebody takes part no more.",
            programme.keep_people,
        ),
        ngettext(
            "Answers to meetings and dates: one month after the day.",
            "Answers to meetings and dates: %(num)s months after the day.",
            programme.keep_answers,
        ),
        _("Lists that were uploaded: until they are stored and nothing in them is open, a week at most."),
        ngettext("The log of mails: one month.", "The log of mails: %(num)s months.", programme.keep_mails),
        _("On request everything at once, by the person's own button."),
    )


def _protection() -> tuple[str, ...]:
    https = _("The connection is encrypted (https).")
    return (
        https if settings().https else _("The connection is not encrypted: use this only on your own machine."),
        _("Signing in by a link that works once for 20 minutes; no passwords."),
        _("Sessions end unused after 14 days, those of managers after 12 hours; after 90 and 30 days in any case."),
        _("Secrets are kept as hashes. Logs hold no names, addresses or links."),
        _("No script, font or picture comes from elsewhere; nobody is tracked."),
    )
