"""A kiosk without a network decides by the server's rules, and says what the server would."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.communities import hours
from tests.support.node import run_node
from tests.voucher.scans.offline_cases import KEYS, OTHERS, generate
from voucher.scans.answers import answer_for
from voucher.scans.rules import OK, REDEEMED, REFUSALS, VALID, Asked, RecordView, judge
from voucher.scans.scanners import Scanner
from voucher.token import Payload, TokenRefused, read

TWIN = Path(__file__).parent / "offline_twin.mjs"
CASES = 2000
EPOCH = datetime.fromtimestamp(0, UTC)
LONG = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
NOT_KNOWN_HERE = {"unknown_voucher", "held", "out_of_stock"}
BY_KEYS = {"unsupported_version", "revoked_key", "unknown_key"}
"""What `test_token_twin` sees to."""
SINCE = "stood_since"
"""Since when it is withdrawn, replaced or refunded: a device does not know it."""
MOMENTS = {"valid_from", "valid_until", "opens"}
NO_SENTENCE = {"unknown_perk", "allowance_spent"}

Case = dict[str, Any]


class World:
    """One case as the server's rules see it."""

    def __init__(self, case: Case) -> None:
        self.case, self.state = case, case["known"]["state"]
        self.wanted, self.station = case["wanted"], self.state["station"]
        self.now = EPOCH + timedelta(milliseconds=case["moment"])
        self.row = self.state["vouchers"].get(case["voucher"], {})
        self.asked = Asked("popup", self.wanted["uses"], self.now, self.wanted["identityConfirmed"])
        memory = case["known"]["memory"]
        self.own = [one for one in memory if one["name"] == case["voucher"]]

    @property
    def verdict(self) -> str:
        if self.case["shown"]["kind"] == "code":
            return "online_required"
        try:
            payload = read(self.case["shown"]["text"], KEYS)
        except TokenRefused as refused:
            return refused.code
        by_token = judge(payload, RecordView(10**6, *self.window(payload), None), self.asked)
        if by_token != OK:
            return by_token
        perk = self.state["perks"].get(str(payload.perk))
        if not payload.offline_ok:
            return "online_required"
        return "unknown_perk" if perk is None else self._with(perk, payload)

    def _with(self, perk: Case, payload: Payload) -> str:
        if not perk["offline"]:
            return "online_required"
        verdict = judge(payload, self.view(perk, payload), self.asked)
        allowance = self.case["known"]["allowance"]
        is_over = self.case["moment"] >= allowance["until"]
        if verdict in (OK, "identity_required") and (
            is_over or allowance["left"] < self.wanted["uses"]
        ):
            return "allowance_spent"
        if verdict == OK:
            return VALID if self.wanted["mode"] == "check" else REDEEMED
        return verdict

    def window(self, payload: Payload) -> tuple[datetime, datetime]:
        """The record's, or else the signed one; a live code does not tell the voucher's."""
        begins, ends = (EPOCH + timedelta(seconds=one) for one in payload.window)
        if payload.live:
            begins, ends = LONG
        told_from, told_until = self.row.get("validFrom"), self.row.get("validUntil")
        return (
            begins if told_from is None else EPOCH + timedelta(seconds=told_from),
            ends if told_until is None else EPOCH + timedelta(seconds=told_until),
        )

    def left(self, perk: Case) -> int:
        uses: int = self.row.get("usesLeft", perk["uses"])
        for one in self.own:
            is_in_row = one["recorded"] is not None and self.row.get("sync", 0) > one["recorded"]
            uses -= 0 if is_in_row else one["uses"]
        return max(0, uses)

    def view(self, perk: Case, payload: Payload) -> RecordView:
        shut = (*self.station["closed"], *perk["closed"])
        return RecordView(
            self.left(perk),
            *self.window(payload),
            perk["stations"],
            self.row.get("standing", "open"),
            hours.is_open(self.station["hours"], shut, self.station["zone"], self.now),
            asks_identity=perk["identity"] or perk["minimum_age"] is not None,
            asks_live=perk["live"] and payload.live_required,
        )

    def answer(self, verdict: str) -> Case:
        """What the server answers about a voucher of which it knows no more."""
        payload = read(self.case["shown"]["text"], KEYS)
        perk = self.state["perks"].get(str(payload.perk))
        begins, ends = self.window(payload)
        fixed = perk and perk["fixed_until"]
        row = perk and SimpleNamespace(
            **perk
            | {"fixed_until": datetime.fromisoformat(fixed) if fixed else None}
            | {"perk_withdrawn_at": self.now if perk["withdrawn"] else None},
            uses_taken=perk["uses"] - self.left(perk),
            standing=self.row.get("standing", "open"),
            number=payload.perk,
            reference=None,
            code=payload.voucher,
            display_name="Ada",
            valid_from=begins,
            valid_until=ends,
            stood_since=None,
        )
        scanner = SimpleNamespace(
            station_zone=self.station["zone"],
            station_hours=self.station["hours"],
            station_closed=self.station["closed"],
            station_name="",
            device_name="",
        )
        left = self.left(perk) if perk else None
        if left is not None and verdict == REDEEMED:
            left -= self.wanted["uses"]
        return answer_for(
            cast(Scanner, scanner),
            None,
            cast(Any, row),
            verdict,
            None,
            left,
            now=self.now,
            live=payload.live,
            stations=OTHERS,
        )


