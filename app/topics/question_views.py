"""One topic: what others know about it, its answer, and what its author and a manager may do."""

from flask import abort, g
from flask_babel import gettext as _

from app.clock import now, today
from app.edge import web
from app.networks import access
from app.networks.models import Network
from app.networks.queries import current_membership
from app.people.models import Person
from app.topics import actions, queries
from app.topics.forms import AnswerForm, HideForm, ReplyForm, TextForm
from app.topics.models import MAY_EDIT, Reply, Topic
from app.topics.views import Answer, done, manages, pages, sits

TOPIC, REPLY = "/topics/<int:number>", "/topics/replies/<int:number>"


def _topic(person: Person, network: Network, number: int) -> Topic:
    """A topic of this network, or one that another of the programme asks all; hidden ones only for their author and
    managers."""
    topic = queries.shared_with(network, number) or access.within(network, Topic, number)
    if topic.state == "hidden" and not (topic.person_id == person.id or _moderates(person, network, topic)):
        abort(404)
    return topic


def _moderates(person: Person, network: Network, topic: Topic) -> bool:
    return topic.network_id == network.id and manages(person, network)


def _own(person: Person, network: Network, number: int) -> Topic:
    topic = access.within(network, Topic, number)
    return topic if topic.person_id == person.id else abort(404)


def _reply(person: Person, network: Network, number: int) -> Reply:
    """An answer that stands where the person may read it."""
    row = queries.reply_numbered(number) or abort(404)
    _topic(person, network, row.topic_id)
    return row


def _own_reply(person: Person, network: Network, number: int) -> Reply:
    row = _reply(person, network, number)
    return row if row.person_id == person.id else abort(404)


def _page(person: Person, network: Network, topic: Topic, **forms: object) -> Answer:
    day, at, author = today(topic.network.timezone), now(), topic.person_id == person.id
    rows = queries.replies_to(topic)
    given = {
        "form": ReplyForm(formdata=None).fitting(topic.choices),
        "answer_form": AnswerForm(formdata=None, answer=topic.answer),
        "text_form": TextForm(formdata=None, obj=topic, prefix="own"),
        "hide_form": HideForm(formdata=None),
    } | forms
    return web.page(
        "topics/topic.html",
        422 if forms else 200,
        network=network,
        person=person,
        topic=topic,
        people=queries.people_to(topic, day),
        matters=queries.wish_of(topic, person) is not None,
        replies=[row for row in rows if row.choice is None],
        compared=sorted((row for row in rows if row.choice is not None), key=queries.by_organisation),
        takes_part=sits(person, network),
        home=topic.network_id == network.id,
        author=author,
        moderates=_moderates(person, network, topic),
        editable=lambda row: row.person_id == person.id and at < row.created_at + MAY_EDIT,
        releases=topic.meeting is not None and topic.meeting.ahead(at) and _chooses(person, network, topic),
        **given,
    )


def _chooses(person: Person, network: Network, topic: Topic) -> bool:
    if topic.network_id != network.id:
        return False
    return topic.meeting in queries.to_choose_for(person, network, now(), manages=manages(person, network))


@access.own_network(pages, TOPIC, methods=["GET"])
def topic(person: Person, network: Network, number: int) -> Answer:
    return _page(person, network, _topic(person, network, number))


@access.own_network(pages, f"{TOPIC}/replies", methods=["POST"])
def reply(person: Person, network: Network, number: int) -> Answer:
    row, membership = _topic(person, network, number), current_membership(person, network, today(network.timezone))
    if membership is None and not _moderates(person, network, row):
        abort(404)
    form = ReplyForm().fitting(row.choices if membership else [])
    if not form.validate():
        return _page(person, network, row, form=form)
    organisation = membership.organisation_id if membership else None
    choice = form.choice.data if form.choice else None
    actions.reply(row, person, organisation, now(), text=form.text.data or "", choice=choice)
    return done(network, _("Thank you. Your answer stands below the question."), row.id)


