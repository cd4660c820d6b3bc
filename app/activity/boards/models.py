"""Who stands on no leaderboard, or on none that others see."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class HiddenMember(Base):
    """A member who is shown on no leaderboard that others see."""

    __tablename__ = "leaderboard_hidden"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class Struck(Base):
    """A member who stands on no leaderboard of a season any more, by an organiser's word."""

    __tablename__ = "struck"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    season: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    struck_at: Mapped[datetime] = mapped_column(UtcDateTime)
