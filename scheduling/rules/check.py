"""Rule violations and score of any plan, made by the planner or by hand.

A rule whose every party is locked is a fact: it becomes a note, never a violation. Texts are for developers; `rule`
and `where` are for screens.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from scheduling.model.fractions import sum_of_squares
from scheduling.model.instance import Instance
from scheduling.model.network import ANY, IN_PERSON, Meeting, Network, Organisation, PlannedMeeting, Spans
from scheduling.model.plan import Plan
from scheduling.model.tiers import MOVED_DATE, MOVED_FORMAT, MOVED_HOST, MOVED_PREPARER, Objective, Tier
from scheduling.rules.balance import Balance, at_end

BROKEN, KNOWN_UNTIL = "broken", "known_until"  # a rule is not kept; a calendar ends before the day


@dataclass(frozen=True, slots=True)
class Finding:
    """What `check` found. `rule`: H0 to H15; `meeting` None: it is about the whole network.

    `code`: BROKEN, or KNOWN_UNTIL where nobody can say whether the day is closed (always a note).
    """

    rule: str
    network: str
    meeting: str | None
    text: str
    code: str = BROKEN


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` says: rules broken, facts that would break one, the five tiers, and the ledger at the end."""

    violations: tuple[Finding, ...]
    notes: tuple[Finding, ...]
    objective: Objective
    ledger: Mapping[str, Mapping[str, Balance]]


@dataclass
class _Notebook:
    instance: Instance
    violations: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    score: dict[Tier, Fraction] = field(default_factory=lambda: dict.fromkeys(Tier, Fraction(0)))
    manager_days: dict[tuple[str, date], list[tuple[str, str, bool]]] = field(default_factory=dict)
    organisation_days: dict[tuple[str, date], list[tuple[str, str, bool]]] = field(default_factory=dict)

    def away(self, organisation: str, day: date) -> bool:
        known = self.instance.organisations.get(organisation)
        return known is not None and within(day, known.unavailable)

    def free(self, name: str, day: date) -> bool:
        """Whether a calendar leaves the day open; an unknown one closes nothing."""
        return not within(day, self.instance.calendars.get(name, ()))


@dataclass(frozen=True)
class _Visit:
    """One meeting with its row, and where to write what is found."""

    book: _Notebook
    network: Network
    meeting: Meeting
    row: PlannedMeeting

    def find(self, rule: str, text: str, fact: bool = False, code: str = BROKEN) -> None:
        finding = Finding(rule, self.network.id, self.meeting.id, text, code)
        (self.book.notes if fact else self.book.violations).append(finding)

    def locked(self, *names: str) -> bool:
        return all(n in self.meeting.locked for n in names)

    @cached_property
    def roll(self) -> tuple[Organisation, ...]:
        return tuple(self.book.instance.organisations[m.org] for m in self.network.on_roll(self.meeting))

    @cached_property
    def absent(self) -> frozenset[str]:
        """Who is on the roll and cannot be there."""
        return frozenset(o.id for o in self.roll if within(self.row.date, o.unavailable))


def within(day: date, spans: Spans) -> bool:
    """Return whether the day lies in one of the spans."""
    for first, last in spans:  # noqa: SIM110 - `any` takes three times as long, and this is asked most
        if first <= day <= last:
            return True
    return False


def check(instance: Instance, plan: Plan | Mapping[str, Iterable[PlannedMeeting]]) -> Report:
    """Return what the rules H0 to H15 and the five tiers say of a plan, or of its rows by network.

    For every network that has exactly its own meetings also the ledger at the end: {network: {organisation: balance}}.
    Source: docs/planner.md. No error for any rows: what cannot be judged is a finding.
    """
    rows = {n: list(r) for n, r in (plan.networks if isinstance(plan, Plan) else plan).items()}
    book = _Notebook(instance)
    ledger = {}
    for name in rows.keys() - {n.id for n in instance.networks}:
        book.violations.append(Finding("H0", name, None, "unknown network"))
    for network in instance.networks:
        mine = {r.meeting: r for r in rows.get(network.id, ())}
        if sorted(r.meeting for r in rows.get(network.id, ())) != sorted(m.id for m in network.meetings):
            book.violations.append(Finding("H0", network.id, None, "the plan has other meetings than the network"))
            continue
        visits = [_Visit(book, network, m, mine[m.id]) for m in network.meetings]
        ledger[network.id] = _network(book, network, visits)
    _days(book)
    return Report(tuple(book.violations), tuple(book.notes), tuple(book.score[t] for t in Tier), ledger)


