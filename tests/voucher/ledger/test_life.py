"""Vouchers live through random moves: the ledger, its record and a plain model agree at each step.

The record is folded from its first entry: what it tells must be enough to know how all stands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.refusals import Refused
from tests.support.installations import NOON, PROGRAMME, World, make_installation
from voucher.ledger import extending, renewing, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.ledger.moves import MoveRefused
from voucher.scans.models import Scan
from voucher.scans.scanners import Scanner
from voucher.scans.undoing import NothingToUndo, last_redemption, undo

DRINKS = PROGRAMME + '\n[perks.drinks]\nname = "Drink card"\nuses = 3\n'
USES = {"pin": 1, "drinks": 3}
WINDOW = timedelta(hours=72)
STANDINGS = {
    "voucher.voided": "void",
    "voucher.restored": "open",
    "voucher.superseded": "superseded",
    "voucher.renewed": "superseded",
    "voucher.refunded": "refunded",
}
TAKEN = {"voucher.redeemed": 1, "redemption.undone": -1}


@dataclass
class Life:
    """What a voucher should be."""

    uses: int
    ends: datetime
    taken: int = 0
    standing: str = "open"
    renewed: bool = field(default=False, compare=False)

    def verdict(self, uses: int, now: datetime, *, typed: bool) -> str:
        if not typed and now >= self.ends:  # the token's own checks come first
            return "expired"
        if self.standing != "open":
            return self.standing
        if now >= self.ends:
            return "expired"
        left = self.uses - self.taken
        if left == 0:
            return "already_redeemed"
        return "redeemed" if uses <= left else "too_few_uses"


def fold(session: Session) -> dict[str, Life]:
    """How all vouchers stand, by nothing but the record's entries in their order."""
    lives: dict[str, Life] = {}
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id)):
        told = entry.data
        if entry.kind == "voucher.issued":
            ends = datetime.fromisoformat(told["valid_until"])
            lives[told["voucher"]] = Life(told["uses"], ends)
        elif entry.kind in STANDINGS:
            lives[told["voucher"]].standing = STANDINGS[entry.kind]
        elif entry.kind == "voucher.extended":
            lives[told["voucher"]].ends = datetime.fromisoformat(told["valid_until"])
        elif entry.kind in TAKEN:
            lives[told["voucher"]].taken += TAKEN[entry.kind] * told["uses"]
    return lives


def ledger(session: Session) -> dict[str, Life]:
    return {
        row.reference: Life(row.uses, row.valid_until, row.uses_taken, row.standing)
        for row in session.scalars(select(Voucher))
    }


