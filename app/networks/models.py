"""Programmes, their networks and organisations, and who sits where for whom."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks import network_year
from app.people.models import Person
from app.text import by_name


class Programme(Base):
    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    language: Mapped[str] = mapped_column(String(2), default="nl")
    sender_name: Mapped[str] = mapped_column(String(200), default="")
    sender_email: Mapped[str] = mapped_column(String(254), default="")
    region: Mapped[str | None] = mapped_column(String(20))
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Amsterdam")
    formal: Mapped[bool | None]  # how its networks address people: u, Sie or je, du; null = as usual in the language
    # Months after which things go: people who take part no more, answers to meetings, the log of mails.
    keep_people: Mapped[int] = mapped_column(default=12)
    keep_answers: Mapped[int] = mapped_column(default=12)
    keep_mails: Mapped[int] = mapped_column(default=12)
    shares_topics: Mapped[bool] = mapped_column(default=False)  # whether questions may be asked of all its networks
    public: Mapped[bool] = mapped_column(default=False)  # whether strangers may read about it (app/public)
    open_to_start: Mapped[bool] = mapped_column(default=False)  # and ask for a new network (app/joining)
    about: Mapped[str] = mapped_column(Text, default="")  # for them, Markdown
    _networks: Mapped[list["Network"]] = relationship(back_populates="programme")
    _organisations: Mapped[list["Organisation"]] = relationship(back_populates="programme")

    @property
    def networks(self) -> list["Network"]:
        """By name, as people look for it; a database knows other orders."""
        return sorted(self._networks, key=lambda each: by_name(each.name))

    @property
    def organisations(self) -> list["Organisation"]:
        return sorted(self._organisations, key=lambda each: by_name(each.name))


LIVE = ("forming", "active")  # states of a network that meets: it is prepared, reminded of, open to guests


class Network(Base):
    __tablename__ = "network"
    __table_args__ = (
        CheckConstraint("state in ('idea', 'forming', 'active', 'resting', 'ended')", "state"),
        CheckConstraint("mode in ('in-person', 'online', 'hybrid', 'mixed')", "mode"),
        CheckConstraint("year_begins between 1 and 12", "year_begins"),
        UniqueConstraint("programme_id", "name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    goal: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="active")
    size_wanted: Mapped[int] = mapped_column(default=7)
    region: Mapped[str | None] = mapped_column(String(20))
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/Amsterdam")
    mode: Mapped[str] = mapped_column(String(10), default="in-person")
    link: Mapped[str] = mapped_column(String(500), default="")
    formal: Mapped[bool | None]  # null = as the programme does
    minimum: Mapped[int | None]  # people without whom a meeting makes no sense; null = more than half
    keeps_names: Mapped[bool] = mapped_column(default=False)  # of who was there, beside their number
    usual_programme: Mapped[str] = mapped_column(Text, default="")  # what an empty programme begins with
    pulse: Mapped[bool] = mapped_column(default=True)  # whether people are asked how each meeting was
    year_begins: Mapped[int] = mapped_column(default=1)  # the month; a cycle is called by the year it begins in
    public: Mapped[bool] = mapped_column(default=False)  # whether it has a page for strangers, while its programme has
    open_to_join: Mapped[bool] = mapped_column(default=False)  # and whether they may ask to join there
    for_whom: Mapped[str] = mapped_column(Text, default="")  # for them
    guests_get_notes: Mapped[bool] = mapped_column(default=False)  # what came out, to who was there as a guest
    rhythm: Mapped[str] = mapped_column(String(200), default="")  # how often and how it meets, in words
    # What the manager asked for last: number, months, weekdays, nth, start, minutes, rules.
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime | None] = mapped_column(Instant)
    programme: Mapped[Programme] = relationship(back_populates="_networks")
    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="network", order_by="Membership.joined, Membership.id"
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def school_region(self) -> str | None:
        return self.region or self.programme.region

    @property
    def addresses_formally(self) -> bool | None:
        return self.programme.formal if self.formal is None else self.formal

    @property
    def hosted(self) -> bool:
        """Whether anything of it is in person: only then anybody hosts, and rooms matter."""
        return self.mode != "online"

    def year_of(self, day: date) -> int:
        return network_year.year_of(day, self.year_begins)

    def span(self, year: int) -> tuple[date, date]:
        """The first and the last day of that year."""
        return network_year.span_of(year, self.year_begins)

    def year_name(self, year: int) -> str:
        return network_year.name_of(year, self.year_begins)

    def year_to_plan(self, day: date) -> int:
        return network_year.year_to_plan(day, self.year_begins)

    def changed(self, now: datetime) -> None:
        """The only way to raise a network's revision: feeds and reminders are made anew."""
        self.revision = (self.revision or 0) + 1
        self.changed_at = now

    def members_on(self, day: date) -> list["Membership"]:
        return [membership for membership in self.memberships if membership.on(day)]

    def members_from(self, day: date) -> list["Membership"]:
        """Who is a member on `day` or will be."""
        return [membership for membership in self.memberships if membership.left is None or membership.left >= day]


