"""A piece of long work: what was asked, how far it is, what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Programme

OPEN = ("waiting", "running")
RUNNING = text("state = 'running'")


class Job(Base):
    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'running', 'done', 'stopped', 'lost')", "state"),
        # One at a time, whichever worker asks.
        Index("uq_job_running", "state", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # of app/jobs/long_work.py
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    step: Mapped[str] = mapped_column(String(20), default="")  # what it is doing; the kind has the words
    done: Mapped[int] = mapped_column(default=0)  # of this step
    total: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    finished_at: Mapped[datetime | None] = mapped_column(Instant)
    heartbeat: Mapped[datetime | None] = mapped_column(Instant)  # of the worker that watches it
    programme: Mapped[Programme] = relationship()

    @property
    def open(self) -> bool:
        return self.state in OPEN
