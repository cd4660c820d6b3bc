"""Everything that the kiosk answers, to be measured and drawn."""

from typing import Any

from tests.kiosk.page.stub import answer

FIRST = {
    "at": "2031-05-03T11:40:00Z",
    "station": "Pop-up Berlin",
    "device": "Door 5",
    "operator": "Mia",
}
NOW = "2031-05-03T12:00:00Z"
UNTIL = "2031-05-04T16:00:00Z"
PERK = {"number": 7, "name": "Enamel pin", "kind": "item"}


def voucher(left: int = 0, until: str = UNTIL, **perk: Any) -> dict[str, Any]:
    return {
        "reference": "V-7KQ2M9XA",
        "perk": PERK | perk,
        "uses_left": left,
        "valid_until": until,
    }


def told(verdict: str, key: str = "", **more: Any) -> dict[str, Any]:
    """An outcome as the server or the device gives it."""
    given = {"message_key": key or verdict, "voucher": voucher(), "facts": {}} | more
    return {
        "kind": "answer",
        "answer": answer(verdict, **given),
        "waitedMs": 40,
        "attemptId": "a",
    }


def by_itself(verdict: str, *, final: bool = True, **more: Any) -> dict[str, Any]:
    unchecked = ["stock", "held"] if verdict == "redeemed" else []
    own = {"asOf": "2031-05-03T11:55:00Z", "unchecked": unchecked, "isFinal": final}
    return told(verdict, own=own, member=None, **more)


UNREAD: dict[str, Any] = {"voucher": None, "member": None, "facts": None}
SCENES: dict[str, dict[str, Any]] = {
    "redeemed": told("redeemed"),
    "redeemed_discount": told(
        "redeemed",
        "redeemed_discount",
        voucher=voucher(2, kind="discount", name="Ten off", coupon="LANTERN-10"),
    ),
    "redeemed_pickup": told(
        "redeemed",
        "redeemed_pickup",
        voucher=voucher(kind="pickup", name="Welcome pack"),
    ),
    "accepted": by_itself("redeemed"),
    "reserved": told("reserved"),
    "released": told("released"),
    "valid": told("valid", voucher=voucher(1)),
    "undone": told("undone", voucher=voucher(1)),
    "already_redeemed": told("already_redeemed", first_redemption=FIRST),
    "repeated": told("redeemed") | {"isRepeated": True},
    "identity_required": told(
        "identity_required",
        facts={"whom": {"age": 18, "name": True}},
        voucher=voucher(1, identity=True, minimum_age=18, staff_note="The blue ones"),
    ),
    "live_required": told("live_required"),
    "expired_live": told("expired", "expired_live", live=True),
    "not_yet_valid_live": told("not_yet_valid", "not_yet_valid_live", live=True),
    "not_yet_valid": told("not_yet_valid", facts={"valid_from": UNTIL}),
    "expired": told(
        "expired",
        voucher=voucher(1, FIRST["at"]),
        facts={"valid_until": FIRST["at"], "missed": "renew"},
    ),
    "wrong_station": told("wrong_station", facts={"stations": ["Bar at the pier", "Box office"]}),
    "wrong_station_nowhere": told("wrong_station", "wrong_station_nowhere"),
    "closed_now": told("closed_now", facts={"opens": UNTIL}),
    "held": told("held", facts={"held_until": "2031-05-03T12:01:30Z"}),
    "too_few_uses": told("too_few_uses", facts={"uses_left": 1}),
    "out_of_stock": told("out_of_stock"),
    "void": told("void", facts={"stood_since": FIRST["at"]}),
    "superseded": told("superseded", facts={"stood_since": FIRST["at"]}),
    "refunded": told("refunded", facts={"stood_since": FIRST["at"]}),
    "revoked_key": told("revoked_key", **UNREAD),
    "malformed": told("malformed", **UNREAD),
    "unsupported_version": told("unsupported_version", **UNREAD),
    "unknown_key": told("unknown_key", **UNREAD),
    "bad_signature": told("bad_signature", **UNREAD),
    "unknown_voucher": told("unknown_voucher", **UNREAD),
    "online_required": by_itself("online_required", final=False, voucher=None),
    "unknown_perk": by_itself("unknown_perk", final=False, voucher=None),
    "allowance_spent": by_itself("allowance_spent", final=False),
    "impossible_time": told("impossible_time"),
    "revoked_device": told("revoked_device", **UNREAD),
    "not_allowed": told("not_allowed"),
    "silence": {"kind": "silence", "reason": "network"},
    "unpaired": {
        "kind": "problem",
        "status": 401,
        "sentence": "This browser is not paired any more. Ask an organiser for a new link.",
    },
    "wait": {
        "kind": "problem",
        "status": 429,
        "sentence": "Too many codes that are none: wait a minute, then scan again.",
    },
    "not_undone": {
        "kind": "problem",
        "status": 403,
        "sentence": "Ten minutes are over: ask a supervisor to undo it.",
        "isUndo": True,
    },
}
"""What the page's screen can be shown, by name."""

STAGE = f"""async () => {{
    const [{{ Screen }}, {{ offer }}, {{ describe, describeUndo, repeated }}] = await Promise.all([
        import("/kiosk/static/screen.js"), import("/kiosk/static/steps.js"),
        import("/kiosk/static/verdict.js"),
    ]);
    const screen = new Screen({{ onDismiss() {{}}, onStep() {{}}, isBusy: () => false }});
    const scene = {{ now: new Date("{NOW}"), timeZone: "Europe/Berlin" }};
    window.stage = (outcome) => {{
        const shown = (outcome.isUndo ? describeUndo : describe)(outcome, scene);
        const steps = offer({{ mode: "redeem", heldUntil: Infinity }}, outcome);
        screen.show(outcome.isRepeated ? repeated(shown) : shown, steps);
    }};
    window.unstage = () => screen.dismiss({{ forced: true }});
}}"""
"""Gives a kiosk's page `stage(outcome)`, which shows it as the page does."""
