"""The panel of operators: how many there are, and who holds a device."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.console.panels import Panel
from kiosk.devices.models import Admission, Device
from kiosk.operators import admitting
from kiosk.operators.models import Operator

MOST = 10


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many operators stand, and who of them is signed in where."""
    ours = (Operator.community_id == community_id, Operator.withdrawn_at.is_(None))
    there = admitting.admitted(session, *ours, Admission.signed_in_until > now)
    named = select(Device.id, Device.name).where(Device.id.in_([one.device_id for one in there]))
    names = {row.id: row.name for row in session.execute(named)}
    return {
        "every": session.scalar(select(func.count()).select_from(Operator).where(*ours)),
        "there": len(there),
        "first": [(one.operator.name, names[one.device_id]) for one in there[:MOST]],
    }


OPERATORS = Panel(
    "operators",
    "Operators",
    66,
    "organiser/panels/operators.html",
    content,
    page="operator_pages.page",
)