@access.own_network(pages, f"{TOPIC}/text", methods=["POST"])
def edit(person: Person, network: Network, number: int) -> Answer:
    row, form = _own(person, network, number), TextForm(prefix="own")
    if not form.validate():
        return _page(person, network, row, text_form=form)
    actions.edit(row, {"title": form.title.data, "why": form.why.data or ""}, now())
    return done(network, _("Saved."), row.id)


@access.own_network(pages, f"{TOPIC}/closing", methods=["POST"])
def close(person: Person, network: Network, number: int) -> Answer:
    row, form = access.within(network, Topic, number), AnswerForm()
    if row.person_id != person.id and not manages(person, network):
        abort(404)
    if not form.validate():
        return _page(person, network, row, answer_form=form)
    actions.close(row, form.answer.data or "", now())
    return done(network, _("Closed. It stays to be found."), row.id)


@access.own_network(pages, f"{TOPIC}/reopening", methods=["POST"])
def reopen(person: Person, network: Network, number: int) -> Answer:
    row = access.within(network, Topic, number)
    if row.person_id != person.id and not manages(person, network):
        abort(404)
    actions.reopen(row, now())
    return done(network, _("Open again."), row.id)


@access.own_network(pages, f"{TOPIC}/withdrawal", methods=["POST"])
def withdraw(person: Person, network: Network, number: int) -> Answer:
    actions.withdraw(_own(person, network, number), now())
    return done(network, _("Taken back. Nobody reads it any more."))


@pages.post(f"/networks/<slug>{TOPIC}/hiding")
@access.network_manager
def hide(network: Network, number: int) -> Answer:
    row, form = access.within(network, Topic, number), HideForm()
    if not form.validate():
        return _page(g.person, network, row, hide_form=form)
    actions.hide(row, form.reason.data, now())
    return done(network, _("Hidden. Its author and the managers still see it, and why."), row.id)


@pages.post(f"/networks/<slug>{TOPIC}/showing")
@access.network_manager
def unhide(network: Network, number: int) -> Answer:
    row = access.within(network, Topic, number)
    actions.show(row, now())
    return done(network, _("Everybody sees it again."), row.id)


@access.own_network(pages, f"{REPLY}/text", methods=["POST"])
def edit_reply(person: Person, network: Network, number: int) -> Answer:
    row, form = _own_reply(person, network, number), ReplyForm().fitting([])
    if not form.validate():
        return _page(person, network, row.topic, form=form)
    actions.edit_reply(row, form.text.data, now())
    return done(network, _("Saved."), row.topic_id)


@access.own_network(pages, f"{REPLY}/withdrawal", methods=["POST"])
def withdraw_reply(person: Person, network: Network, number: int) -> Answer:
    row = _own_reply(person, network, number)
    about = row.topic_id
    actions.withdraw_reply(row, now())
    return done(network, _("Your answer is taken back."), about)


def _moderated(network: Network, number: int) -> Reply:
    """An answer to a topic of the network: whose topic it is moderates it."""
    row = queries.reply_numbered(number) or abort(404)
    access.within(network, Topic, row.topic_id)
    return row


@pages.post(f"/networks/<slug>{REPLY}/hiding")
@access.network_manager
def hide_reply(network: Network, number: int) -> Answer:
    row, form = _moderated(network, number), HideForm()
    if not form.validate():
        return _page(g.person, network, row.topic, hide_form=form)
    actions.hide(row, form.reason.data, now())
    return done(network, _("Hidden. Its author and the managers still see it, and why."), row.topic_id)


@pages.post(f"/networks/<slug>{REPLY}/showing")
@access.network_manager
def unhide_reply(network: Network, number: int) -> Answer:
    row = _moderated(network, number)
    actions.show(row, now())
    return done(network, _("Everybody sees it again."), row.topic_id)
