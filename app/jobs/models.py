"""Due work: one row a job. Its own outbox, so that a job stands or falls with its cause."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

DUE, DONE, GIVEN_UP = "due", "done", "given_up"


class Job(Base):
    """Work that is due at `run_at`; a lease says who does it now."""

    __tablename__ = "job"
    # The state is written into the statements as text: SQLite ignores a partial index when the
    # state is a bound parameter, which makes claiming ten times slower.
    __table_args__ = (
        Index(
            "ix_job_due",
            "lane",
            "run_at",
            "id",
            sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
        Index(
            "ix_job_order_key",
            "order_key",
            "id",
            sqlite_where=text("state = 'due'"),
            postgresql_where=text("state = 'due'"),
        ),
        Index("uq_job_dedupe", "dedupe", unique=True),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int | None]
    lane: Mapped[str]
    kind: Mapped[str]
    dedupe: Mapped[str | None]
    order_key: Mapped[str | None]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str]
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lease_id: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
