"""What came out of a meeting: its notes, what was agreed, a recording for some time."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.meetings.models import Meeting
from app.networks.models import Organisation
from app.people.models import Person


class Result(Base):
    """The notes of a meeting. They are everybody's from `meeting.notes_at` on; before that they are being written."""

    __tablename__ = "result"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), unique=True)
    outcomes: Mapped[str] = mapped_column(Text, default="")  # one a line
    next_time: Mapped[str] = mapped_column(String(300), default="")  # for who prepares next
    recording: Mapped[str] = mapped_column(String(500), default="")  # its address, erased after `recording_until`
    recording_until: Mapped[date | None]  # the last day; stays when the address is erased
    recording_consent: Mapped[str] = mapped_column(String(300), default="")  # who agreed to what
    version: Mapped[int] = mapped_column(default=0)  # for processes of before, while a new version is put in
    saved_at: Mapped[datetime] = mapped_column(Instant)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meeting: Mapped[Meeting] = relationship()
    saved_by: Mapped[Person | None] = relationship()


class Agreement(Base):
    """Something that was agreed at a meeting: open until somebody ticks it. Everybody's once the notes are."""

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("done_at is not null or done_by_id is null", "done"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), index=True)
    text: Mapped[str] = mapped_column(String(300))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)  # null: everybody
    due: Mapped[date | None]
    done_at: Mapped[datetime | None] = mapped_column(Instant)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    meeting: Mapped[Meeting] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    done_by: Mapped[Person | None] = relationship()

    def overdue(self, today: date) -> bool:
        return self.done_at is None and self.due is not None and self.due < today
