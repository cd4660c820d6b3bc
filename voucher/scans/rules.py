"""What the record says of a voucher here and now: pure, for the server and whoever else judges."""

from dataclasses import dataclass
from datetime import datetime

from voucher.token import Payload, TokenRefused, Window
from voucher.token import judge as judge_token

OK = "ok"
REDEEMED, VALID = "redeemed", "valid"
"""What an attempt that is `ok` comes to, by its mode."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """What the record knows of one voucher."""

    uses_left: int
    valid_from: datetime
    valid_until: datetime
    stations: list[str] | None
    """Keys of the stations that may redeem it; None for all."""
    standing: str = "open"
    """What was done with it: `open`, or the verdict that this leads to."""
    is_open: bool = True
    """Whether the station and the perk are open now."""

    @property
    def window(self) -> Window:
        """The record's word on the window, in Unix seconds."""
        return Window(int(self.valid_from.timestamp()), int(self.valid_until.timestamp()))


def judge(
    payload: Payload | None, view: RecordView | None, *, station: str, uses: int, now: datetime
) -> str:
    """`ok`, or the first refusal in the order of the token's specification.

    `payload` is a believed token's; None for a typed code, on which the record decides alone.
    `view` is None where the server knows no such voucher in this community.
    """
    seconds = int(now.timestamp())
    try:
        if payload is not None:
            judge_token(payload, seconds, window=view.window if view else None)
    except TokenRefused as refused:
        return refused.code
    if view is None:
        return "unknown_voucher"
    return _judge_record(view, station, uses, now)


def _judge_record(view: RecordView, station: str, uses: int, now: datetime) -> str:
    if view.standing != "open":
        return view.standing
    if now < view.valid_from:
        return "not_yet_valid"
    if now >= view.valid_until:
        return "expired"
    if view.stations is not None and station not in view.stations:
        return "wrong_station"
    if not view.is_open:
        return "closed_now"
    if view.uses_left == 0:
        return "already_redeemed"
    if view.uses_left < uses:
        return "too_few_uses"
    return OK
