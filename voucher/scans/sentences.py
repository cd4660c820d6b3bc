"""What staff read: for each verdict one sentence that says what to do."""

from datetime import datetime
from functools import cache
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

SENTENCES = {
    "redeemed": "Hand it over.",
    "redeemed_priority_entry": "Let them in first.",
    "redeemed_early_access": "Let them in.",
    "redeemed_discount": "Give the discount: type the coupon, or show it.",
    "redeemed_pickup": "Order placed. Hand nothing over: they are told when it is ready here.",
    "reserved": "Hand it over, then confirm.",
    "reserved_priority_entry": "Let them in first, then confirm.",
    "reserved_early_access": "Let them in, then confirm.",
    "reserved_discount": "Give the discount by its coupon, then confirm.",
    "reserved_pickup": "Confirm, and the order is placed. Hand nothing over.",
    "released": "Released. Nothing was handed over.",
    "released_priority_entry": "Released. Nobody was let in.",
    "released_early_access": "Released. Nobody was let in.",
    "released_discount": "Released. No discount was given.",
    "released_pickup": "Released. Nothing was ordered.",
    "undone": "Undone. It can be handed over again.",
    "undone_priority_entry": "Undone. They can come in first again.",
    "undone_early_access": "Undone. They can come in again.",
    "undone_discount": "Undone. The discount can be given again.",
    "undone_pickup": "Undone. The order is cancelled, and can be placed again.",
    "valid": "Valid. Nothing was changed.",
    "malformed": "This is not a Keepsake code. Ask for the card from the direct message.",
    "unsupported_version": "This code is newer than this server. Call an organiser.",
    "revoked_key": "Out-of-date card. Ask for the new one they were sent, or type its code.",
    "unknown_key": "This code is not one of ours. Hand nothing over.",
    "bad_signature": "This code was altered or copied badly. Hand nothing over; scan again.",
    "not_yet_valid": "Too early: valid from {valid_from}.",
    "expired": "Too late: it was valid until {valid_until}. {missed}",
    "expired_live": "An old picture of a live code, such as a screenshot. Hand nothing over: ask "
    "for the live code on the member's wallet page.",
    "not_yet_valid_live": "A live code of a later minute: the phone's clock is ahead. Ask them to "
    "reload their wallet page.",
    "live_required": "This is a picture. Ask for the live code on the member's wallet page.",
    "online_required": "This can only be checked with a network.",
    "unknown_voucher": "No such voucher here. Check the code, and ask for the card again.",
    "void": "Withdrawn {stood_since}. An organiser can tell them why.",
    "superseded": "Replaced {stood_since}. Ask for the new card: it is in their direct messages.",
    "refunded": "Refunded {stood_since}. Ask for the new card: it is in their direct messages.",
    "wrong_station": "Not at this station. Send them to: {stations}.",
    "wrong_station_nowhere": "Not at this station, and its own is closed for good. Call an "
    "organiser.",
    "closed_now": "Closed now. It is handed over again {opens}.",
    "already_redeemed": "Already handed over {first}.",
    "already_redeemed_priority_entry": "Already let in {first}.",
    "already_redeemed_early_access": "Already let in {first}.",
    "already_redeemed_discount": "Discount already given {first}.",
    "already_redeemed_pickup": "Already ordered {first}.",
    "held": "Another desk is handing this out, until {held_until}. Scan again then.",
    "identity_required": "First check {whom}. Then confirm it.",
    "out_of_stock": "None is left here. The voucher stays good; an organiser can help.",
    "impossible_time": "This device says a time that cannot be. An organiser looks at it.",
    "revoked_device": "This device was revoked. An organiser looks at what it handed over.",
    "not_allowed": "This device may only check. An organiser looks at what it handed over.",
    "too_few_uses": "Only {uses_left} left on this voucher.",
    "unknown_perk": "This device does not know this perk yet. It must hear from the server first.",
    "allowance_spent": "This device may hand out no more by itself. It must hear from the server "
    "first.",
}

MISSED = {
    "lost": "It cannot be replaced.",
    "ask": "Send them to an organiser, who can give them more time.",
    "renew": "They can get a new one on their wallet page, unless this is the second.",
}
"""What the member can do whose voucher is over, by its perk's `missed`."""


def sentence_for(verdict: str, **values: Any) -> str:
    """The sentence of a verdict; values it needs are given as text."""
    said = SENTENCES.get(verdict, "Refused. Call an organiser.").format_map(_Spaces(values))
    return said.rstrip()


def of_kind(verdict: str, kind: str) -> str:
    """What a verdict is told as for this kind of perk: not all of them are handed over."""
    named = f"{verdict}_{kind}"
    return named if named in SENTENCES else verdict


@cache
def values_in(verdict: str) -> tuple[str, ...]:
    """What the sentence of a verdict tells: moments, stations, numbers, by their names."""
    parts = Formatter().parse(SENTENCES.get(verdict, ""))
    return tuple(name for _, name, _, _ in parts if name)


def moment_for_staff(moment: datetime, zone: str, *, now: datetime) -> str:
    """`today 14:02`, or `Thu 26 Nov 14:02`, in the station's zone."""
    local, here = moment.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    if local.date() == here.date():
        return local.strftime("today %H:%M")
    return local.strftime("%a %d %b %H:%M")


class _Spaces(dict[str, Any]):
    """A value that is not known leaves a dash, or a sentence away, never an error in a queue."""

    def __missing__(self, key: str) -> str:
        return "" if key == "missed" else "–"
