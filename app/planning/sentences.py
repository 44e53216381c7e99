"""The planner's codes as sentences: why a day, a host, a preparer; what clashes; what a change means."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.availability.queries import closed_days
from app.meetings import phrases
from app.meetings.balances import as_member
from app.meetings.row import Row, plain
from app.networks.models import Membership, Network
from app.planning.drafts import Clash, CostByHand, Draft, Move
from app.planning.instance import NOT_ASKED
from app.planning.turn_limit import turns_in
from app.planning.year_request import Wishes
from scheduling.model.plan import Reason, Simple
from scheduling.model.tiers import Tier

Params = Mapping[str, Simple]

NTH = {
    "1": _l("the first of the month"),
    "2": _l("the second of the month"),
    "3": _l("the third of the month"),
    "4": _l("the fourth of the month"),
    "last": _l("the last of the month"),
}

# What the manager asked for: as a clause of "these cannot all be so", and as the button that gives it up.
WISHES: dict[str, tuple[Any, Any]] = {
    "weekdays": (_l("only on the chosen weekdays"), _l("Allow Monday to Friday")),
    "no_repeat_host": (_l("no host twice in a row"), _l("Allow the same host twice in a row")),
    "no_repeat_preparer": (_l("no preparers twice in a row"), _l("Allow the same preparers twice in a row")),
    "host_not_preparer": (_l("the host does not prepare"), _l("Let the host prepare as well")),
    "max_turns": (_l("nobody with many more turns than the others"), _l("Allow any number of turns each")),
    "min_gap": (_l("the days between two meetings"), _l("Allow meetings close together")),
    "window": (_l("the months chosen"), _l("Allow another month for one meeting")),
    "quorum": (_l("the number of organisations that must be there"), _l("Meet with fewer organisations")),
    "in_person": (_l("the number of meetings in person"), _l("Allow any number of meetings in person")),
    "preparers_per_meeting": (_l("two organisations prepare"), _l("Let one organisation prepare")),
    "format": (_l("meeting in person"), _l("Hold one meeting online if needed")),
    "unavailable": (_l("the absences of %(organisation)s"), _l("Plan in spite of the absences of %(organisation)s")),
    "duties_from": (_l("no turn yet for %(organisation)s"), _l("Give %(organisation)s a turn from the start")),
    "manager": (_l("your own other meetings"), _l("Plan in spite of your other meetings")),
    "host_unavailable": (_l("the closed room of %(organisation)s"), _l("Count on the closed room of %(organisation)s")),
    "room": (_l("a room that holds everybody"), _l("Let every host hire a room that is big enough")),
    "one_per_day": (
        _l("one meeting a day for %(organisation)s"),
        _l("Let %(organisation)s come to two meetings on one day"),
    ),
    "max_per_day": (_l("one meeting a day for the manager"), _l("Allow two meetings a day for the manager")),
    "hosts": (_l("%(organisation)s does not host"), _l("Ask %(organisation)s to host")),
    "prepares": (_l("%(organisation)s does not prepare"), _l("Ask %(organisation)s to prepare")),
    "closed": (_l("holidays stay free"), _l("Allow holidays")),
    NOT_ASKED: (_l("only days of the date round"), _l("Allow days nobody was asked about")),
    "lock": (_l("what you fixed by hand"), _l("Let go of what was fixed by hand")),
}


def clash(found: Clash, network: Network, draft: Draft) -> str:
    """A rule that the draft breaks, with its day."""
    row = next((row for row in draft.rows if row.key == found.meeting), None)
    said = _rule(found.rule, row, network, draft)
    return f"{phrases.day(row.date)}: {said}" if row and row.date else said


def _rule(rule: str, row: Row | None, network: Network, draft: Draft) -> str:
    known = phrases.names(network)
    host = phrases.named(row.host, known) if row else ""
    preparers = phrases.named(row.preparers, known) if row else ""
    sentences = {
        "H1": _("the day lies outside the period you asked for"),
        "H2": _("this is not one of the weekdays you asked for"),
        "H3": _closed(row, network),
        "H4": _("you have another meeting that day"),
        "H5": _("this is too soon after the meeting before"),
        "H6": _("%(host)s cannot host: no room for everybody, no turn yet, or not willing", host=host),
        "H7": _("%(host)s cannot host that day", host=host),
        "H8": _("%(preparers)s cannot prepare this meeting", preparers=preparers),
        "H9": _("%(host)s would host twice in a row", host=host),
        "H10": _("%(preparers)s would prepare twice in a row", preparers=preparers),
        "H11": _("too few organisations can be there"),
        "H12": _("the number of meetings in person is not what you asked for"),
        "H14": _("an organisation is expected at two meetings that day"),
        "H15": _("%(names)s would have %(turns)s turns, more than you allow", **_most_turns(draft, known)),
    }
    return sentences.get(rule, _("a rule is broken"))


def _most_turns(draft: Draft, known: Mapping[int, str]) -> dict[str, Any]:
    turns = turns_in(draft.rows)
    most = max(turns.values(), default=0)
    return {"names": phrases.joined([known.get(o, "?") for o, n in turns.items() if n == most]), "turns": most}


def _closed(row: Row | None, network: Network) -> str:
    day = row.date if row else None
    if day and day not in closed_days(network, day, day).public:
        return _("nobody was asked about this day in the date round")
    return _("this is a holiday or closed day")


def wish(identifier: str, network: Network) -> str:
    """What the manager asked for, as a clause in "these cannot all be so"."""
    return _words(identifier, network)[0]


def relaxation(identifier: str, network: Network) -> str:
    """The same wish as the words on a button that gives it up."""
    return _words(identifier, network)[1]


def _words(identifier: str, network: Network) -> tuple[str, str]:
    kind, subject = _parts(identifier, network)
    clause, button = WISHES.get(kind, (kind, kind))
    asked_for = (network.wishes or {}).get("max_turns")
    if kind == "max_turns" and asked_for:
        clause = at_most(asked_for)
    return str(clause) % {"organisation": subject}, str(button) % {"organisation": subject}


def _parts(identifier: str, network: Network) -> tuple[str, str]:
    kind, _colon, rest = identifier.partition(":")
    number = rest.rpartition("/")[2] if "/" in rest else rest
    if number == NOT_ASKED:
        return NOT_ASKED, number
    known = phrases.names(network)
    return kind, known.get(int(number), number) if number.isdecimal() else number


def move(found: Move, known: Mapping[int, str]) -> str:
    """One field that the last proposal moved."""
    old, new = found.old, found.new
    if found.field == "date":
        return _("moved from %(old)s", old=phrases.day(old)) if isinstance(old, date) else ""
    if found.field == "mode":
        return _("was %(old)s", old=phrases.mode(str(old) if old else None))
    if found.field == "host":
        return _("host was %(old)s", old=phrases.named(old, known))
    if found.field == "preparers":
        return _("preparation was %(old)s", old=phrases.named(old, known))
    return _("was %(old)s, is now %(new)s", old=plain(old), new=plain(new))


def hosts_there_are(able: Mapping[str, str], need: int, meetings: int) -> str:
    """Who has a room for everybody, with when it is closed, and so how many different hosts there can be.

    Nothing where that is in nobody's way.
    """
    named = [f"{name} ({closed})" if closed else name for name, closed in able.items()]
    if len(named) >= meetings and not any(able.values()):
        return ""
    if not named:
        return _("Nobody has a room for all %(need)s people.", need=need)
    return ngettext(
        "Only %(names)s has a room for all %(need)s people, so all %(meetings)s meetings would be there.",
        "Only %(names)s have a room for all %(need)s people, so %(meetings)s meetings have %(num)s hosts at most.",
        len(named),
        names=phrases.joined(named),
        need=need,
        meetings=meetings,
    )


def why_no_host(member: Membership, need: int, day: date) -> str:
    """Why an organisation is not proposed as host; empty when it may be."""
    own = as_member(member)
    if not own.hosts:
        return _("does not host")
    if not own.room:
        return _("no room known")
    if not own.can_host(need):
        return ngettext("one place for %(need)s people", "%(num)s places for %(need)s people", own.room, need=need)
    return "" if own.has_turn(day) else _("no turn yet")


def why_no_preparer(member: Membership) -> str:
    return "" if as_member(member).prepares else _("does not prepare")


def away() -> str:
    return _("away that day")


def been() -> str:
    return _("has been")


def in_short(found: Reason, turns: int, none_last_year: bool, known: Mapping[int, str]) -> str:
    """Why somebody has a turn, in at most twelve words; `turns`: how many of the kind in this year, this one too."""
    why = found.code.partition("_")[2]
    ahead = _name(found.params.get("ahead"), known)
    if why == "most_owed" and turns > 1:
        return _("turn %(n)s this year: nobody else is owed one here", n=turns)
    if why in ("most_owed", "fair_in_all", "others_have_turns") and none_last_year:
        return _("catches up: had none last year")
    sentences = {
        "locked": _("you fixed this"),
        "published": _("already announced"),
        "only_room": _("the only one with a room for everybody"),
        "only_one": _("the only one who can"),
        "others_absent": _("nobody else can that day"),
        "most_owed": _("is next in turn"),
        "others_have_turns": _("%(ahead)s, owed more, comes at another meeting", ahead=ahead),
        "not_twice": _("%(ahead)s cannot here, or would be twice in a row", ahead=ahead),
        "fair_in_all": _("the fairest choice over the whole year"),
    }
    return sentences.get(why, "")


def at_most(turns: int) -> str:
    return ngettext("at most one turn each", "at most %(num)s turns each", turns)


def asked(wishes: Wishes, month_names: Sequence[str]) -> str:
    """What was asked of a year, in one line: "6 meetings, Tuesday or Thursday, 13:30–16:30, in person"."""
    end = datetime.combine(date.min, wishes.start) + timedelta(minutes=wishes.minutes)
    weekdays = [str(format_date(date(2027, 2, 1 + n), "EEEE")) for n in wishes.weekdays]  # the first is a Monday
    nth = NTH[wishes.nth] if wishes.nth else ""
    months = [month_names[n - 1] for n in wishes.months]
    parts = [
        ngettext("one meeting", "%(num)s meetings", wishes.number),
        _(" or ").join(weekdays),
        str(nth),
        _("%(time)s", time=f"{wishes.start:%H:%M}–{end:%H:%M}"),
        _("in person and online in turn") if wishes.mode == "mixed" else phrases.mode(wishes.mode),
        phrases.joined(months),
        at_most(wishes.max_turns) if wishes.max_turns else "",
    ]
    return ", ".join(part for part in parts if part)


def sentence(found: Reason, known: Mapping[int, str]) -> str:
    """One sentence for a reason or warning of the planner; `known` names the organisations by id."""
    code, params = found.code, found.params
    who = _name(params.get("organisation"), known)
    names = phrases.joined([_name(each, known) for each in _several(params.get("organisations"))])
    found_here = _date_reason(code, params, names) or _warning(code, params, names) or _region_reason(code, who)
    return found_here or _turn_reason(code, params, who, known)


def _name(organisation: Simple, known: Mapping[int, str]) -> str:
    return known.get(int(str(organisation)), "?") if organisation is not None else ""


def _several(value: Simple) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _date_reason(code: str, params: Params, names: str) -> str:
    if code == "date_fits_the_others":
        other = phrases.day(str(params["other_date"]))
        return _(
            "%(names)s cannot come; %(other)s would suit more people but not the other meetings.",
            names=names,
            other=other,
        )
    sentences = {
        "date_locked": _("You fixed this day."),
        "date_published": _("People have this day in their calendars."),
        "date_only_day": _("The only open day in this period."),
        "date_all_present": _("Nobody is known to be away that day."),
        "date_fewest_absent": _("Only %(names)s cannot come; no other day suits more.", names=names),
        "date_weekday_wish": _("Nobody is known to be away, and it is the weekday you prefer."),
        "date_spacing": _("Nobody is known to be away, and it is well spaced."),
    }
    return sentences.get(code, "")


def _warning(code: str, params: Params, names: str) -> str:
    if code == "absent":
        return _("%(names)s cannot come.", names=names)
    if code == "school_holiday":
        count = len(_several(params["organisations"]))
        return ngettext("School holiday for one organisation.", "School holiday for %(num)s organisations.", count)
    if code == "known_until":
        until = date.fromisoformat(str(params["until"]))
        return _("School holidays are known only until %(day)s.", day=phrases.full_day(until))
    if code == "without_room":
        return _("No room for everybody, so no turn as host: %(names)s.", names=names)
    if code == "person_elsewhere":
        return _(
            "%(names)s: the same person is expected in %(network)s that day.", names=names, network=params["network"]
        )
    if code == "organisation_elsewhere":
        return _("%(names)s: that day also in %(network)s.", names=names, network=params["network"])
    return ""


def _region_reason(code: str, before: str) -> str:
    sentences = {
        "region_other": _("Another region than the meeting before, at %(before)s, as you wished.", before=before),
        "region_again": _(
            "The same region as the meeting before, at %(before)s: exchanging two hosts would cost something.",
            before=before,
        ),
    }
    return sentences.get(code, "")


def _turn_reason(code: str, params: Params, who: str, known: Mapping[int, str]) -> str:
    duty, _underscore, why = code.partition("_")
    role = _("host") if duty == "host" else _("preparation")
    given = {"role": role, "who": who}
    owed = phrases.turns(str(params.get("balance", 0)))
    ahead = _name(params.get("ahead"), known)
    sentences = {
        "locked": _("%(who)s (%(role)s): you fixed this.", **given),
        "published": _("%(who)s (%(role)s): already announced.", **given),
        "only_room": _("%(who)s (%(role)s): the only one with a room for everybody.", **given),
        "only_one": _("%(who)s (%(role)s): the only one who can.", **given),
        "others_absent": _("%(who)s (%(role)s): nobody else can that day.", **given),
        "most_owed": _("%(who)s (%(role)s): next in turn, %(balance)s.", balance=owed, **given),
        "others_have_turns": _(
            "%(who)s (%(role)s): %(balance)s; %(ahead)s comes at another meeting.", balance=owed, ahead=ahead, **given
        ),
        "not_twice": _("%(who)s (%(role)s): %(ahead)s cannot here, or would be twice in a row.", ahead=ahead, **given),
        "fair_in_all": _("%(who)s (%(role)s): the fairest choice over the whole year.", **given),
    }
    return f"{sentences.get(why, '')} {_otherwise(params, known)}".strip()


def cost(found: CostByHand, known: Mapping[int, str]) -> str:
    """What the last change by hand costs, and whom."""
    who, fairness = known.get(found.who or 0, ""), _("it is less fair")
    if found.turns > 0:
        fairness = _("it is less fair: %(who)s ends further from its share", who=who)
    parts = {
        Tier.ATTENDANCE: _("fewer people can come"),
        Tier.UNFAIRNESS: fairness,
        Tier.PREFERENCE: _("it goes against a wish"),
        Tier.SPACING: _("the meetings are less well spread"),
    }
    said = [part for tier, part in parts.items() if found.worse[tier] > 0]
    return (
        _("Your change costs this: %(parts)s.", parts=phrases.joined(said)) if said else _("Your change costs nothing.")
    )


def _otherwise(params: Params, known: Mapping[int, str]) -> str:
    """Who would come instead, and what that would cost."""
    if params.get("next") is None:
        return ""
    costs = {
        "None": _("just as good"),
        "stability": _("changes what people know"),
        "attendance": _("fewer people could come"),
        "unfairness": _("less fair"),
        "preference": _("against a wish"),
        "spacing": _("less well spread"),
    }
    return _("Otherwise %(next)s: %(cost)s.", next=_name(params["next"], known), cost=costs[str(params["next_tier"])])
