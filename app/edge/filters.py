"""How templates say days, times, places and states."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import nh3
from flask import Flask, g
from flask_babel import gettext, ngettext
from jinja2.ext import Extension
from markdown_it import MarkdownIt
from markupsafe import Markup

from app.attendance import sentences
from app.clock import now
from app.closing.models import Stay
from app.letters.layout import LEGAL, legal_kinds
from app.meetings import phrases, turn_checklist
from app.meetings.models import Meeting
from app.networks.models import Network
from app.networks.network_year import shared_name, year_to_plan
from app.networks.queries import roles_of
from app.portfolio.queries import Need
from app.swaps.queries import can_be_undone, not_mailed
from app.topics.models import Topic

# An address that is no link of Markdown yet.
BARE = re.compile(r"(?<![<\[\"'=\w/])(?<!\]\()https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?*_\"']")
TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "h3", "h4", "a", "blockquote", "code", "hr"}


class Unindented(Extension):
    """Leave out what indents a template and the lines of its own tags: they help a reader, and weigh half a page."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not (name and name.endswith(".html")):
            return source
        source = re.sub(r"^\{#[^\n]*#\}\n", "", re.sub(r"\n[ ]+", "\n", source), flags=re.MULTILINE)
        return re.sub(r"\n+(?=\{%(?!-)(?:(?!%\}).)*(?<!-)%\}\n)", "", source)


def start(app: Flask) -> None:
    """Give the templates their filters and the menu."""
    app.jinja_env.add_extension(Unindented)
    app.jinja_env.filters.update(
        day=phrases.day,
        due=phrases.due,
        full_day=phrases.full_day,
        clock=phrases.clock,
        hours=phrases.hours,
        route=phrases.route,
        week=phrases.week,
        mode=phrases.mode,
        turns=phrases.turns,
        standing=phrases.standing,
        place=phrases.place,
        state=state,
        stay=stay,
        need=need,
        absence=phrases.absence,
        decimal=phrases.decimal,
        checklist=turn_checklist.lines,
        coming=sentences.coming,
        in_short=sentences.in_short,
        wall=wall,
        can_be_undone=can_be_undone,
        not_mailed=not_mailed,
        markdown=markdown,
        plain=plain,
        legal_kind=LEGAL.__getitem__,
        topic_kind=topic_kind,
        asker=asker,
    )

    said = {"menu": menu, "next_year": next_year, "year_name": year_name, "legal_kinds": legal_kinds}
    app.context_processor(lambda: said)


def menu() -> list[tuple[str, str]]:
    """What stands at the top of every page of whoever is signed in."""
    own = [
        ("portfolio.mine", gettext("My meetings")),
        ("calendars.mine", gettext("Calendar")),
        ("people.preferences", gettext("Preferences")),
    ]
    if roles_of(g.person) or g.person.site_admin:
        return [("portfolio.start", gettext("Networks")), ("mail.outbox", gettext("Outbox")), *own]
    return own


def next_year(networks: Iterable[Network]) -> int:
    """The year that these networks, or most of them, plan now."""
    at = now().date()
    found = Counter(network.year_to_plan(at) for network in networks) or {year_to_plan(at, 1): 1}
    return max(found, key=lambda year: (found[year], -year))


def year_name(year: int, networks: Iterable[Network]) -> str:
    return shared_name(year, [network.year_begins for network in networks])


def state(value: str) -> str:
    words_for = {
        "idea": gettext("idea"),
        "forming": gettext("in formation"),
        "active": gettext("active"),
        "resting": gettext("paused"),
        "ended": gettext("ended"),
    }
    return words_for[value]


def stay(value: Stay) -> str:
    """What an organisation said of the year to come."""
    words_for = {"stay": gettext("stays"), "leave": gettext("leaves"), "unsure": gettext("not sure yet")}
    return words_for.get(value.answer or "", gettext("has not said yet"))


