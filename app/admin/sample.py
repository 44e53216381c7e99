"""A sample programme of invented organisations and people, to look around in."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.availability.actions import add_absence
from app.extensions import db
from app.meetings.balances import able
from app.meetings.models import Cycle, Duty, Meeting
from app.networks import actions as networks
from app.networks.models import Membership, Network, Organisation, Programme
from app.networks.queries import programme_by_name
from app.planning import actions as cycles
from app.planning.year_request import Wishes
from app.publishing import actions as publishing
from app.topics import actions as topics

NAME = "Buurkracht Voorbeeld"
MANAGER_EMAIL = "marit@buurkracht.example"
ORGANISATIONS = (
    # name, short name, town, largest room
    ("Stichting De Zonnehoek", "Zonnehoek", "Amersfoort", 24),
    ("Zorgcentrum Het Veerhuis", "Veerhuis", "Wageningen", 18),
    ("Welzijn Linderoord", "Linderoord", "Ede", 30),
    ("Thuiszorg Vogelmeer", "Vogelmeer", "Nijkerk", 16),
    ("Woongroep Molenpad", "Molenpad", "Barneveld", 20),
    ("De Kastanjehof", "Kastanjehof", "Veenendaal", 22),
    ("Stichting Waterlelie", "Waterlelie", "Rhenen", 8),
    ("Zorgboerderij Ganzenveld", "Ganzenveld", "Scherpenzeel", 40),
)
PEOPLE = """
Anouk Brands, Bas Hoekstra, Chantal Mulders, Dirk-Jan Prins, Esra Yavuz, Floor van Essen, Gijs Tromp, Hanna Wiersma,
Ilse Bakhuis, Jelle Roos, Kaoutar Idrissi, Lars Postmus, Mila de Ruiter, Niek Scholte, Olga Wiśniewska, Pim ter Haar
"""
NETWORKS = (
    # name, goal, mode, weekday, start, members
    (
        "Vrijwilligers werven en binden",
        "Wij leren van elkaar hoe vrijwilligers zich welkom voelen en blijven.",
        "in-person",
        3,
        "13:30",
        8,
    ),
    ("Teamcoaches online", "Elke twee maanden een vraag uit de praktijk, samen uitgeplozen.", "online", 1, "15:30", 6),
    ("Koken met bewoners", "Van aanbod naar samen doen: eten als middel voor ontmoeting.", "mixed", 2, "10:00", 7),
)
TOPICS = (
    # for each network: title, to how many it matters
    (("Een warm welkom voor wie nieuw is", 6), ("Waardering zonder budget", 4), ("De wachtlijst korter", 2)),
    (("Feedback geven aan een collega", 5), ("Een team dat niet meer lacht", 3)),
    (("Samen de boodschappenlijst maken", 4), ("Eten voor wie niet mag kauwen", 2)),
)


def load(now: datetime) -> Programme:
    """The sample programme with a past year and a published one; loaded twice it is there once."""
    existing = programme_by_name(NAME)
    if existing is not None:
        return existing
    programme = networks.found_programme(NAME, language="nl", now=now, region="NL-Midden")
    programme.sender_name, programme.sender_email = NAME, MANAGER_EMAIL
    manager = networks.person_for(programme, "Marit", "Oosterveld", MANAGER_EMAIL, now)
    networks.grant(manager, programme, None, now)
    organisations = [_organisation(programme, *values, now=now) for values in ORGANISATIONS]
    add_absence(organisations[3], {"weekday": 0, "reason": "teamoverleg"}, now)
    for number, values in enumerate(NETWORKS):
        _network(programme, organisations, number, values, now)
    forming = {
        "name": "Jonge mantelzorgers",
        "goal": "In oprichting: wie doet mee?",
        "state": "forming",
        "region": "NL-Midden",
    }
    network = networks.found_network(programme, forming, now)
    for index in (1, 4, 6):
        _join(network, organisations[index], index, date(now.year, 1, 1), now)
    return programme


def _organisation(programme: Programme, name: str, short: str, town: str, seats: int, *, now: datetime) -> Organisation:
    organisation = networks.organisation_for(programme, name, now, short_name=short, town=town)
    address = f"Dorpsstraat {seats}, {town}"
    networks.add_room(organisation, {"name": "Grote zaal", "seats": seats, "address": address}, now)
    return organisation


def _join(network: Network, organisation: Organisation, index: int, joined: date, now: datetime) -> Membership:
    membership = networks.join(network, organisation, joined, now)
    people = [name.strip() for name in PEOPLE.split(",")]
    for name in (people[index], people[index + 8]):
        first, _space, last = name.partition(" ")
        email = f"{name.split()[0].lower()}@{(organisation.short_name or 'org').lower()}.example"
        networks.add_contact(membership, networks.person_for(network.programme, first, last, email, now), now)
    return membership


def _network(
    programme: Programme,
    organisations: list[Organisation],
    number: int,
    values: tuple[str, str, str, int, str, int],
    now: datetime,
) -> None:
    name, goal, mode, weekday, start, members = values
    link = "https://video.example/" + str(number) if mode != "in-person" else ""
    given = {"name": name, "goal": goal, "mode": mode, "region": "NL-Midden", "link": link}
    network = networks.found_network(programme, given, now)
    for index, organisation in enumerate(organisations[:members]):
        _join(network, organisation, index, date(now.year - 1, 1, 1), now)
    db.session.flush()
    db.session.refresh(network)
    minutes = 150 if mode != "online" else 90
    wishes = Wishes(number=5, weekdays=(weekday,), start=time.fromisoformat(start), mode=mode, minutes=minutes)
    _past_year(network, wishes, now)
    if number < 2:
        cycle = cycles.open_year(network, now.year + (now.month >= 9))
        cycles.propose(cycle, wishes, now)
        publishing.publish(cycle, now, None, override="sample")
    network.wishes = wishes.to_json()
    for title, people in TOPICS[number]:
        _topic(network, title, people, now)


def _topic(network: Network, title: str, people: int, now: datetime) -> None:
    names = [member.people[0] for member in network.memberships][:people]
    topic, _new = topics.propose(network, title, names[0], now)
    for person in names:
        topics.wish(topic, person, now)


def _past_year(network: Network, wishes: Wishes, now: datetime) -> None:
    """Last year as if held: hosts and preparers by turns."""
    zone = ZoneInfo(network.timezone)
    cycle = Cycle(network=network, year=now.year - 1)
    db.session.add(cycle)
    members = [membership.organisation_id for membership in network.memberships]
    for turn, (first, _last) in enumerate(wishes.windows(now.year - 1)):
        day = next(first + timedelta(n) for n in range(7) if (first + timedelta(n)).weekday() == wishes.weekdays[0])
        in_person = wishes.mode == "in-person" or (wishes.mode == "mixed" and turn % 2 == 0)
        start = datetime.combine(day, wishes.start, zone).astimezone(UTC)
        owed = able(network, day)
        meeting = Meeting(
            cycle=cycle,
            network=network,
            starts_at=start,
            ends_at=start + timedelta(minutes=wishes.minutes),
            mode="in-person" if in_person else "online",
            changed_at=now,
            imported=True,
            owed=owed,
            attended=len(members) + turn,
        )
        hosts = [Duty(kind="host", organisation_id=owed["host"][turn % len(owed["host"])])] if in_person else []
        meeting.duties = [*hosts, Duty(kind="preparation", organisation_id=members[(turn + 2) % len(members)])]
        db.session.add(meeting)
    db.session.flush()