def _network(book: _Notebook, network: Network, visits: list[_Visit]) -> dict[str, Balance]:
    for visit in visits:
        _locked(visit)
        _day(visit)
        _host(visit)
        _preparers(visit)
        _score(visit)
    _gaps(book, network, visits)
    _repeats(network, visits)
    _in_a_row(book, network, visits)
    _turns(book, network, visits)
    _formats(book, network, visits)
    balances = at_end(network, [v.row for v in visits])
    book.score[Tier.UNFAIRNESS] += sum_of_squares([x for b in balances.values() for x in (b.host, b.prep)])
    return balances


def _locked(visit: _Visit) -> None:
    lock, row = visit.meeting.locked, visit.row
    for name in ("date", "format", "host"):
        if name in lock and getattr(lock, name) != getattr(row, name):
            visit.find("H13", f"the locked {name} changed")
    if "preparers" in lock and sorted(lock.preparers) != sorted(row.preparers):
        visit.find("H13", "the locked preparers changed")


def _day(visit: _Visit) -> None:
    book, network, day, fact = visit.book, visit.network, visit.row.date, visit.locked("date")
    first, last = visit.meeting.window
    if not first <= day <= last:
        visit.find("H1", f"{day} is outside the window", fact)
    if day.isoweekday() not in network.weekdays:
        visit.find("H2", f"{day} is weekday {day.isoweekday()}", fact)
    for name in network.closed:
        if not book.free(name, day):
            visit.find("H3", f"{day} is closed in {name}", fact)
    if within(day, book.instance.manager(network).unavailable):
        visit.find("H4", f"the manager is away on {day}", fact)
    roll = visit.roll
    here = [o for o in roll if o.id not in visit.absent]
    if 100 * len(here) < network.quorum * len(roll):
        visit.find("H11", f"only {len(here)} of {len(roll)} can be there", fact)
    _known(visit, {*network.closed, *(o.school or "" for o in roll)})
    book.manager_days.setdefault((network.manager, day), []).append((network.id, visit.meeting.id, fact))
    for organisation in here:
        if organisation.one_per_day:
            book.organisation_days.setdefault((organisation.id, day), []).append((network.id, visit.meeting.id, fact))


def _known(visit: _Visit, calendars: set[str]) -> None:
    known = visit.book.instance.known_until
    for name in sorted(calendars & known.keys()):
        if visit.row.date > known[name]:
            visit.find("H3", f"{name} is known only until {known[name]}", fact=True, code=KNOWN_UNTIL)


def _host(visit: _Visit) -> None:
    row, given, network = visit.row, visit.meeting.format, visit.network
    if given not in (ANY, row.format) and not visit.locked("format"):
        visit.find("H6", f"the format must be {given}")
    if (row.host is not None) != (row.format == IN_PERSON):
        visit.find("H6", "in person needs a host, online has none")
    if row.format != IN_PERSON or row.host is None:
        return
    if row.host not in network.may_host(visit.meeting):
        visit.find("H6", f"{row.host} may not host", visit.locked("host"))
    if visit.book.away(row.host, row.date):
        visit.find("H7", f"the host {row.host} is away", visit.locked("host", "date"))
    member = next((m for m in network.members if m.org == row.host), None)
    if member and within(row.date, member.host_unavailable):
        visit.find("H7", f"the room of {row.host} is closed", visit.locked("host", "date"))
    if member and within(row.date, member.host_avoid):
        visit.book.score[Tier.PREFERENCE] += network.weight("avoid")


def _preparers(visit: _Visit) -> None:
    row, network, fact = visit.row, visit.network, visit.locked("preparers")
    if len(set(row.preparers)) != len(row.preparers) or (
        len(row.preparers) != network.preparers_per_meeting and not fact
    ):
        visit.find("H8", f"needs {network.preparers_per_meeting} different preparers")
    able = network.may_prepare(visit.meeting)
    for organisation in row.preparers:
        if organisation not in able:
            visit.find("H8", f"{organisation} may not prepare", fact)
        if visit.book.away(organisation, row.date):
            visit.find("H8", f"the preparer {organisation} is away", visit.locked("preparers", "date"))
        if organisation == row.host and not network.host_may_prepare:
            visit.find("H8", f"{organisation} hosts and prepares", visit.locked("preparers", "host"))