def need(value: Need) -> str:
    """One sentence for what needs the manager."""
    day = phrases.day(value.meeting.local_start) if value.meeting else ""
    who = value.duty.organisation.short if value.duty else ""
    until = phrases.day(value.until) if value.until else ""
    away = value.organisation.short if value.organisation else ""
    sentences = {
        **_of_a_year(value),
        "left_turn": gettext("%(who)s leaves and still has the turn of %(day)s", who=who, day=day),
        "silent": ngettext(
            "one person has not said about %(day)s", "%(num)s people have not said about %(day)s", value.count, day=day
        ),
        "round": ngettext(
            "%(num)s of %(all)s has answered the date round, until %(day)s",
            "%(num)s of %(all)s have answered the date round, until %(day)s",
            value.count,
            all=value.of,
            day=until,
        ),
        **_of_a_network(value),
        "handed_back": gettext("the turn of %(day)s is given back", day=day),
        "no_host_word": gettext("the host has not confirmed %(day)s", day=day),
        "no_topic": gettext("no topic yet for %(day)s", day=day),
        "no_notes": gettext("the notes of %(day)s are missing", day=day),
        "overdue": ngettext(
            "one agreement is open after its day", "%(num)s agreements are open after their day", value.count
        ),
        "pulse_falls": gettext("below 3 of 5 at the last two meetings"),
        "nobody_came": gettext("nobody of %(who)s came three times", who=away),
        "failed_mail": ngettext("one mail did not arrive", "%(num)s mails did not arrive", value.count),
    }
    return sentences[value.what]


def _of_a_network(value: Need) -> dict[str, str]:
    """What a network needs to begin, to go on or to stop."""
    return {
        "ready": ngettext(
            "%(num)s organisation takes part: as many as wanted",
            "%(num)s organisations take part: as many as wanted",
            value.count,
        ),
        "requests": ngettext("one organisation asks to join", "%(num)s organisations ask to join", value.count),
        "no_region": gettext("no region chosen, so no holidays known"),
        "no_members": gettext("no organisations yet"),
        "still_ahead": ngettext(
            "%(state)s, but one meeting still stands in everybody’s calendar",
            "%(state)s, but %(num)s meetings still stand in everybody’s calendar",
            value.count,
            state=state(value.network.state),
        ),
        "no_manager": ngettext(
            "nobody is named as its manager",
            "%(num)s networks: nobody is named as their manager",
            len(value.networks) or 1,
        ),
    }


def _of_a_year(value: Need) -> dict[str, str]:
    """What a year needs, of one network or of several that need the same."""
    networks = value.networks or (value.network,)
    count, year = len(networks), year_name(value.year, networks)
    return {
        "plan": ngettext(
            "%(year)s is not planned yet", "%(num)s networks: %(year)s is not planned yet", count, year=year
        ),
        "publish": ngettext(
            "the draft of %(year)s waits to be published",
            "%(num)s networks: the draft of %(year)s waits to be published",
            count,
            year=year,
        ),
        "close": ngettext(
            "%(year)s is over: close it", "%(num)s networks: %(year)s is over: close it", count, year=year
        ),
        "who_stays": ngettext("who stays in %(year)s?", "%(num)s networks: who stays in %(year)s?", count, year=year),
        "staying": ngettext(
            "%(num)s of %(all)s has said whether it stays in %(year)s",
            "%(num)s of %(all)s have said whether they stay in %(year)s",
            value.count,
            all=value.of,
            year=year,
        ),
        "impossible": ngettext(
            "%(year)s cannot be planned as asked",
            "%(num)s networks: %(year)s cannot be planned as asked",
            count,
            year=year,
        ),
    }


def topic_kind(value: str) -> str:
    words_for = {
        "theme": gettext("Topic"),
        "question": gettext("Question"),
        "dilemma": gettext("Dilemma"),
        "example": gettext("Example"),
        "offer": gettext("Offer"),
    }
    return words_for[value]


def asker(topic: Topic) -> str:
    """Who put a topic, for which organisation; somebody who is not named stays so on every page."""
    if topic.unnamed:
        return gettext("somebody who is not named")
    names = (topic.person and topic.person.name, topic.organisation and topic.organisation.name)
    return ", ".join(name for name in names if name)


def wall(value: datetime, meeting: Meeting) -> str:
    """The time of an instant on the wall of a meeting's network."""
    return value.astimezone(meeting.network.zone).strftime("%H:%M")


def markdown(text: str) -> Markup:
    """A text as people typed it; html in it is text, an address a link."""
    linked = text if "`" in text else BARE.sub(r"<\g<0>>", text)
    html = MarkdownIt("commonmark", {"html": False, "breaks": True}).render(linked)
    clean = nh3.clean(html, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return Markup(clean)  # noqa: S704  nh3 is what makes it safe


def plain(text: str) -> str:
    """The beginning of a text, without what makes it look good: for search engines and previews of links."""
    return " ".join(markdown(text).striptags().split())[:200]
