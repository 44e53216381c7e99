"""An import: what was uploaded, what was answered, what came of it and what it added."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Programme
from app.people.models import Person


class Import(Base):
    __tablename__ = "import"
    __table_args__ = (CheckConstraint("state in ('preview', 'done', 'undone')", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(10), default="preview")
    only_network: Mapped[str] = mapped_column(String(200), default="")  # of rows that name none
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    # The import report once it is done; it quotes cells, so it goes when one of the people in it goes.
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # For undoing: table -> ids, and "changed" -> what was changed on being told to.
    created: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    programme: Mapped[Programme] = relationship()
    by: Mapped[Person | None] = relationship()
    files: Mapped[list["ImportFile"]] = relationship(order_by="ImportFile.id", cascade="all, delete-orphan")

    @property
    def unanswered(self) -> bool:
        """Whether it is stored and something is open that can still be answered: the files are kept for it."""
        return self.state == "done" and any(file.content is not None for file in self.files)

    @property
    def names(self) -> list[str]:
        return [file.name for file in self.files]


class ImportFile(Base):
    """An uploaded file; its content is here until the import is done and all its questions are answered, for a week."""

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