class Organisation(Base):
    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    short_name: Mapped[str] = mapped_column(String(60), default="")
    town: Mapped[str] = mapped_column(String(100), default="")
    region: Mapped[str | None] = mapped_column(String(20))
    listed: Mapped[bool] = mapped_column(default=False)  # stands in the public directory, by its own choice
    offers: Mapped[str] = mapped_column(String(300), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    programme: Mapped[Programme] = relationship(back_populates="_organisations")
    rooms: Mapped[list["Room"]] = relationship(
        back_populates="organisation", order_by="Room.seats.desc(), Room.id", cascade="all, delete-orphan"
    )
    memberships: Mapped[list["Membership"]] = relationship(back_populates="organisation")

    @property
    def short(self) -> str:
        return self.short_name or self.name

    @property
    def largest_room(self) -> "Room | None":
        known = [room for room in self.rooms if room.seats is not None]
        return max(known, key=lambda room: room.seats or 0, default=None)


class Room(Base):
    __tablename__ = "room"
    __table_args__ = (CheckConstraint("seats is null or seats > 0", "seats"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    seats: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(300), default="")
    directions: Mapped[str] = mapped_column(Text, default="")  # parking, public transport, entrance
    wheelchair: Mapped[bool | None]
    screen: Mapped[str] = mapped_column(String(100), default="")
    organisation: Mapped[Organisation] = relationship(back_populates="rooms")


class Membership(Base):
    """An organisation in a network, from `joined` until `left`, both days included."""

    __tablename__ = "membership"
    __table_args__ = (CheckConstraint('"left" is null or "left" >= joined', "dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    joined: Mapped[date]
    left: Mapped[date | None]
    duties_from: Mapped[date | None]
    hosts: Mapped[bool | None] = mapped_column(default=True)  # null = not known yet, counts as yes with a room
    prepares: Mapped[bool] = mapped_column(default=True)
    network: Mapped[Network] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship(back_populates="memberships")
    contacts: Mapped[list["Contact"]] = relationship(
        back_populates="membership", order_by="Contact.position, Contact.id", cascade="all, delete-orphan"
    )

    def on(self, day: date) -> bool:
        return self.joined <= day and (self.left is None or day <= self.left)

    @property
    def people(self) -> list[Person]:
        return [contact.person for contact in self.contacts]

    @property
    def primary(self) -> Person | None:
        return next(iter(self.people), None)

    @property
    def substitute(self) -> Person | None:
        return next(iter(self.people[1:]), None)


class Contact(Base):
    """A person who takes part in a network for an organisation; the first is the contact, the next substitutes."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("membership_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    membership_id: Mapped[int] = mapped_column(ForeignKey("membership.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    membership: Mapped[Membership] = relationship(back_populates="contacts")
    person: Mapped[Person] = relationship()


class Role(Base):
    """A person manages one network or a whole programme."""

    __tablename__ = "role"
    __table_args__ = (
        CheckConstraint("role in ('network_manager', 'programme_manager')", "role"),
        CheckConstraint("(role = 'network_manager') = (network_id is not null)", "scope"),
        UniqueConstraint("person_id", "programme_id", "network_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    named: Mapped[bool] = mapped_column(default=False)  # strangers may read who it is, by their own choice
    person: Mapped[Person] = relationship()
    programme: Mapped[Programme] = relationship()
    network: Mapped[Network | None] = relationship()


class Deputy(Base):
    """From `first` to `last` a manager has a colleague's networks in one programme, beside their own."""

    __tablename__ = "deputy"
    __table_args__ = (
        CheckConstraint('"last" >= "first"', "dates"),
        CheckConstraint("manager_id <> deputy_id", "somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    manager_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    first: Mapped[date]
    last: Mapped[date]
    programme: Mapped[Programme] = relationship()
    manager: Mapped[Person] = relationship(foreign_keys=manager_id)
    deputy: Mapped[Person] = relationship(foreign_keys=deputy_id)
