"""What the wallet keeps: how often live codes were taken."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class LiveBatch(Base):
    """How many batches of live codes of a voucher were taken lately."""

    __tablename__ = "live_batch"

    voucher_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the time began in which they are counted."""
    taken: Mapped[int]
