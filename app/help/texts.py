"""What the help pages say, one page for each role. A mail stands there by its kind, under its usual name."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l


@dataclass(frozen=True)
class Help:
    """`more`: a last section, (title, sentences)."""

    title: Any
    lead: Any
    year: tuple[Any, ...]
    mails: tuple[tuple[str, Any], ...]  # kind, and what to do with it
    more: tuple[Any, tuple[Any, ...]]


TURNS = (
    _l(
        "Whoever hosts or prepares does a turn. At every meeting each organisation that could do it owes an equal part "
        "of that turn, and whoever does it has done a whole one."
    ),
    _l(
        "The balance is what an organisation has done, less what it owed. Whoever has most still to do comes next, "
        "where dates and rooms allow."
    ),
    _l("Hosting counts for meetings in person and hybrid ones; online nobody hosts. Preparing always counts."),
    _l(
        "A turn that is taken over counts for who does it. "
        "The organisation whose turn it was still has one to do, later."
    ),
    _l("Newcomers begin even: they owe nothing of what was before them."),
)
PARTICIPANT = Help(
    title=_l("For participants"),
    lead=_l("A network meets a few times a year. Two presses for each meeting are enough."),
    year=(
        _l("Before a year begins the manager looks for dates. Sometimes a mail asks which ones suit."),
        _l(
            "When the year is published one mail brings all dates. Its button puts them into a calendar, which follows "
            "every change by itself."
        ),
        _l(
            "About two weeks before a meeting comes the invitation: I am coming, I cannot come, or a colleague comes. "
            "One press and one button."
        ),
        _l("Two days before, a last mail says where to go or where to click."),
        _l("Then come the notes: what came out of it, what was agreed, and two questions that take half a minute."),
    ),
    mails=(
        ("R1", _l("Say which dates suit; it takes two minutes.")),
        ("Y1", _l("Say with one press whether the organisation stays; it can be changed.")),
        ("Y0", _l("All dates of the year. Nothing to answer; the button puts them into a calendar.")),
        ("D1", _l("Say who comes, with one press.")),
        ("D2", _l("Nothing to do, unless coming is not possible after all.")),
        ("C1", _l("Something is different; old and new stand side by side. The calendar follows.")),
        ("C1x", _l("The meeting does not take place.")),
        ("N3", _l("Read what came out of it.")),
        ("E1", _l("Say how it was: two questions, half a minute.")),
        ("Q1", _l("Somebody asks something. Who knows a little answers in a line.")),
    ),
    more=(
        _l("Links, mails and data"),
        (
            _l(
                "There is no password. The links in a mail open the reader’s own page for sixty days, those of "
                "managers for fourteen; an old one mails a new one."
            ),
            _l("At the foot of every mail: fewer mails, another language, my data."),
        ),
    ),
)
HOST = Help(
    title=_l("For who hosts or prepares"),
    lead=_l("A turn is a handful of small steps. Each comes by mail when it is time, with one button."),
    year=(
        _l(
            "About six weeks before: the host confirms the room, and whoever prepares finds a topic. A short list of "
            "what to arrange stands beside the turn."
        ),
        _l("About two weeks before: the practical points and the programme. The invitation goes out with them."),
        _l("Two days before: how many people come, and whom to call on the day."),
        _l("The day after: the notes, in ten minutes. Whoever hosted or prepared can write them."),
        _l("Online nobody hosts: the first who prepares opens the call, and the mails come closer to the day."),
    ),
    mails=(
        ("K1", _l("The turn is new: confirm it, or say that it is not possible.")),
        ("K2", _l("Somebody else does it; the mail says whether the turn stays open.")),
        ("H1", _l("Confirm the room. What is known of it stands in the mail.")),
        ("H3", _l("What guests will read, and what is still missing in it.")),
        ("H4", _l("The number of people, their names and the telephone numbers.")),
        ("P1", _l("Choose a topic; what the others wish for stands in the mail.")),
        ("P3", _l("Fill in the programme by the day in the mail.")),
        ("P4", _l("Only what is still missing.")),
        ("N1", _l("Write the notes.")),
        ("S1", _l("Another organisation asks to swap or to be replaced: yes or no, until a day.")),
        ("S2", _l("What became of a request; after a yes, who does which turn.")),
    ),
    more=(
        _l("When it does not fit"),
        (
            _l("Beside every turn: swap it, ask somebody to take it over, or give it back."),
            _l("A swap changes nothing until the other side says yes."),
            _l("A turn given back stays open. The manager hears of it at once and looks for somebody else."),
        ),
    ),
)
MANAGER = Help(
    title=_l("For managers"),
    lead=_l("The year is planned once, and looks after itself until something changes."),
    year=(
        _l("Members come in once: pasted, or from the list that is there. What is doubtful is asked, never guessed."),
        _l("Then the year is proposed: dates and turns, each with its reason. What is changed by hand stays."),
        _l("The preview shows who gets which mail. Nothing leaves before the year is published."),
        _l("From then on mails go by themselves. On Mondays one mail says what needs attention."),
        _l("A later change goes the same way: change, preview, publish. Each person gets one mail."),
        _l("Somebody drops out? The ways out are ranked: ask first, or do it at once."),
        _l(
            "Towards the end one press asks who stays. After the last meeting the year is closed and the next proposed."
        ),
        _l("The next year begins with the balance of this one."),
    ),
    mails=(
        ("M1", _l("What needs attention, and the meetings of the next two weeks.")),
        ("M2", _l("No room, no topic or too few people, while there is still time.")),
        ("M3", _l("A turn was given back: the best ways out, a button each.")),
        ("S3", _l("Nobody took over a turn that was asked about.")),
        ("X2", _l("Mail does not reach somebody who has a turn.")),
    ),
    more=(
        _l("Good to know"),
        (
            _l("The outbox holds every mail before it leaves: to read, to change a line, or to skip."),
            _l("The last publication can be taken back. Whoever was told is told again."),
            _l("When each mail leaves, and its words, are set for every network under its reminders."),
        ),
    ),
)
PAGES = {"participant": PARTICIPANT, "host": HOST, "manager": MANAGER}
