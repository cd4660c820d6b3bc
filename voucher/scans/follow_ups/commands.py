"""`keepsake vouchers undo`: what organisers may do about a redemption at any time."""

from datetime import datetime

import click
from sqlalchemy.orm import Session

from app.actor import COMMAND_LINE
from app.installation import Installation
from voucher.ledger.changes.commands import take_move, takes_a_voucher
from voucher.ledger.finding import Held
from voucher.scans.follow_ups.undoing import last_redemption, undo


@click.command("undo")
@takes_a_voucher
def undo_command(
    installation: Installation, code_or_reference: str, reason: str, as_json: bool
) -> None:
    """Take the last redemption of a voucher back: it can be redeemed again."""

    def move(session: Session, held: Held, now: datetime) -> None:
        scan = last_redemption(session, held.voucher)
        undo(session, scan, reason=reason, actor=COMMAND_LINE, now=now)

    take_move(installation, code_or_reference, move, as_json=as_json)
