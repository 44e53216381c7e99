"""When what is known of a person goes."""

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base
from app.networks.models import Programme
from app.people.models import Person


class Erasure(Base):
    """Somebody takes part no more: on `day` name and address go, unless a manager keeps them longer."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id"), index=True)
    day: Mapped[date]
    person: Mapped[Person] = relationship()
    programme: Mapped[Programme | None] = relationship()