def _score(visit: _Visit) -> None:
    book, network, row, meeting = visit.book, visit.network, visit.row, visit.meeting
    holidays = {s for s in {o.school for o in visit.roll} if s is not None and not book.free(s, row.date)}
    on_holiday = sum(o.school in holidays and o.id not in visit.absent for o in visit.roll)
    book.score[Tier.ATTENDANCE] += len(visit.absent) * network.weight("absent") + on_holiday * network.weight("school")
    if meeting.format == ANY and meeting.prefer not in (None, row.format):
        book.score[Tier.ATTENDANCE] += network.weight("format")
    book.score[Tier.PREFERENCE] += network.weekdays.get(row.date.isoweekday(), 0)
    old = meeting.published
    if old:
        book.score[Tier.STABILITY] += (
            MOVED_DATE * (old.date != row.date)
            + MOVED_FORMAT * (old.format != row.format)
            + MOVED_HOST * (old.host != row.host)
        )
        book.score[Tier.STABILITY] += MOVED_PREPARER * len(set(old.preparers) - set(row.preparers))


def _gaps(book: _Notebook, network: Network, visits: list[_Visit]) -> None:
    before, fact, off = network.previous.date, True, 0
    for visit in visits:
        day, locked = visit.row.date, visit.locked("date")
        if before is not None:
            gap = (day - before).days
            if gap < network.min_gap:
                visit.find("H5", f"only {gap} days after the meeting before", locked and fact)
            if network.target_gap is not None:
                off += abs(gap - network.target_gap)
        before, fact = day, locked
    book.score[Tier.SPACING] += off


def _repeats(network: Network, visits: list[_Visit]) -> None:
    host, host_fact = network.previous.host, True
    preparers, preparers_fact = network.previous.preparers, True
    for visit in visits:
        row = visit.row
        if row.format == IN_PERSON and row.host is not None:
            if network.no_repeat_host and row.host == host:
                visit.find("H9", f"{host} hosts twice in a row", host_fact and visit.locked("host"))
            host, host_fact = row.host, visit.locked("host")
        for organisation in row.preparers:
            if network.no_repeat_preparer and organisation in preparers:
                visit.find(
                    "H10", f"{organisation} prepares twice in a row", preparers_fact and visit.locked("preparers")
                )
        preparers, preparers_fact = row.preparers, visit.locked("preparers")


def _in_a_row(book: _Notebook, network: Network, visits: list[_Visit]) -> None:
    previous = network.previous
    duties = [frozenset({previous.host, *previous.preparers} - {None}), *(v.row.on_duty for v in visits)]
    book.score[Tier.PREFERENCE] += network.weight("in_a_row") * sum(len(one & two) for one, two in pairwise(duties))


def _turns(book: _Notebook, network: Network, visits: list[_Visit]) -> None:
    if network.max_turns is None:
        return
    turns: dict[str, list[bool]] = {}  # for each turn of an organisation, whether it is locked
    for visit in visits:
        if visit.row.format == IN_PERSON and visit.row.host is not None:
            turns.setdefault(visit.row.host, []).append(visit.locked("host"))
        for organisation in set(visit.row.preparers):
            turns.setdefault(organisation, []).append(visit.locked("preparers"))
    for organisation, facts in turns.items():
        if len(facts) > network.max_turns:
            text = f"{organisation} has {len(facts)} turns, at most {network.max_turns} wanted"
            (book.notes if all(facts) else book.violations).append(Finding("H15", network.id, None, text))


def _formats(book: _Notebook, network: Network, visits: list[_Visit]) -> None:
    low, high = network.in_person or (0, len(visits))
    count = sum(v.row.format == IN_PERSON for v in visits)
    if not low <= count <= high:
        # Nobody is left who could obey: a fact.
        given = all(v.locked("format") or v.meeting.format != ANY for v in visits)
        finding = Finding("H12", network.id, None, f"{count} meetings in person, wanted {low} to {high}")
        (book.notes if given else book.violations).append(finding)


def _days(book: _Notebook) -> None:
    for (name, day), meetings in book.manager_days.items():
        manager = book.instance.managers.get(name)
        if len(meetings) > (manager.max_per_day if manager else 1):
            _clash(book, "H4", f"the manager {name} has {len(meetings)} meetings on {day}", meetings)
    for (name, day), meetings in book.organisation_days.items():
        if len(meetings) > 1:
            _clash(book, "H14", f"{name} is expected at {len(meetings)} meetings on {day}", meetings)


def _clash(book: _Notebook, rule: str, text: str, meetings: list[tuple[str, str, bool]]) -> None:
    facts = all(fact for _, _, fact in meetings)
    last = meetings[-1]
    (book.notes if facts else book.violations).append(Finding(rule, last[0], last[1], text))
