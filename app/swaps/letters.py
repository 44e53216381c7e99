"""The mails of swaps: asked (S1), answered or taken back (S2), nobody found (S3)."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.edge.web import absolute
from app.extensions import db
from app.letters.layout import Frame, Item, Section, addressee, personal_link, recipient, speaking, write
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.meetings.letters import where
from app.meetings.models import Meeting
from app.meetings.phrases import clock
from app.networks.letters import frame, full_day, short_day
from app.networks.queries import manages, sits_for
from app.people.models import Person
from app.swaps.models import Swap, SwapOffer
from app.swaps.queries import by_manager, not_mailed
from app.text import by_name


def _swap_of(message: Message) -> Swap:
    return db.session.get_one(Swap, message.params["swap_id"])


def _asked(message: Message) -> list[SwapOffer]:
    """What the organisation was asked and has not answered."""
    asked = [o for o in _swap_of(message).offers if o.organisation_id == message.params["organisation_id"]]
    return [offer for offer in asked if offer.answer is None]


def _ask_true(message: Message, now: datetime) -> bool:
    swap, person = _swap_of(message), recipient(message)
    if person is None or swap.state(now) != "open" or swap.duty is None or not _asked(message):
        return False
    own = message.params["organisation_id"]
    return swap.meeting.starts_at > now and sits_for(person, swap.network, own, swap.meeting.day)


def _ask(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, swap, offers = addressee(message), _swap_of(message), _asked(message)
    with speaking(person):
        manager = by_manager(swap)
        asker = manager.name if manager else swap.organisation.name
        dates = [offer.meeting for offer in offers if offer.meeting]
        section = Section(
            sentences=[_question(swap), *([_("They write: %(words)s", words=swap.words)] if swap.words else [])],
            facts=[(_("Their turn"), _line(swap.meeting)), *((_("Yours"), _line(each)) for each in dates)],
            list_title=_("What it means:"),
            items=[Item(text) for text in effects(swap, offers)],
            button=(_("Look and answer"), _page(swap)),
            closing=[_("Until %(day)s; after that the manager looks for a solution.", day=full_day(_until(swap)))],
        )
        return write(
            person, _subject(swap, dates), [section], _frame(swap), [message.note or None, *_again(message, asker)]
        )


def _again(message: Message, asker: str) -> list[str]:
    second = message.key.split("-")[3] == "2"
    return [_("%(organisation)s still waits for your answer.", organisation=asker)] if second else []


def _question(swap: Swap) -> str:
    about = {"organisation": swap.organisation.name, "d": full_day(swap.meeting.day)}
    if manager := by_manager(swap):
        about["name"] = manager.name
        if swap.kind == "host":
            return _("%(name)s asks whether you can host the meeting of %(d)s. %(organisation)s cannot.", **about)
        return _("%(name)s asks whether you can prepare the meeting of %(d)s. %(organisation)s cannot.", **about)
    if swap.kind == "host":
        return _("%(organisation)s asks whether you can host the meeting of %(d)s instead.", **about)
    return _("%(organisation)s asks whether you can prepare the meeting of %(d)s instead.", **about)


def effects(swap: Swap, offers: Sequence[SwapOffer]) -> list[str]:
    """What saying yes means for the balance."""
    out = []
    if any(offer.meeting for offer in offers):
        out.append(_("Swap: each does the other's turn, so nobody owes more than before."))
    if any(offer.meeting is None for offer in offers):
        asker = swap.organisation.name
        out.append(
            _("Take it over: it counts as a turn you have done; %(organisation)s keeps owing one.", organisation=asker)
        )
    return out


def _line(meeting: Meeting) -> str:
    return f"{full_day(meeting.day)}, {clock(meeting.local_start)} – {where(meeting)}"


def _until(swap: Swap) -> datetime:
    return swap.expires_at.astimezone(swap.network.zone)


def _page(swap: Swap) -> str:
    return personal_link("portfolio.personal", "portfolio.mine", _anchor=f"swap-{swap.id}")


def _subject(swap: Swap, dates: Sequence[Meeting]) -> str:
    about = {"organisation": swap.organisation.name, "d1": short_day(swap.meeting.day)}
    if by_manager(swap):
        if swap.kind == "host":
            return _("Can you host on %(d1)s in place of %(organisation)s?", **about)
        return _("Can you prepare %(d1)s in place of %(organisation)s?", **about)
    if len(dates) == 1:
        d2 = short_day(dates[0].day)
        return _("%(organisation)s would like to swap %(d1)s for %(d2)s with you", **about, d2=d2)
    if dates:
        return _("%(organisation)s would like to swap %(d1)s with you", **about)
    return _("%(organisation)s asks you to take over %(d1)s", **about)


def _frame(swap: Swap) -> Frame:
    why = _("You get this mail because your organisation has turns in %(network)s.", network=swap.network.name)
    return frame(swap.network, why)


def _news_true(message: Message, now: datetime) -> bool:
    """What it says is still what became of the request."""
    swap = _swap_of(message)
    return recipient(message) is not None and swap.outcome == message.params["what"] and swap.meeting.ends_at > now


def _news(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, swap, what = addressee(message), _swap_of(message), message.params["what"]
    with speaking(person):
        subject, sentences = _both_hear(swap, person) if what in ("accepted", "undone") else _closed(swap, what)
        section = Section(
            sentences=sentences,
            facts=_turns_now(swap) if what in ("accepted", "undone") else [],
            button=(_("Look at my turns"), _page(swap)),
            closing=[_("The calendar you subscribed to follows by itself.")] if what in ("accepted", "undone") else [],
        )
        return write(person, subject, [section], _frame(swap), [message.note])


def _both_hear(swap: Swap, person: Person) -> tuple[str, list[str]]:
    """What an agreed or undone swap means for the organisation of this person."""
    offer = swap.accepted
    assert offer is not None, "both hear of what was accepted"
    if manages(person, swap.network) and not sits_for(person, swap.network, offer.organisation_id, swap.meeting.day):
        return _manager_hears(swap, offer)
    asker = sits_for(person, swap.network, swap.organisation_id, swap.meeting.day)
    undone = swap.outcome == "undone"
    if undone:
        own = swap.meeting if asker else offer.meeting
        said = _back(swap, offer)
        if own is None:
            return _("Undone: %(d)s is not your turn any more", d=short_day(swap.meeting.day)), [said]
        return _("Swap undone: your turn is %(d)s again", d=short_day(own.day)), [said]
    own = offer.meeting if asker else swap.meeting
    if own is None:
        about = {"organisation": offer.organisation.name, "d": short_day(swap.meeting.day)}
        said = _("%(organisation)s does your turn. You keep owing one for a later meeting.", **about)
        return _("%(organisation)s takes over %(d)s", **about), [said]
    said = _("You have agreed. These are the turns now:")
    return _("Swap agreed: your turn is now %(d)s", d=short_day(own.day)), [said]


def _manager_hears(swap: Swap, offer: SwapOffer) -> tuple[str, list[str]]:
    """What became of a request that the manager made in place of an organisation."""
    about = {"organisation": offer.organisation.name, "d": short_day(swap.meeting.day)}
    if swap.outcome == "undone":
        said = _back(swap, offer)
        return _("%(organisation)s does not take over %(d)s any more", **about), [said]
    said = _("%(organisation)s said yes. Everybody concerned is told.", **about)
    return _("%(organisation)s takes over %(d)s", **about), [said]


def _back(swap: Swap, offer: SwapOffer) -> str:
    """What being undone means: of a turn taken over there is only one to go back."""
    if offer.meeting:
        return _("The swap is undone. Both turns are where they were.")
    return _("It is undone: the turn is back with %(organisation)s.", organisation=swap.organisation.name)


def _turns_now(swap: Swap) -> list[tuple[str, str]]:
    offer = swap.accepted
    lines = [(swap.meeting, swap.organisation if swap.outcome == "undone" else offer.organisation if offer else None)]
    if offer and offer.meeting:
        lines.append((offer.meeting, offer.organisation if swap.outcome == "undone" else swap.organisation))
    return [(full_day(meeting.day), organisation.name) for meeting, organisation in lines if organisation]


def _closed(swap: Swap, what: str) -> tuple[str, list[str]]:
    about = {"organisation": swap.organisation.name, "d": short_day(swap.meeting.day)}
    if what == "withdrawn":
        subject = _("%(organisation)s does not need to swap %(d)s any more", **about)
        return subject, [_("The request is withdrawn. You need not do anything.")]
    subject = _("Nobody can swap %(d)s with you", d=about["d"])
    return subject, [_("Everybody you asked said no. The turn is still yours; the manager knows.")]


def _unanswered_true(message: Message, now: datetime) -> bool:
    swap, person = _swap_of(message), recipient(message)
    if person is None or swap.duty is None or swap.meeting.starts_at <= now or swap.meeting.cancelled:
        return False
    return swap.state(now) == message.params["what"] and manages(person, swap.network)


def _unanswered(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, swap = addressee(message), _swap_of(message)
    duty = swap.duty
    assert duty is not None, "still_true comes before render"
    with speaking(person):
        about = {"organisation": swap.organisation.name, "d": short_day(swap.meeting.day)}
        silent = not_mailed(swap)
        said = {f"{o.organisation.name}: {_answer(o, o.organisation in silent)}" for o in swap.offers}
        asked = sorted(said, key=by_name)
        section = Section(
            sentences=[_nobody(swap)],
            facts=[(_("Turn"), _line(swap.meeting))],
            list_title=_("Asked:"),
            items=[Item(line) for line in asked],
            button=(_("Find somebody else"), absolute("publishing.repair", slug=swap.network.slug, number=duty.id)),
        )
        why = _("You get this mail because you manage %(network)s.", network=swap.network.name)
        subject = _("%(organisation)s found nobody to swap %(d)s with", **about)
        if by_manager(swap):
            subject = _("Nobody takes over %(d)s from %(organisation)s", **about)
        return write(person, subject, [section], frame(swap.network, why, answered=False), [message.note])


def _nobody(swap: Swap) -> str:
    about = {"organisation": swap.organisation.name}
    if by_manager(swap):
        return _("Nobody you asked takes over the turn of %(organisation)s.", **about)
    return _("%(organisation)s cannot do its turn and found nobody to swap with.", **about)


def _answer(offer: SwapOffer, silent: bool) -> str:
    if offer.answer == "declined":
        return _("said no")
    return _("got no mail, no address is known") if silent else _("did not answer")


KINDS = {"S1": Kind(_ask_true, _ask), "S2": Kind(_news_true, _news), "S3": Kind(_unanswered_true, _unanswered)}
