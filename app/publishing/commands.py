"""`toerbeurt cycle`, `meeting` and `duty`: a year from the command line."""

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask_babel import force_locale

from app.clock import now
from app.commands.progress import say, shown
from app.errors import BadRequest
from app.extensions import db
from app.jobs import actions as jobs
from app.jobs.models import Job
from app.jobs.running import begun, run
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import cycle_of, meeting_on
from app.meetings.row import Edit
from app.meetings.year_begins import begin_year_in
from app.networks.models import Network
from app.networks.queries import network_by_slug, programme_by_name
from app.planning import actions, drafts, instance, sentences
from app.planning.drafts import Draft
from app.planning.job import PLAN_ALL
from app.publishing import actions as publishing
from app.publishing.reassigning import reassign

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _network(slug: str) -> Network:
    network = network_by_slug(slug)
    if network is None:
        raise BadRequest(f"There is no network {slug}.")
    return network


def _cycle(slug: str, year: int) -> Cycle:
    cycle = cycle_of(_network(slug), year)
    if cycle is None:
        raise BadRequest(f"{slug} has no plan for {year}.")
    return cycle


def plan_cycle(network: str, year: int, output: Path | None, **given: Any) -> None:
    """A draft for NETWORK in YEAR; exit 3 names what clashes."""
    found = _network(network)
    if given["begins"]:
        begin_year_in(found, given["begins"], now())
    wishes = replace(actions.wishes_for(found, year), **_wishes(given))
    opened = actions.open_year(found, year)
    draft = actions.propose(opened, wishes, now())
    db.session.commit()
    if output is not None:
        output.write_text(json.dumps(_plan_json(opened, draft), indent=1) + "\n", encoding="utf-8")
    _report(found, draft)


def _wishes(given: dict[str, Any]) -> dict[str, Any]:
    """The options given, as fields of Wishes."""
    out: dict[str, Any] = {key: given[key] for key in ("nth", "minutes", "mode") if given[key] is not None}
    if given["most_turns"] is not None:
        out["max_turns"] = given["most_turns"]
    if given["meetings"]:
        out |= {"number": given["meetings"], "months": ()}
    if given["months"]:
        out["months"] = tuple(sorted(_numbers(given["months"])))
        out.setdefault("number", len(out["months"]))
    if given["weekday"]:
        names = [name.strip()[:3].lower() for name in given["weekday"].split(",")]
        if not set(names) <= set(WEEKDAYS):
            raise click.BadParameter("A weekday is one of mon, tue, wed, thu, fri, sat, sun.")
        out["weekdays"] = tuple(WEEKDAYS.index(name) for name in names)
    if given["start"]:
        out["start"] = given["start"].time()
    return out


def _numbers(text: str) -> set[int]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isdecimal() and 1 <= int(part) <= 12 for part in parts):
        raise click.BadParameter("Months are numbers from 1 to 12, like 2,4,6,9,11.")
    return {int(part) for part in parts}


def _plan_json(opened: Cycle, draft: Draft) -> dict[str, Any]:
    """The draft as `toerbeurt-plan/1`; organisations go by their names."""
    names = {m.organisation_id: m.organisation.name for m in opened.network.memberships}
    rows = [
        {
            "meeting": str(row.key),
            "date": row.date.isoformat() if row.date else None,
            "format": instance.FORMATS[row.mode or "in-person"],
            "host": names[row.host] if row.host else None,
            "preparers": [names[each] for each in row.preparers],
        }
        for row in draft.rows
        if not row.cancelled
    ]
    out: dict[str, Any] = {
        "format": "toerbeurt-plan/1",
        "instance": f"{opened.network.slug}-{opened.year}",
        "status": draft.status,
        "networks": {opened.network.slug: rows} if draft.status in drafts.PLANNED else {},
    }
    if draft.objective:
        objective, bound = list(map(str, draft.objective)), list(map(str, draft.bound))
        out |= {"objective": objective, "certificate": {"method": draft.method, "bound": bound}}
    if draft.status == "infeasible":
        out |= {"conflict": list(draft.conflict), "relax": list(draft.relax) or None, "relax_cost": draft.relax_cost}
    return out


