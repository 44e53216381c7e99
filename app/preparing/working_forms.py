"""Ways to work together, as the start of a programme: each a few parts that share the minutes of a meeting."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.preparing.minutes import shared


@dataclass(frozen=True)
class WorkingForm:
    """`parts`: (share of the time, what is done)."""

    key: str
    name: object
    parts: tuple[tuple[int, object], ...]


FORMS = (
    WorkingForm(
        "round",
        _l("Round of news"),
        (
            (10, _l("arriving, welcome")),
            (45, _l("round: each says one thing that is new and one question it raises")),
            (10, _l("choose the two questions that matter most")),
            (45, _l("talk about these two")),
            (10, _l("what each takes home, what is agreed")),
        ),
    ),
    WorkingForm(
        "1-2-4-all",
        "1-2-4-All",
        (
            (10, _l("welcome; the question of today in one sentence")),
            (5, _l("1: each alone, in writing")),
            (10, _l("2: compare in pairs")),
            (15, _l("4: two pairs together: what stands out?")),
            (30, _l("all: the most important point of each four, and where it leads")),
            (10, _l("what is agreed")),
        ),
    ),
    WorkingForm(
        "intervision",
        _l("Peer consultation in six phases"),
        (
            (5, _l("1. who brings a case, who moderates, who watches the time")),
            (15, _l("2. the case is told; nobody interrupts")),
            (10, _l("3. questions to understand; the key question in one sentence")),
            (5, _l("4. how the others advise: ideas, good questions, or what each would do")),
            (30, _l("5. the others advise each other; who brought the case listens and writes")),
            (10, _l("6. what helps, the first step; thanks")),
        ),
    ),
    WorkingForm(
        "input",
        _l("Input and questions"),
        (
            (10, _l("arriving, welcome")),
            (25, _l("input, with three points at most")),
            (15, _l("questions to understand")),
            (15, _l("in pairs: what does it mean at our place?")),
            (30, _l("talk about it together")),
            (10, _l("what is agreed")),
        ),
    ),
    WorkingForm(
        "visit",
        _l("Site visit"),
        (
            (15, _l("arriving, coffee")),
            (20, _l("why the host does it this way")),
            (45, _l("walk round in two groups, with people who work there")),
            (30, _l("each: one thing to copy, one question")),
            (20, _l("the host answers and asks something back")),
            (10, _l("what is agreed")),
        ),
    ),
    WorkingForm(
        "call",
        _l("Peer call 10-10-40"),
        (
            (10, _l("input: what we do, and where we are stuck")),
            (10, _l("questions to understand")),
            (40, _l("exchange: how do the others do it? The last five minutes: what is agreed")),
        ),
    ),
    WorkingForm(
        "dilemma",
        _l("Dilemma"),
        (
            (10, _l("the dilemma is told: two good reasons that pull apart")),
            (10, _l("questions to understand")),
            (20, _l("each chooses a side and says why")),
            (20, _l("change sides: the best reason of the other")),
            (20, _l("is there a third way?")),
            (10, _l("what who told it takes home")),
        ),
    ),
    WorkingForm(
        "open-space",
        _l("Open space"),
        (
            (10, _l("how it works; whoever comes is the right one")),
            (15, _l("collect subjects, give each a time and a corner")),
            (45, _l("first round in groups")),
            (45, _l("second round in groups")),
            (25, _l("each group says what came out")),
            (10, _l("what is agreed")),
        ),
    ),
)
BY_KEY = {form.key: form for form in FORMS}


def text_of(form: WorkingForm, length: int) -> str:
    """The programme of a meeting of `length` minutes in this form: its name, and a line for each part."""
    minutes = shared(length, [share for share, _what in form.parts])
    lines = [
        _("%(minutes)s min: %(what)s", minutes=n, what=what)
        for n, (_share, what) in zip(minutes, form.parts, strict=True)
    ]
    return "\n".join([str(form.name), *[f"- {line}" for line in lines]])
