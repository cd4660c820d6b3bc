"""A supervisor at a desk."""

from typing import Any

from app.actor import COMMAND_LINE
from tests.kiosk.desks import Desk
from tests.support.installations import NOON, World
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued

PIN = "860135"
"""Drawn for everybody by tests that hash none."""


def admitted(world: World, *desks: Desk, name: str = "Ada", role: str = "supervisor") -> str:
    """An operator with a PIN who may sign in at these desks; a supervisor unless said otherwise."""
    operator = world.add_operator(name, role)
    for desk in desks:
        world.admit(operator, desk.scanner)
    world.draw_pin(operator)
    return operator


def move(world: World, voucher: Issued, how: Any, *given: Any, **more: Any) -> None:
    """An organiser does something with a voucher."""
    with world.installation.unit_of_work() as session:
        held = by_reference(session, world.community_id, voucher.reference)
        by: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        how(session, held.voucher, *given, **by, **more)
