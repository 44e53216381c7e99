"""Feed links and the calendars rendered for them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Base, Instant
from app.networks.models import Network
from app.people.models import Person


class FeedLink(Base):
    """A person's feed of one scope. The token is derived from the feed key and `counter`; only its hash is kept."""

    __tablename__ = "feed_link"
    __table_args__ = (
        CheckConstraint("scope in ('mine', 'network', 'all')", "scope"),
        CheckConstraint("(scope = 'network') = (network_id is not null)", "network"),
        UniqueConstraint("person_id", "scope", "network_id", "counter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    scope: Mapped[str] = mapped_column(String(10))
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"))
    counter: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    replaced_at: Mapped[datetime | None] = mapped_column(Instant)
    ends_at: Mapped[datetime | None] = mapped_column(Instant)  # of an old feed key: works until then
    fetched_at: Mapped[datetime | None] = mapped_column(Instant)
    fetched_by: Mapped[str] = mapped_column(String(40), default="")  # the program, as people know it
    # The stored rendering and what it was made from.
    made_from: Mapped[str | None] = mapped_column(String(64))
    etag: Mapped[str | None] = mapped_column(String(64))
    modified_at: Mapped[datetime | None] = mapped_column(Instant)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # last: SQLite reads what stands before it without it
    person: Mapped[Person] = relationship()
    network: Mapped[Network | None] = relationship()
