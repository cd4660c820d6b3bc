"""The panel of the record: how much of it is sealed."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit.models import AuditCheckpoint, AuditEntry, AuditTree
from app.console.panels import Panel


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """Sealed and unsealed entries, and when the last seal was set."""
    tree = session.get(AuditTree, community_id)
    return {
        "sealed": tree.size if tree else 0,
        "unsealed": session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.community_id == community_id, AuditEntry.number.is_(None))
        ),
        "last_sealed_at": session.scalar(
            select(AuditCheckpoint.at)
            .where(AuditCheckpoint.community_id == community_id)
            .order_by(AuditCheckpoint.size.desc())
            .limit(1)
        ),
    }


RECORD = Panel("record", "The record", 60, "organiser/panels/record.html", content)