class Lives(RuleBasedStateMachine):
    """Random moves, at random times, by two devices; some of them repeated."""

    world: World
    scanners: tuple[Scanner, Scanner]
    vouchers: Bundle[Issued] = Bundle("vouchers")

    def __init__(self) -> None:
        super().__init__()
        with self.world.installation.reading() as session:
            self.lives = ledger(session)  # of the examples before this one
        self.now = NOON

    def do(self, move: Any, voucher: Issued, *given: Any, **more: Any) -> Any:
        how = {"reason": "r", "actor": COMMAND_LINE, "now": self.now} | more
        with clock.standing_at(self.now), self.world.installation.unit_of_work() as session:
            held = by_reference(session, self.world.community_id, voucher.reference)
            return move(session, held.voucher, *given, **how)

    def expect(self, allowed: bool, move: Any, voucher: Issued, *given: Any, **more: Any) -> Any:
        if allowed:
            return self.do(move, voucher, *given, **more)
        self.expect_refusal(MoveRefused, move, voucher, *given, **more)
        return None

    def expect_refusal(
        self, kind: type[Refused], move: Any, voucher: Issued, *given: Any, **more: Any
    ) -> None:
        with pytest.raises(kind):
            self.do(move, voucher, *given, **more)

    @rule(target=vouchers, perk=st.sampled_from(list(USES)))
    def issue(self, perk: str) -> Issued:
        with clock.standing_at(self.now):
            issued = self.world.issue(perk, now=self.now)
        self.lives[issued.reference] = Life(USES[perk], self.now + WINDOW)
        return issued

    @rule(hours=st.sampled_from([1, 30, 71]))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        voucher=vouchers,
        uses=st.integers(1, 3),
        device=st.integers(0, 1),
        mode=st.sampled_from(["redeem", "redeem", "check"]),
        typed=st.booleans(),
        again=st.booleans(),
    )
    def scan(
        self, voucher: Issued, uses: int, device: int, mode: str, typed: bool, again: bool
    ) -> None:
        life = self.lives[voucher.reference]
        verdict = life.verdict(uses, self.now, typed=typed)
        if verdict == "redeemed" and mode == "redeem":
            life.taken += uses
        elif verdict == "redeemed":
            verdict = "valid"
        shown = {"code": voucher.code} if typed else {"token": voucher.token}
        asked: dict[str, Any] = {**shown, "mode": mode, "uses": uses}
        with clock.standing_at(self.now):
            answer = self.world.scan(self.scanners[device], now=self.now, **asked)
            if again:
                asked["attempt_id"] = str(self._attempt_of(answer))
                replayed = self.world.scan(self.scanners[device], now=self.now, **asked)
                assert replayed == {**answer, "replayed": True}
        assert answer["verdict"] == verdict

    @rule(voucher=vouchers)
    def undo(self, voucher: Issued) -> None:
        life = self.lives[voucher.reference]
        standing = [scan for scan in self._redemptions(voucher) if scan.undone_at is None]
        if not standing:
            self.expect_refusal(NothingToUndo, self._undo, voucher)
        elif life.standing != "open":
            self.expect_refusal(MoveRefused, self._undo, voucher)
        else:
            life.taken -= standing[-1].uses
            self.do(self._undo, voucher)

    @staticmethod
    def _undo(session: Session, voucher: Voucher, **how: Any) -> None:
        undo(session, last_redemption(session, voucher), **how)

    def _redemptions(self, voucher: Issued) -> list[Scan]:
        with self.world.installation.reading() as session:
            redeemed = select(Scan).join(Voucher, Voucher.id == Scan.voucher_id).order_by(Scan.id)
            of_it = redeemed.where(Voucher.reference == voucher.reference)
            return list(session.scalars(of_it.where(Scan.verdict == "redeemed")))

    def _attempt_of(self, answer: dict[str, Any]) -> Any:
        with self.world.installation.reading() as session:
            newest = select(Scan).order_by(Scan.id.desc()).limit(1)
            scan = session.scalars(newest).one()
            assert scan.answer == answer
            return scan.attempt_id

    @rule(voucher=vouchers)
    def void(self, voucher: Issued) -> None:
        life = self.lives[voucher.reference]
        self.expect(life.standing == "open", withdrawing.void, voucher)
        life.standing = "void" if life.standing == "open" else life.standing

    @rule(voucher=vouchers)
    def restore(self, voucher: Issued) -> None:
        life = self.lives[voucher.reference]
        self.expect(life.standing == "void", withdrawing.restore, voucher)
        life.standing = "open" if life.standing == "void" else life.standing

    @rule(voucher=vouchers, hours=st.sampled_from([1, 24, 100]))
    def extend(self, voucher: Issued, hours: int) -> None:
        life, until = self.lives[voucher.reference], self.now + timedelta(hours=hours)
        allowed = life.standing == "open" and life.taken < life.uses and life.ends < until
        self.expect(allowed, extending.extend, voucher, until=until)
        life.ends = until if allowed else life.ends

    @rule(target=vouchers, voucher=vouchers)
    def reissue(self, voucher: Issued) -> Issued:
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and life.taken < life.uses and life.ends > self.now
        new: Issued | None = self.expect(allowed, replacing.reissue, voucher)
        if new is None:
            return voucher
        life.standing = "superseded"
        left = life.uses - life.taken
        self.lives[new.reference] = Life(left, life.ends, renewed=life.renewed)
        return new

    @rule(target=vouchers, voucher=vouchers)
    def renew(self, voucher: Issued) -> Issued:
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and life.taken < life.uses and life.ends <= self.now
        new: Issued | None = self.expect(allowed and not life.renewed, renewing.renew, voucher)
        if new is None:
            return voucher
        life.standing = "superseded"
        left = life.uses - life.taken
        self.lives[new.reference] = Life(left, self.now + WINDOW, renewed=True)
        return new

    @rule(target=vouchers, voucher=vouchers, uses=st.integers(1, 3))
    def refund(self, voucher: Issued, uses: int) -> Issued:
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and uses <= life.taken
        new: Issued | None = self.expect(allowed, replacing.refund, voucher, uses)
        if new is None:
            return voucher
        life.standing = "refunded"
        left = life.uses - life.taken + uses
        self.lives[new.reference] = Life(left, self.now + WINDOW, renewed=life.renewed)
        return new

    @invariant()
    def all_agree(self) -> None:
        with self.world.installation.reading() as session:
            assert ledger(session) == self.lives
            assert fold(session) == self.lives


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, DRINKS)
    yield World(installation)
    installation.close()


def test_the_ledger_its_record_and_the_model_agree(world: World) -> None:
    devices = (world.add_device()[0], world.add_device(name="Door 2")[0])

    class Here(Lives):
        pass

    Here.world, Here.scanners = world, devices
    # Shrinking what failed takes minutes here: the steps of one example are few enough to read.
    how = settings(max_examples=40, stateful_step_count=30, phases=[Phase.generate])
    run_state_machine_as_test(Here, settings=how)
