"""What a manager says of a year in its report."""

from sqlalchemy import ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

WHOLE = "network_id is null"


class YearWords(Base):
    """Of a network's year, or, without a network, of that of a whole programme."""

    __tablename__ = "year_words"
    __table_args__ = (
        Index("uq_year_words_network", "network_id", "year", unique=True),
        Index(
            "uq_year_words_programme",
            "programme_id",
            "year",
            unique=True,
            sqlite_where=text(WHOLE),
            postgresql_where=text(WHOLE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    network_id: Mapped[int | None] = mapped_column(ForeignKey("network.id"))
    year: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="")
