"""`keepsake vouchers renew`: what organisers may do for who missed the end."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from app.actor import COMMAND_LINE
from app.installation import Installation
from voucher.ledger.changes.commands import take_move, takes_a_voucher
from voucher.ledger.changes.renewing import renew
from voucher.ledger.finding import Held
from voucher.ledger.issuance.commands import issued_as_json


@click.command("renew")
@takes_a_voucher
def renew_command(
    installation: Installation, code_or_reference: str, reason: str, as_json: bool
) -> None:
    """Give a new voucher for one that ended, once; whatever its perk lets members do."""

    def move(session: Session, held: Held, now: datetime) -> dict[str, Any]:
        new = renew(session, held.voucher, reason=reason, actor=COMMAND_LINE, now=now)
        return issued_as_json(installation, new)

    take_move(installation, code_or_reference, move, as_json=as_json)
