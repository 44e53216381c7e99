"""What each kind of mail is called where people choose or look at mails."""

from typing import Any

from flask_babel import lazy_gettext as _l

NAMES: dict[str, Any] = {
    "sign_in": _l("Sign-in link"),
    "A1": _l("New address, to the old one"),
    "A2": _l("New address, to the new one"),
    "A3": _l("Are your name and address right?"),
    "A4": _l("Your mails go to another address"),
    "A5": _l("A new link to your page"),
    "W0": _l("Welcome, with the dates"),
    "R1": _l("Which dates suit?"),
    "R2": _l("Which dates suit? Once more"),
    "Y0": _l("The year is published"),
    "C1": _l("Something changed"),
    "C1x": _l("A meeting is cancelled"),
    "H1": _l("Host: confirm the room"),
    "H2": _l("Host: is the room booked?"),
    "H3": _l("Host: practical points"),
    "H4": _l("Host: the last days"),
    "H4o": _l("Opening the call"),
    "P1": _l("Preparation: choose a topic"),
    "P2": _l("Preparation: the topic is open"),
    "P3": _l("Preparation: the programme"),
    "P4": _l("Preparation: what is missing"),
    "D1": _l("Invitation"),
    "D2": _l("Shortly before the meeting"),
    "D2o": _l("Shortly before the call"),
    "N1": _l("Notes: write them"),
    "N2": _l("Notes: still missing"),
    "N3": _l("Notes: they are there"),
    "M1": _l("Your Monday mail"),
    "M2": _l("Something is still open"),
    "M3": _l("A turn needs you"),
    "S1": _l("Asked to swap a turn"),
    "S2": _l("What became of a swap"),
    "S3": _l("Nobody to swap with"),
    "X1": _l("A message of your own"),
    "test": _l("A test"),
    "B1": _l("No backup was made"),
}
