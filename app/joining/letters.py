"""The mails about a request: confirm it (J1), it waits for you (J2, to managers), the answer (J3)."""

from collections.abc import Sequence
from datetime import datetime

from flask import has_request_context
from flask_babel import gettext as _

from app.edge.web import absolute
from app.joining import queries
from app.joining.links import token_of
from app.joining.models import CONFIRM_WITHIN, JoinRequest
from app.letters.layout import Frame, Section, Stranger, addressee, recipient, speaking, write, write_to_stranger
from app.mail.kind_of_mail import Kind, Letter
from app.mail.models import Message
from app.networks.letters import full_day
from app.people.models import Person


def _request(message: Message) -> JoinRequest | None:
    return queries.by_number(message.params["request_id"])


def _given(message: Message) -> JoinRequest:
    request = _request(message)
    assert request is not None, "still_true comes before render"
    return request


def _around(request: JoinRequest, why: str, answers: tuple[Person, ...] = ()) -> Frame:
    programme = request.programme
    sender = (programme.sender_name or programme.name, programme.sender_email) if programme.sender_email else None
    name = request.network.name if request.network else programme.name
    return Frame(why, name, sender, answers, role="manager")


def _unconfirmed(message: Message, now: datetime) -> bool:
    request = _request(message)
    return request is not None and request.state == "unconfirmed" and now - request.asked_at < CONFIRM_WITHIN


def _confirm(messages: Sequence[Message], now: datetime) -> Letter:
    """Nothing that a stranger typed stands in it: its reader may be somebody else."""
    message = messages[0]
    request = _given(message)
    stranger = Stranger("", request.email, request.language)
    with speaking(stranger):
        if request.network:
            said = _("Somebody asked with this address to take part in %(network)s.", network=request.network.name)
        else:
            said = _("Somebody asked with this address for a new network of %(name)s.", name=request.programme.name)
        section = Section(
            sentences=[said, _("Nobody sees it before you press the button. The link works for three days.")],
            button=(_("Look and confirm"), _own_page(request)),
            closing=[_("Did you not ask for this? Then you need not do anything.")],
        )
        around = _around(request, _("You get this mail because somebody typed your address on our page."))
        return write_to_stranger(stranger, _("Please confirm what you asked"), [section], around, [message.note])


def _own_page(request: JoinRequest) -> str:
    """In a request the letter is only looked at, by somebody else: no link of the stranger's then."""
    if has_request_context():
        return absolute("public.programme", programme=request.programme.slug)
    return absolute("joining.mine", asked=token_of(request), lang=request.language)


def _waits(message: Message, now: datetime) -> bool:
    request, person = _request(message), recipient(message)
    return request is not None and request.state == "open" and person in queries.deciding(request)


def _told(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    person, request = addressee(message), _given(message)
    with speaking(person):
        subject, page = _to_whom(request)
        said = {
            _("About"): request.subject,
            _("Organisation"): request.organisation,
            _("Town"): request.town,
            _("Name"): request.name,
            _("Address"): request.email,
            _("In their words"): request.words,
        }
        section = Section(
            sentences=[_("The address is confirmed. Take it in, let it wait or decline it.")],
            facts=[(name, value) for name, value in said.items() if value],
            button=(_("Look and answer"), page),
        )
        around = _around(request, _("You get this mail because you chose to hear of requests at once."))
        return write(person, subject, [section], around, [message.note])


def _to_whom(request: JoinRequest) -> tuple[str, str]:
    """What the mail to managers says first, and where it is answered."""
    network, who = request.network, request.organisation
    if network:
        subject = _("%(who)s asks to join %(network)s", who=who, network=network.name)
        return subject, absolute("joining.network", slug=network.slug)
    return _("%(who)s asks for a new network", who=who), absolute("joining.programme", programme=request.programme.slug)


def _answered(message: Message, now: datetime) -> bool:
    request = _request(message)
    return request is not None and request.state == message.params["said"]


def _answer(messages: Sequence[Message], now: datetime) -> Letter:
    message = messages[0]
    request = _given(message)
    stranger = Stranger(request.name, request.email, request.language)
    with speaking(stranger):
        subject, said = _outcome(request)
        section = Section(sentences=[*said, *([request.answer] if request.answer else [])])
        why = _("You get this mail because you asked to take part.")
        around = _around(request, why, tuple(queries.deciding(request)[:1]))
        return write_to_stranger(stranger, subject, [section], around, [message.note])


def _outcome(request: JoinRequest) -> tuple[str, list[str]]:
    """Subject and sentences of the answer."""
    about = request.network.name if request.network else request.programme.name
    if request.state == "accepted" and request.joined:
        said = _("%(who)s takes part from %(day)s.", who=request.organisation, day=full_day(request.joined))
        later = _("The dates come by mail as soon as they are there.")
        return _("You take part in %(network)s", network=about), [said, later]
    if request.state == "waiting":
        day = full_day(request.gone_at.date())
        said = _("There is no place just now. Your request is kept until %(day)s.", day=day)
        return _("Your request to %(network)s waits", network=about), [said]
    return _("Your request to %(network)s", network=about), [_("It is not possible to take you in.")]


KINDS = {"J1": Kind(_unconfirmed, _confirm), "J2": Kind(_waits, _told), "J3": Kind(_answered, _answer)}
