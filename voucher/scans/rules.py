"""What the record says of a voucher here and now: pure, for the server and whoever else judges."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from voucher.token import Payload, TokenRefused, TokenVerdict, Window
from voucher.token import judge as judge_token

OK = "ok"
REDEEMED, VALID, RESERVED = "redeemed", "valid", "reserved"
"""What an attempt that is `ok` comes to, by its mode."""
LIVE_REQUIRED = "live_required"
REFUSALS = (
    *(verdict for verdict in TokenVerdict if verdict != TokenVerdict.OK),
    "unknown_voucher",
    "unknown_perk",
    "void",
    "superseded",
    "refunded",
    "wrong_station",
    "closed_now",
    "already_redeemed",
    "held",
    "too_few_uses",
    "identity_required",
    "out_of_stock",
    "allowance_spent",
)
"""Every verdict that hands nothing over, of the server or of a device by itself."""
NOT_YET_VALID, EXPIRED = str(TokenVerdict.NOT_YET_VALID), str(TokenVerdict.EXPIRED)
WRONG_STATION, CLOSED_NOW = "wrong_station", "closed_now"
OVERRIDABLE = (NOT_YET_VALID, EXPIRED, WRONG_STATION, CLOSED_NOW)
"""What a supervisor may set aside: where and when. Never what a voucher is worth."""
OVERRIDE_BEFORE, OVERRIDE_AFTER = timedelta(days=1), timedelta(days=7)
"""How long before the window and after it."""


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
    held: int = 0
    """Uses that others are handing out just now."""
    asks_identity: bool = False
    """Whether staff must confirm who stands there, or how old they are."""
    asks_live: bool = False
    """Whether only a live token will do, or else an identity check."""
    in_stock: bool = True
    """Whether there is enough of it here."""

    @property
    def window(self) -> Window:
        """The record's word on the window, in Unix seconds."""
        return Window(int(self.valid_from.timestamp()), int(self.valid_until.timestamp()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the record, here and now."""

    station: str
    uses: int
    now: datetime
    identity_confirmed: bool = False
    aside: frozenset[str] = frozenset()
    """What a supervisor sets aside, of `OVERRIDABLE`."""


def judge(payload: Payload | None, view: RecordView | None, asked: Asked) -> str:
    """`ok`, or the first refusal in the order of the token's specification.

    `payload` is a believed token's; None for a typed code, on which the record decides alone.
    `view` is None where the server knows no such voucher in this community. Who has no phone for
    a live token is served by an identity check: nobody is locked out.
    """
    seconds = int(asked.now.timestamp())
    try:
        if payload is not None:
            judge_token(payload, seconds, window=_window(view, asked) if view else None)
    except TokenRefused as refused:
        if refused.code != LIVE_REQUIRED or view is None or not asked.identity_confirmed:
            return refused.code
    if view is None:
        return "unknown_voucher"
    is_live = payload is not None and payload.live
    return judge_record(view, asked, shown_live=is_live)


def judge_record(view: RecordView, asked: Asked, *, shown_live: bool = False) -> str:
    """The record's part of `judge()`; `shown_live` where the token was a live one."""
    if view.standing != "open":
        return view.standing
    asks_identity = view.asks_identity or (view.asks_live and not shown_live)
    aside = set_aside(view, asked)
    checks = (
        *((rule, refuses and rule not in aside) for rule, refuses in _overridable(view, asked)),
        ("already_redeemed", view.uses_left == 0),
        ("held", view.held > 0 and view.uses_left - view.held < asked.uses),
        ("too_few_uses", view.uses_left < asked.uses),
        ("identity_required", asks_identity and not asked.identity_confirmed),
        ("out_of_stock", not view.in_stock),
    )
    return next((verdict for verdict, refuses in checks if refuses), OK)


def set_aside(view: RecordView, asked: Asked) -> tuple[str, ...]:
    """Those of the rules that a supervisor sets aside that refuse here, and near enough to it."""
    if not asked.aside:
        return ()
    is_near = {
        NOT_YET_VALID: asked.now >= view.valid_from - OVERRIDE_BEFORE,
        EXPIRED: asked.now < view.valid_until + OVERRIDE_AFTER,
    }
    rules = _overridable(view, asked)
    return tuple(
        rule
        for rule, refuses in rules
        if refuses and rule in asked.aside and is_near.get(rule, True)
    )


def _overridable(view: RecordView, asked: Asked) -> tuple[tuple[str, bool], ...]:
    """Where and when, in the order of the specification: each rule, and whether it refuses."""
    return (
        (NOT_YET_VALID, asked.now < view.valid_from),
        (EXPIRED, asked.now >= view.valid_until),
        (WRONG_STATION, view.stations is not None and asked.station not in view.stations),
        (CLOSED_NOW, not view.is_open),
    )


def _window(view: RecordView, asked: Asked) -> Window:
    """The record's window, and as much around it as a supervisor allows."""
    own, aside, seconds = view.window, set_aside(view, asked), int(asked.now.timestamp())
    return Window(
        min(own.valid_from, seconds) if NOT_YET_VALID in aside else own.valid_from,
        max(own.valid_until, seconds + 1) if EXPIRED in aside else own.valid_until,
    )
