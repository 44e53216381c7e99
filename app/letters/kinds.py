"""Every kind of mail there is, from all areas: kind -> when it is still true, and its letter."""

from app.admin import letters as admin
from app.calendars import letters as calendars
from app.closing import letters as closing
from app.guests import letters as guests
from app.handover import letters as handover
from app.inbox import letters as inbox
from app.invitations import letters as invitations
from app.joining import letters as joining
from app.letters import signing_in
from app.mail.kind_of_mail import Kind
from app.networks import letters as networks
from app.portfolio import letters as portfolio
from app.publishing import letters as publishing
from app.publishing import turn_letters
from app.reminders import letters as reminders
from app.reminders import manager_letters
from app.reports import letters as reports
from app.rounds import letters as rounds
from app.swaps import letters as swaps
from app.topics import letters as topics

KINDS: dict[str, Kind] = {
    **signing_in.KINDS,
    **networks.KINDS,
    **rounds.KINDS,
    **reports.KINDS,
    **publishing.KINDS,
    **closing.KINDS,
    **turn_letters.KINDS,
    **reminders.KINDS,
    **manager_letters.KINDS,
    **swaps.KINDS,
    **topics.KINDS,
    **calendars.KINDS,
    **invitations.KINDS,
    **inbox.KINDS,
    **guests.KINDS,
    **joining.KINDS,
    **portfolio.KINDS,
    **handover.KINDS,
    **admin.KINDS,
}
