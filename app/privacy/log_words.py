"""What stands in the log, in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import format_date
from flask_babel import lazy_gettext as _l

from app.availability.queries import REGION_NAMES
from app.networks.forms import MODES, STATES
from app.people.forms import LANGUAGE_NAMES

DONE: Mapping[str, Any] = {
    "absence-added": _l("an absence added"),
    "absence-removed": _l("an absence removed"),
    "added": _l("an organisation added"),
    "address-asked": _l("another address asked for"),
    "address-confirmed": _l("an address confirmed"),
    "asked-to-change": _l("somebody asked to look at their details"),
    "attendance": _l("an answer about coming"),
    "attended": _l("who was there counted"),
    "backup-asked": _l("a backup asked for"),
    "backup-failed": _l("a backup failed"),
    "backup-made": _l("a backup made"),
    "backups-changed": _l("backups set otherwise"),
    "begun": _l("a network begun"),
    "changed": _l("details or settings changed"),
    "closed-period-added": _l("a closed period added"),
    "closed-period-removed": _l("a closed period removed"),
    "confirmation": _l("a turn accepted"),
    "contact-added": _l("a person added"),
    "contact-first": _l("another first contact"),
    "contact-removed": _l("a person taken out"),
    "content": _l("topic or programme of a meeting changed"),
    "date-removed": _l("a day taken out of a date round"),
    "dates-answered": _l("a date round answered"),
    "dates-asked": _l("days sent round"),
    "dates-closed": _l("a date round closed"),
    "dates-reopened": _l("a date round opened again"),
    "deputy-set": _l("a deputy named"),
    "deputy-withdrawn": _l("a deputy taken back"),
    "draft-changed": _l("a draft changed"),
    "draft-dropped": _l("a draft thrown away"),
    "erased": _l("somebody erased"),
    "feed-made": _l("a calendar address made"),
    "feeds-ended": _l("calendar addresses ended"),
    "feeds-renewed": _l("calendar addresses renewed"),
    "feeds-reset": _l("calendar addresses of somebody ended"),
    "founded": _l("founded"),
    "hand-back": _l("a turn given back"),
    "import-discarded": _l("an import thrown away"),
    "import-received": _l("a list uploaded"),
    "import-undone": _l("an import taken back"),
    "imported": _l("a list stored"),
    "invited-again": _l("invitations written once more"),
    "job-asked": _l("long work asked for"),
    "job-stopped": _l("long work stopped"),
    "joined": _l("an organisation joined"),
    "kept-longer": _l("somebody kept a year longer"),
    "keys-renewed": _l("keys renewed"),
    "let-go": _l("old answers and mails let go"),
    "link-mailed": _l("a new link mailed"),
    "link-renewed": _l("the personal link renewed"),
    "mail-arrived": _l("a mail said to have arrived"),
    "mail-edited": _l("a mail changed"),
    "mail-hurried": _l("a mail sent at once"),
    "mail-sent-again": _l("a mail sent again"),
    "mail-skipped": _l("a mail held back"),
    "mail-text": _l("the text of a mail changed"),
    "mail-tried": _l("a mail sent to try"),
    "membership-changed": _l("a membership changed"),
    "merged": _l("two made one"),
    "message-written": _l("a message written to people"),
    "notes-published": _l("notes of a meeting published"),
    "agreement-done": _l("agreement ticked as done"),
    "agreement-open": _l("agreement open again"),
    "recording-erased": _l("link to a recording erased"),
    "notes-written": _l("notes of a meeting written"),
    "phone": _l("a telephone number changed"),
    "preferences": _l("preferences changed"),
    "proposal": _l("a year proposed"),
    "publication": _l("a year published"),
    "reassigned": _l("a turn passed on"),
    "recognised": _l("a person recognised as the same"),
    "reminder-rules": _l("reminders set otherwise"),
    "renamed": _l("a name changed"),
    "restored": _l("put back from a backup"),
    "retention": _l("how long things are kept changed"),
    "role-granted": _l("a role given"),
    "role-withdrawn": _l("a role taken away"),
    "room-removed": _l("a room taken out"),
    "room-saved": _l("a room added or changed"),
    "sign-in": _l("signed in"),
    "sign-in-asked": _l("a sign-in link asked for"),
    "sign-out": _l("signed out"),
    "swap-accepted": _l("a swap accepted"),
    "swap-asked": _l("a swap asked for"),
    "swap-declined": _l("a swap declined"),
    "swap-undone": _l("a swap undone"),
    "swap-withdrawn": _l("a swap taken back"),
    "ticks": _l("a checklist ticked"),
    "topic-chosen": _l("a topic chosen"),
    "topic-not-wished": _l("a topic no longer wished for"),
    "topic-proposed": _l("a topic proposed"),
    "topic-removed": _l("a topic taken off the list"),
    "topic-wished": _l("a topic wished for"),
    "turn-credited": _l("a turn counted by hand"),
    "turn-granted": _l("a wished turn given"),
    "turn-not-granted": _l("a wished turn not given"),
    "turn-wish-removed": _l("the wish for a turn taken back"),
    "turn-wished": _l("a turn wished for"),
    "undo": _l("a publication taken back"),
    "wish-dropped": _l("a wish of the year given up"),
}
ROLES: Mapping[str, Any] = {
    "participant": _l("as participant"),
    "network_manager": _l("as manager of the network"),
    "programme_manager": _l("as manager of the programme"),
    "site_admin": _l("as site admin"),
}
WAYS: Mapping[str, Any] = {
    "page": _l("on a page"),
    "web": _l("on a page"),
    "link": _l("by a link in a mail"),
    "command": _l("by a command"),
    "job": _l("by the clock"),
}
FIELDS: Mapping[str, Any] = {
    "days": _l("Daily backups kept"),
    "duties_from": _l("Turns from"),
    "formal": _l("How people are addressed"),
    "hosts": _l("Hosts"),
    "joined": _l("Takes part from"),
    "keep_answers": _l("Months after which answers to meetings go"),
    "keep_mails": _l("Months after which the log of mails goes"),
    "keep_people": _l("Months after which people who take part no more are erased"),
    "keeps_names": _l("Names of who was there are kept"),
    "pulse": _l("Ask everybody after each meeting how it was"),
    "language": _l("Language"),
    "left": _l("Last day"),
    "minimum": _l("People a meeting needs"),
    "mode": _l("How it meets"),
    "prepares": _l("Prepares"),
    "region": _l("Region"),
    "seats": _l("Seats"),
    "size_wanted": _l("Organisations wanted"),
    "state": _l("State"),
    "timezone": _l("Time zone"),
    "wants_mail": _l("Invitations and reminders"),
    "wants_reminders": _l("Reminder shortly before a meeting"),
    "weeks": _l("Weekly backups kept"),
    "wheelchair": _l("Wheelchair"),
}
CHOICES: Mapping[str, Mapping[Any, Any]] = {
    "formal": {True: _l("u, Sie"), False: _l("je, du")},
    "language": {choice.value: choice.label for choice in LANGUAGE_NAMES},
    "mode": {choice.value: choice.label for choice in MODES},
    "region": REGION_NAMES,
    "state": {choice.value: choice.label for choice in STATES},
}
YES_OR_NO = {True: _l("yes"), False: _l("no")}
DAYS = ("joined", "left", "duties_from")


def said(name: str, value: Any) -> str:
    """What a field held, as its page says it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(CHOICES.get(name, YES_OR_NO)[value])
    if name in DAYS:
        return str(format_date(date.fromisoformat(value), "long"))
    return str(CHOICES.get(name, {}).get(value, value))
