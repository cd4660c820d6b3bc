"""What a change of a perk brings about for the vouchers of it, in a sentence."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import clock
from app.programme.comparing import NEW, WITHDRAWN, Change
from voucher.ledger import moves
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move
from voucher.perks.models import Perk


def of_perk(session: Session, community_id: int, change: Change) -> str:
    """How many vouchers are out, and what of the change holds for them."""
    if change.what == NEW:
        return ""
    out = session.scalar(
        select(func.count())
        .select_from(Voucher)
        .join(Perk, Perk.number == Voucher.perk_number)
        .where(Voucher.community_id == community_id, Perk.community_id == community_id)
        .where(Perk.key == change.key, Voucher.valid_until > clock.now())
        .where(moves.may(Move.REDEEM), Voucher.uses_taken < Voucher.uses)
    )
    if not out:
        return "No voucher of it is out."
    many = f"{out:,} vouchers of it are out: they keep their"
    said = many if out > 1 else "1 voucher of it is out: it keeps its"
    if change.what == WITHDRAWN:
        return f"{said} words, and can be redeemed as before."
    return f"{said} window and uses; all else holds for what is out as well."
