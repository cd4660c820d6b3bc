"""Letting go of a device: nobody holds it any more."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from kiosk.devices.models import Admission


def let_go(session: Session, device_id: str, *, but: str = "") -> None:
    """Signs everybody out of a device but the operator `but`, in the caller's transaction."""
    session.execute(
        update(Admission)
        .where(Admission.device_id == device_id, Admission.operator_id != but)
        .values(signed_in_until=None, once_until=None)
        .execution_options(synchronize_session=False)
    )
