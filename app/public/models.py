"""What a site has to say about itself: imprint, privacy, accessibility."""

from sqlalchemy import CheckConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base

LEGAL = ("imprint", "privacy", "accessibility")


class LegalText(Base):
    """One of the texts strangers can read, as a site admin wrote it; Markdown."""

    __tablename__ = "legal_text"
    __table_args__ = (CheckConstraint("kind in ('imprint', 'privacy', 'accessibility')", "kind"),)

    kind: Mapped[str] = mapped_column(String(15), primary_key=True)
    text: Mapped[str] = mapped_column(Text, default="")
