"""What a perk holds for who missed its window."""

from datetime import datetime

LOST, ASK, RENEW = "lost", "ask", "renew"


def still_offered(
    missed: str, *, is_withdrawn: bool, fixed_until: datetime | None, ends: datetime
) -> str:
    """What is left of a perk's `missed` for a voucher that ended then: `lost`, `ask` or `renew`.

    A new one needs a perk that stands, and time after the old one's end. Whether the voucher is a
    second one already is not known here.
    """
    is_over = fixed_until is not None and fixed_until <= ends
    return LOST if missed == RENEW and (is_withdrawn or is_over) else missed
