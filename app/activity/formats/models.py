"""What collectors need to make events."""

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


class FingerprintKey(Base):
    """The key of a community's fingerprints of texts: without it they cannot be guessed at."""

    __tablename__ = "fingerprint_key"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
