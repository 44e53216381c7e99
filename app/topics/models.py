"""Topics people wish to talk about, to whom each matters, and what others know about it."""

from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.networks.models import Network, Organisation
from app.people.models import Person

ASKING = ("question", "dilemma")  # kinds that go round by mail and want an answer
ANSWER_WITHIN = timedelta(days=14)  # then who asked is asked whether it is answered, and it waits with the others
MAY_EDIT = timedelta(days=1)
FREE = "meeting_id is null and closed_at is null and withdrawn_at is null and hidden_at is null"


class Topic(Base):
    """What somebody wishes to talk about, asks or offers. Chosen, it belongs to a meeting until somebody frees it."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("title <> '' or withdrawn_at is not null", "title"),
        CheckConstraint("kind in ('theme', 'question', 'dilemma', 'example', 'offer')", "kind"),
        CheckConstraint("reach in ('network', 'programme')", "reach"),
        CheckConstraint("not unnamed or (organisation_id is null and brings_id is null)", "unnamed"),
        Index(
            "ix_topic_once",
            "network_id",
            "title",
            unique=True,
            sqlite_where=text(FREE),
            postgresql_where=text(FREE),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="theme")
    title: Mapped[str] = mapped_column(String(200))
    why: Mapped[str] = mapped_column(Text, default="")  # why now; Markdown
    reach: Mapped[str] = mapped_column(String(10), default="network")
    public: Mapped[bool] = mapped_column(default=False)  # strangers may read it too, where its reach is the programme
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)  # a comparison: what each organisation chooses from
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who proposed it
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # for which
    unnamed: Mapped[bool] = mapped_column(default=False)  # no page, mail or export says who asks
    brings_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # prepares it once it is chosen
    created_at: Mapped[datetime] = mapped_column(Instant)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), unique=True)
    answer: Mapped[str] = mapped_column(Text, default="")  # with which it was closed
    closed_at: Mapped[datetime | None] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_because: Mapped[str] = mapped_column(String(200), default="")
    network: Mapped[Network] = relationship()
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=organisation_id)
    brings: Mapped[Organisation | None] = relationship(foreign_keys=brings_id)
    meeting: Mapped[Meeting | None] = relationship()
    wishes: Mapped[list["TopicWish"]] = relationship(cascade="all, delete-orphan", order_by="TopicWish.id")
    replies: Mapped[list["Reply"]] = relationship(
        back_populates="topic", cascade="all, delete-orphan", order_by="Reply.created_at, Reply.id"
    )

    @property
    def state(self) -> str:
        """open, chosen, closed, hidden or withdrawn: exactly one.

        Chosen for a meeting that was cancelled, or has lost its topic since, it is open again.
        """
        if self.withdrawn_at:
            return "withdrawn"
        if self.hidden_at:
            return "hidden"
        if self.closed_at:
            return "closed"
        kept = self.meeting is not None and not self.meeting.cancelled and bool(self.meeting.topic)
        return "chosen" if kept else "open"

    @property
    def is_open(self) -> bool:
        return self.state == "open"

    @property
    def asks(self) -> bool:
        return self.kind in ASKING

    def asked_now(self, now: datetime) -> bool:
        """A question whose fourteen days are not over; afterwards it waits for a meeting like any topic."""
        return self.asks and self.is_open and now < self.created_at + ANSWER_WITHIN

    @property
    def told_to_author(self) -> bool:
        """Whether who asked gets mails about it. Of an unnamed question the list of mails would say who asked."""
        return self.person_id is not None and not self.unnamed


class TopicWish(Base):
    """It matters to this person too."""

    __tablename__ = "topic_wish"
    __table_args__ = (UniqueConstraint("topic_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class Reply(Base):
    """What somebody knows about a topic; to a comparison it is what one organisation chose, and one line."""

    __tablename__ = "reply"
    __table_args__ = (
        CheckConstraint("text <> '' or choice is not null", "says_something"),
        Index(
            "ix_reply_choice_once",
            "topic_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("choice is not null"),
            postgresql_where=text("choice is not null"),
        ),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    choice: Mapped[str | None] = mapped_column(String(60))  # of topic.choices
    text: Mapped[str] = mapped_column(Text, default="")  # Markdown
    created_at: Mapped[datetime] = mapped_column(Instant)
    hidden_at: Mapped[datetime | None] = mapped_column(Instant)
    hidden_because: Mapped[str] = mapped_column(String(200), default="")
    topic: Mapped[Topic] = relationship(back_populates="replies")
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
