"""The record: entries, the leaves they were sealed as, the trees, and signed checkpoints."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class AuditEntry(Base):
    """One fact. It has no number until the sealer gives it one."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("uq_audit_entry_number", "community_id", "number", unique=True),
        Index(
            "ix_audit_entry_unsealed",
            "community_id",
            "id",
            sqlite_where=text("number IS NULL"),
            postgresql_where=text("number IS NULL"),
        ),
        Index("ix_audit_entry_subject", "community_id", "subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    number: Mapped[int | None]
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    subject: Mapped[str | None]
    """What it is about, to find it by: told by `data`, so it is not hashed a second time."""


class AuditLeaf(Base):
    """The hash under which entry number N was sealed, kept apart from the entry itself.

    So an edited entry, or two that changed places, are found with their numbers.
    """

    __tablename__ = "audit_leaf"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


class AuditTree(Base):
    """How far a community's record is sealed; its row is the lock that keeps one sealer a tree."""

    __tablename__ = "audit_tree"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[str]
    size: Mapped[int] = mapped_column(default=0)
    frontier: Mapped[list[str]] = mapped_column(JSON)
    """Roots of the complete subtrees, left to right, in hexadecimal."""


class Remark(Base):
    """What somebody wrote, under the salted hash that an entry has of it.

    Where it is erased, text and salt go: with the salt a short text could be guessed.
    """

    __tablename__ = "remark"

    digest: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    salt: Mapped[bytes | None] = mapped_column(LargeBinary(16))
    text: Mapped[str | None]
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditCheckpoint(Base):
    """A signed note: at this size, the tree had this root."""

    __tablename__ = "audit_checkpoint"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str]


class AuditKey(Base):
    """The public half of the key that signs checkpoints; it signs nothing else."""

    __tablename__ = "audit_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