def told(facts: Case) -> Case:
    """Facts with their moments as such: the server's text has no thousandths."""
    return {
        name: datetime.fromisoformat(fact) if name in MOMENTS and fact else fact
        for name, fact in facts.items()
    }


@pytest.fixture(scope="module")
def decided() -> list[tuple[World, Case]]:
    cases = [generate(Random(seed)) for seed in range(CASES)]
    given = json.dumps({"jwks": KEYS.as_jwks(), "cases": cases})
    decisions: list[Case] = json.loads(run_node(TWIN, given=given))
    return [(World(case), one) for case, one in zip(cases, decisions, strict=True)]


def test_every_verdict_is_that_of_the_servers_rules(decided: list[tuple[World, Case]]) -> None:
    for world, decision in decided:
        assert decision["verdict"] == world.verdict, world.case
    counts = Counter(decision["verdict"] for _, decision in decided)
    assert set(counts) == {REDEEMED, VALID, *REFUSALS} - NOT_KNOWN_HERE - BY_KEYS
    assert counts[REDEEMED] + counts[VALID] > CASES / 20
    assert min(counts.values()) > 4


def test_the_rest_of_the_answer_is_the_servers_as_well(decided: list[tuple[World, Case]]) -> None:
    keys: set[str] = set()
    for world, decision in decided:
        if decision["name"] is None:
            assert (decision["voucher"], decision["facts"]) == (None, None)
            continue
        assert decision["name"] == world.case["voucher"]
        answer = world.answer(decision["verdict"])
        assert (decision["voucher"] is None) == (answer["voucher"] is None)
        if answer["voucher"]:
            for part in ("perk", "uses_left"):
                assert decision["voucher"][part] == answer["voucher"][part], world.case
        assert (decision["live"], decision["member"]) == (answer["live"], None)
        if decision["verdict"] not in NO_SENTENCE and decision["voucher"]:
            assert decision["message_key"] == answer["message_key"], world.case
            wanted = told({name: fact for name, fact in answer["facts"].items() if name != SINCE})
            assert told({name: decision["facts"][name] for name in wanted}) == wanted, world.case
            keys.add(decision["message_key"])
    missed = {one["facts"]["missed"] for _, one in decided if one["message_key"] == "expired"}
    assert missed == {None, "lost", "ask", "renew"}
    # Four for each of what depends on the kind, two for each that a live code has of its own.
    assert len(keys) == 25


def test_what_was_handed_out_here_is_told(decided: list[tuple[World, Case]]) -> None:
    told = 0
    for world, decision in decided:
        if decision["verdict"] != "already_redeemed" or not world.own:
            assert decision["first_redemption"] is None
            continue
        earliest = min(world.own, key=lambda one: datetime.fromisoformat(one["at"]))
        parts = ("at", "station", "device", "operator")
        assert decision["first_redemption"] == {part: earliest[part] for part in parts}
        told += 1
    assert told > 20


def test_what_could_not_be_checked_is_named_where_it_matters(
    decided: list[tuple[World, Case]],
) -> None:
    for _, decision in decided:
        leads_on = decision["verdict"] in (REDEEMED, VALID, "identity_required")
        assert decision["unchecked"] == (["stock", "held"] if leads_on else [])
