"""Checks seven to nine: whether a believed payload counts here and now."""

from voucher.token.layout import Payload, Window
from voucher.token.verdicts import TokenRefused, TokenVerdict

LIVE_TOLERANCE = 30


def judge(
    payload: Payload, now: int, *, offline: bool = False, window: Window | None = None
) -> None:
    """Make checks seven to nine, or raise TokenRefused.

    ``now`` in Unix seconds; ``window`` is the record's later word, if it has one.
    """
    refuse_outside_window(payload, now, window)
    refuse_static(payload)
    if offline:
        refuse_without_network(payload)


def refuse_outside_window(payload: Payload, now: int, window: Window | None = None) -> None:
    """Check 7: ``now`` lies in the window.

    The record's window takes the place of a static token's own. A live token's minute always
    counts, with 30 s of tolerance for clocks, and the record's window with it.
    """
    if payload.live:
        refuse_outside(payload.window, now, tolerance=LIVE_TOLERANCE)
    elif window is None:
        refuse_outside(payload.window, now)
    if window is not None:
        refuse_outside(window, now)


def refuse_outside(window: Window, now: int, *, tolerance: int = 0) -> None:
    """Raise TokenRefused where ``now`` lies before or after the window."""
    if now < window.valid_from - tolerance:
        raise TokenRefused(TokenVerdict.NOT_YET_VALID)
    if now >= window.valid_until + tolerance:
        raise TokenRefused(TokenVerdict.EXPIRED)


def refuse_static(payload: Payload) -> None:
    """Check 8: where the perk demands a live token, this is one."""
    if payload.live_required and not payload.live:
        raise TokenRefused(TokenVerdict.LIVE_REQUIRED)


def refuse_without_network(payload: Payload) -> None:
    """Check 9: without a network, only what is marked for it."""
    if not payload.offline_ok:
        raise TokenRefused(TokenVerdict.ONLINE_REQUIRED)
