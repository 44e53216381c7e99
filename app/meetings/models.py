"""A network's year: its draft, its published meetings and the duties that belong to them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network, Organisation, Room
from app.people.models import Person

NOT_KEPT = "owed is null"


class Cycle(Base):
    __tablename__ = "cycle"
    __table_args__ = (UniqueConstraint("network_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    year: Mapped[int]
    # The draft as one JSON object (app/planning/drafts.py); its version rises with every change.
    draft: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    draft_version: Mapped[int] = mapped_column(default=0)
    published: Mapped[int | None]  # number of the published version in force
    closed_at: Mapped[datetime | None] = mapped_column(Instant)  # looked back on, and rolled over (app/closing)
    network: Mapped[Network] = relationship()
    meetings: Mapped[list["Meeting"]] = relationship(back_populates="cycle", order_by="Meeting.starts_at")
    versions: Mapped[list["PublishedVersion"]] = relationship(
        back_populates="cycle", order_by="PublishedVersion.number"
    )


class Meeting(Base):
    """A meeting people have in their calendars. Its id is never used again."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("mode in ('in-person', 'online', 'hybrid')", "mode"),
        CheckConstraint("status in ('confirmed', 'cancelled')", "status"),
        CheckConstraint("starts_at < ends_at", "times"),
        CheckConstraint("open_to in ('programme', 'everybody')", "open_to"),
        CheckConstraint("guest_seats >= 0", "guest_seats"),
        # Every request that may change something asks for what is over and not kept: mostly nothing.
        Index("ix_meeting_not_kept", "ends_at", sqlite_where=text(NOT_KEPT), postgresql_where=text(NOT_KEPT)),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Instant, index=True)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    mode: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="confirmed")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime] = mapped_column(Instant)  # of what a calendar shows
    moved_from: Mapped[datetime | None] = mapped_column(Instant)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id", ondelete="SET NULL"))
    place: Mapped[str] = mapped_column(String(300), default="")  # where, if not a room we know
    link: Mapped[str] = mapped_column(String(500), default="")
    topic: Mapped[str] = mapped_column(String(200), default="")
    running_order: Mapped[str] = mapped_column(Text, default="")
    open_agenda: Mapped[bool] = mapped_column(default=False)
    question: Mapped[str] = mapped_column(String(300), default="")  # to think about beforehand
    open_to: Mapped[str | None] = mapped_column(String(10))  # who may come beside the members (app/guests)
    guest_seats: Mapped[int] = mapped_column(default=0)  # for them
    attended: Mapped[int | None]  # a count, entered afterwards
    notes_at: Mapped[datetime | None] = mapped_column(Instant)  # when its notes (results/) were published
    imported: Mapped[bool] = mapped_column(default=False)  # history from a sheet: never mailed, not in feeds
    # Kept once the meeting is over: who might have hosted it if in person, and who prepared it (A_t and B_t), as
    # {"host": [ids], "preparation": [ids]}; an organisation that another one became part of counts twice.
    owed: Mapped[dict[str, list[int]] | None] = mapped_column(JSON(none_as_null=True))
    cycle: Mapped[Cycle] = relationship(back_populates="meetings")
    network: Mapped[Network] = relationship()
    room: Mapped[Room | None] = relationship()
    duties: Mapped[list["Duty"]] = relationship(
        back_populates="meeting", order_by="Duty.kind, Duty.id", cascade="all, delete-orphan"
    )

    @property
    def cancelled(self) -> bool:
        return self.status == "cancelled"

    def ahead(self, now: datetime) -> bool:
        """Whether its turns can still change hands: published by us, not cancelled, not over."""
        return not self.cancelled and not self.imported and self.ends_at > now and self.cycle.published is not None

    @property
    def has_topic(self) -> bool:
        """One is chosen, or none is wanted."""
        return bool(self.topic) or self.open_agenda

    @property
    def in_person(self) -> bool:
        return self.mode != "online"

    @property
    def local_start(self) -> datetime:
        return self.starts_at.astimezone(self.network.zone)

    @property
    def local_end(self) -> datetime:
        return self.ends_at.astimezone(self.network.zone)

    @property
    def day(self) -> date:
        return self.local_start.date()

    @property
    def host_duty(self) -> "Duty | None":
        return next((duty for duty in self.duties if duty.kind == "host"), None)

    @property
    def host(self) -> Organisation | None:
        return self.host_duty.organisation if self.host_duty else None

    @property
    def preparation_duties(self) -> list["Duty"]:
        return [duty for duty in self.duties if duty.kind == "preparation"]

    @property
    def preparers(self) -> list[Organisation]:
        return [duty.organisation for duty in self.preparation_duties]


class Duty(Base):
    """A turn: `organisation` does it, `owed_by` is whose turn it was."""

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("kind in ('host', 'preparation')", "kind"),
        UniqueConstraint("meeting_id", "kind", "organisation_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    owed_by_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # Given back it stays here, with place and date as people know them, until something else is published.
    handed_back_at: Mapped[datetime | None] = mapped_column(Instant)
    handed_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handed_back_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    meeting: Mapped[Meeting] = relationship(back_populates="duties")
    organisation: Mapped[Organisation] = relationship(foreign_keys=organisation_id)
    owed_by: Mapped[Organisation | None] = relationship(foreign_keys=owed_by_id)
    confirmed_by: Mapped[Person | None] = relationship(foreign_keys=confirmed_by_id)
    handed_back_by: Mapped[Person | None] = relationship(foreign_keys=handed_back_by_id)
    ticks: Mapped[list["DutyTick"]] = relationship(cascade="all, delete-orphan", order_by="DutyTick.id")

    @property
    def handed_back(self) -> bool:
        return self.handed_back_at is not None

    def state(self, now: datetime) -> str:
        """assigned, accepted, "handed back" or done."""
        if self.handed_back:
            return "handed back"
        if self.meeting.ends_at <= now:
            return "done"
        return "accepted" if self.confirmed_at else "assigned"

    def ask_again(self) -> None:
        """Nobody has answered for it yet."""
        self.confirmed_at = self.confirmed_by_id = None
        self.handed_back_at = self.handed_back_by_id = None
        self.handed_back_reason = ""


class DutyTick(Base):
    """One thing on the checklist of a turn that somebody has done."""

    __tablename__ = "duty_tick"
    __table_args__ = (UniqueConstraint("duty_id", "item"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    duty_id: Mapped[int] = mapped_column(ForeignKey("duty.id", ondelete="CASCADE"), index=True)
    item: Mapped[str] = mapped_column(String(20))  # of scheduling.reminding.checklists
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class TurnWish(Base):
    """An organisation asks for a turn in a year; its manager grants it or not."""

    __tablename__ = "turn_wish"
    __table_args__ = (
        CheckConstraint("kind in ('host', 'preparation')", "kind"),
        CheckConstraint("month is null or month between 1 and 12", "month"),
        CheckConstraint("answer in ('granted', 'declined')", "answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    month: Mapped[int | None]  # null = whenever it fits
    asked_at: Mapped[datetime] = mapped_column(Instant)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str | None] = mapped_column(String(10))
    organisation: Mapped[Organisation] = relationship()


class PublishedVersion(Base):
    """What was published when and by whom: the rows of the year as they stood."""

    __tablename__ = "published_version"
    __table_args__ = (UniqueConstraint("cycle_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    cycle_id: Mapped[int] = mapped_column(ForeignKey("cycle.id"), index=True)
    number: Mapped[int]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    undoes: Mapped[int | None]  # the number it took back
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    cycle: Mapped[Cycle] = relationship(back_populates="versions")
    by: Mapped[Person | None] = relationship()
