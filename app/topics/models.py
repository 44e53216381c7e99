"""Topics people wish to talk about, and to whom each matters."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.networks.models import Network


class Topic(Base):
    """What somebody wishes to talk about. Chosen, it belongs to a meeting as long as that keeps it as its topic."""

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("title <> ''", "title"),
        Index(
            "ix_topic_once",
            "network_id",
            "title",
            unique=True,
            sqlite_where=text("meeting_id is null"),
            postgresql_where=text("meeting_id is null"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # who proposed it
    created_at: Mapped[datetime] = mapped_column(Instant)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id", ondelete="SET NULL"), index=True)
    network: Mapped[Network] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    wishes: Mapped[list["TopicWish"]] = relationship(cascade="all, delete-orphan", order_by="TopicWish.id")

    @property
    def is_open(self) -> bool:
        """Chosen for no meeting, or for one that was cancelled or has another topic since."""
        return self.meeting is None or self.meeting.cancelled or self.meeting.topic != self.title


class TopicWish(Base):
    """It matters to this person too."""

    __tablename__ = "topic_wish"
    __table_args__ = (UniqueConstraint("topic_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