def _report(network: Network, draft: Draft) -> None:
    """One line a meeting, or what clashes and what would help."""
    with force_locale(str(current_app.config["BABEL_DEFAULT_LOCALE"])):
        if draft.status not in drafts.PLANNED:
            click.echo("This year cannot be planned as asked. These clash:", err=True)
            for wish in draft.conflict:
                click.echo(f"  {sentences.wish(wish, network)} ({wish})", err=True)
            for wish in draft.relax:
                click.echo(f"It would help: {sentences.relaxation(wish, network)} ({wish})", err=True)
            sys.exit(3 if draft.status == "infeasible" else 4)
        known = {m.organisation_id: m.organisation.name for m in network.memberships}
        for row in draft.rows:
            host = known.get(row.host or 0, "online")
            preparers = ", ".join(known[each] for each in row.preparers)
            say(f"{row.date} {row.start:%H:%M} {host} | {preparers}", hang=len("2027-02-11 13:30 "))
    if draft.clashes:
        sys.exit(3)


def plan_all_cycles(programme: str, year: int, again: bool) -> None:
    """Drafts for all networks of PROGRAMME in YEAR, planned together; exit 3 when one is not possible as asked."""
    found = programme_by_name(programme)
    if found is None:
        raise BadRequest(f"There is no programme {programme}.")
    jobs.lose_silent(now())
    job = jobs.ask(PLAN_ALL, found, {"year": year, "again": again}, now())
    number = job.id
    if not begun(job):
        raise BadRequest("Other long work is under way; try again when it is done.")
    with shown(f"Planning {year}") as tell:
        run(number, tell)
    done = db.session.get_one(Job, number)
    for status, slugs in sorted(done.outcome.items()):
        say(f"{len(slugs)} {status}: {', '.join(slugs)}")
    if not set(done.outcome) <= set(drafts.PLANNED):
        sys.exit(3)


def publish_cycle(network: str, year: int) -> None:
    """Publish the draft of NETWORK for YEAR and write the mails."""
    found = _cycle(network, year)
    made = publishing.publish(found, now(), None)
    db.session.commit()
    click.echo(f"Published as version {made.number}." if made else "Nothing has changed, so nobody is mailed.")


def _meeting(slug: str, day: datetime) -> Meeting:
    found = meeting_on(_network(slug), day.date())
    if found is None or found.cancelled:
        raise BadRequest(f"{slug} has no meeting on {day.date()}.")
    return found


def _in_force(found: Meeting) -> None:
    """Publish the change at once; a clash the caller asked for is theirs to answer for."""
    publishing.publish(found.cycle, now(), None, override="by command")
    db.session.commit()


DAY_AND_TIME = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"])


def move_meeting(network: str, day: datetime, new: str) -> None:
    """Move the meeting of DATE to another day or time."""
    found = _meeting(network, day)
    moment = DAY_AND_TIME.convert(new, None, None)
    values = Edit(date=moment.date())
    if "T" in new:
        values["start"] = moment.time()
    actions.change_meeting(found, values, "", now())
    _in_force(found)
    click.echo(f"Moved to {found.local_start:%Y-%m-%d %H:%M}.")


def cancel_meeting(network: str, day: datetime) -> None:
    """Cancel the meeting of DATE."""
    found = _meeting(network, day)
    draft = actions.draft_for_change(found.cycle, now())
    key = next(row.key for row in draft.rows if row.meeting_id == found.id)
    actions.remove(found.cycle, key, "", now())
    _in_force(found)
    click.echo(f"Cancelled {day:%Y-%m-%d}.")


def swap_duties(network: str, kind: str, one: datetime, other: datetime) -> None:
    """Let the organisations of two meetings exchange their turn."""
    first, second = _meeting(network, one), _meeting(network, other)
    turns = [next((duty for duty in each.duties if duty.kind == kind), None) for each in (first, second)]
    if turns[0] is None or turns[1] is None:
        raise BadRequest("Both meetings must have such a turn.")
    to = {turns[0]: turns[1].organisation_id, turns[1]: turns[0].organisation_id}
    reassign(to, "swap", now(), None, impossible="One of them has no room, or is away that day.")
    db.session.commit()
    click.echo("Swapped.")
