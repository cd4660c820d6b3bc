"""Vouchers live through random moves: the ledger, its record and a plain model agree at each step.

The record is folded from its first entry: what it tells must be enough to know how all stands.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.refusals import Refused
from app.stock import levels, moving
from app.stock.levels import Sort
from app.stock.models import StockMovement, StockReservation
from app.stock.reserving import OutOfStock
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.voucher.ledger.lives import Folded, Held, Life, ledger
from voucher.ledger.changes import extending, renewing, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.issuance.orders import NotIssued
from voucher.ledger.issuance.owing import try_owed
from voucher.ledger.models import Voucher
from voucher.ledger.moves import MoveRefused
from voucher.scans.follow_ups.confirming import NothingHeld, confirm, release
from voucher.scans.follow_ups.undoing import NothingToUndo, last_redemption, undo
from voucher.scans.models import Scan
from voucher.scans.requests import EndRequest
from voucher.scans.scanners import Scanner

DRINKS = (
    PROGRAMME
    + '\n[perks.drinks]\nname = "Drink card"\nuses = 3\n'
    + '\n[perks.mug]\nname = "Mug"\nuses = 2\nitem = "mug"\nstations = ["popup"]\n'
    + '\n[items.mug]\nname = "Mug"\n'
)
USES = {"pin": 1, "drinks": 3, "mug": 2}
HELD = timedelta(minutes=2)
PICKS, DEVICES = st.integers(0, 999), st.integers(0, 1)
USED = st.sampled_from([1, 1, 1, 2, 2, 3])
WINDOW = timedelta(hours=72)


class Lives(RuleBasedStateMachine):
    """Random moves, at random times, by two devices; some of them repeated."""

    world: World
    scanners: tuple[Scanner, Scanner]
    began: ClassVar = NOON
    owed: ClassVar[dict[str, tuple[int, bool]]] = {}
    """By the cause that the voucher will have: its uses, and whether it may not be renewed."""

    def __init__(self) -> None:
        super().__init__()
        with self.world.installation.reading() as session:
            self.lives = ledger(session)  # of the examples before this one
            self.folded = Folded()
            self.folded.read_on(session)
        self.issued: list[Issued] = []
        # What was promised or held in them is over by now; what is owed is owed still.
        self.now = type(self).began = type(self).began + timedelta(days=100)

    def pick(self, number: int) -> Issued:
        """A voucher of this example: mostly one that can be redeemed, or was; else any."""
        alive = [one for one in self.issued if self._is_alive(self.lives[one.reference])]
        among = alive if alive and number % 5 else self.issued
        return among[number // 5 % len(among)]

    def _is_alive(self, life: Life) -> bool:
        return life.standing == "open" and life.ends > self.now

    def keep(self, new: Issued, life: Life) -> None:
        self.issued.append(new)
        self.lives[new.reference] = life

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

    def free_mugs(self) -> int:
        with self.world.installation.reading() as session:
            rows = levels.of_community(session, self.world.community_id, now=self.now)
            return sum(one.on_hand - held for one, held in rows if one.place == "popup")

    @rule(quantity=st.integers(1, 4))
    def receive_mugs(self, quantity: int) -> None:
        with self.world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": self.now}
            sort = Sort(self.world.community_id, "mug", "")
            moving.receive(session, sort, "popup", quantity, **how)

    @initialize()
    def begin(self) -> None:
        """A drink card and two mugs are there: most rules need something that is open."""
        self.receive_mugs(6)
        for perk in ("drinks", "mug", "mug"):
            self.issue(perk)

    @rule(perk=st.sampled_from(list(USES)))
    def issue(self, perk: str) -> None:
        if perk == "mug" and self.free_mugs() < USES[perk]:
            with pytest.raises(NotIssued), clock.standing_at(self.now):
                self.world.issue(perk, now=self.now)
            return
        with clock.standing_at(self.now):
            issued = self.world.issue(perk, now=self.now)
        self.keep(issued, Life(USES[perk], self.now + WINDOW, perk=perk))

    @rule()
    def issue_what_is_owed(self) -> None:
        with self.world.installation.unit_of_work() as session:
            try_owed(session, now=self.now)
        with self.world.installation.reading() as session:
            for voucher in session.scalars(select(Voucher).order_by(Voucher.id)):
                if voucher.reference not in self.lives:
                    left, renewed = self.owed.pop(voucher.cause)
                    self.lives[voucher.reference] = Life(
                        left, self.now + WINDOW, renewed=renewed, perk="mug"
                    )

    @rule(minutes=st.sampled_from([1, 1, 1, 1, 60, 30 * 60, 71 * 60]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(pick=PICKS, uses=USED, device=DEVICES)
    def redeem(self, pick: int, uses: int, device: int) -> None:
        self._scan(self.pick(pick), uses, device, "redeem", typed=False, again=False)

    @rule(pick=PICKS, uses=USED, device=DEVICES)
    def hold(self, pick: int, uses: int, device: int) -> None:
        self._scan(self.pick(pick), uses, device, "hold", typed=False, again=False)

    @rule(
        pick=PICKS,
        uses=USED,
        device=DEVICES,
        mode=st.sampled_from(["redeem", "hold", "check"]),
        typed=st.booleans(),
        again=st.booleans(),
    )
    def scan(self, pick: int, uses: int, device: int, mode: str, typed: bool, again: bool) -> None:
        self._scan(self.pick(pick), uses, device, mode, typed=typed, again=again)

    def _scan(
        self, voucher: Issued, uses: int, device: int, mode: str, *, typed: bool, again: bool
    ) -> None:
        life = self.lives[voucher.reference]
        verdict, attempt = life.verdict(uses, self.now, device, typed=typed), uuid4()
        if verdict == "redeemed" and mode != "check":
            life.make_room(uses, self.now, device)
        if verdict == "redeemed" and mode == "redeem":
            life.taken += uses
        elif verdict == "redeemed" and mode == "hold":
            verdict = "reserved"
            life.holds.append(Held(device, uses, self.now + HELD, attempt))
        elif verdict == "redeemed":
            verdict = "valid"
        shown = {"code": voucher.code} if typed else {"token": voucher.token}
        asked: dict[str, Any] = {**shown, "mode": mode, "uses": uses, "attempt_id": str(attempt)}
        with clock.standing_at(self.now):
            answer = self.world.scan(self.scanners[device], now=self.now, **asked)
            if again:
                replayed = self.world.scan(self.scanners[device], now=self.now, **asked)
                assert replayed == {**answer, "replayed": True}
        assert answer["verdict"] == verdict

    @rule(pick=PICKS)
    def undo(self, pick: int) -> None:
        voucher = self.pick(pick)
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

    @precondition(lambda self: self._holds())
    @rule(pick=PICKS)
    def confirm(self, pick: int) -> None:
        life, hold = self._holds()[pick % len(self._holds())]
        answer = self._end(confirm, hold)
        if hold.confirmed:
            assert answer["replayed"]
            return
        held = 0 if hold.until > self.now else life.held(self.now, but=hold.device)
        good = life.standing == "open" and hold.uses + held <= life.left
        assert (answer["verdict"] == "redeemed") == good
        assert (answer["conflict"] is None) == good
        hold.confirmed, hold.until = True, min(hold.until, self.now)
        life.taken += hold.uses if good else 0

    @precondition(lambda self: self._holds())
    @rule(pick=PICKS)
    def release(self, pick: int) -> None:
        _, hold = self._holds()[pick % len(self._holds())]
        if hold.confirmed:
            with pytest.raises(NothingHeld):
                self._end(release, hold)
            return
        assert self._end(release, hold)["verdict"] == "released"
        hold.until = min(hold.until, self.now)

    def _holds(self) -> list[tuple[Life, Held]]:
        """The holds of this example, the newest first."""
        lives = [self.lives[one.reference] for one in reversed(self.issued)]
        return [(life, hold) for life in lives for hold in reversed(life.holds)]

    def _end(self, how: Any, hold: Held) -> dict[str, Any]:
        scanner, request = self.scanners[hold.device], EndRequest.read({})
        with self.world.installation.unit_of_work() as session:
            answer: dict[str, Any] = how(session, scanner, hold.attempt, request, now=self.now)
        return answer

    @rule(pick=PICKS)
    def void(self, pick: int) -> None:
        voucher = self.pick(pick)
        life = self.lives[voucher.reference]
        self.expect(life.standing == "open", withdrawing.void, voucher)
        life.standing = "void" if life.standing == "open" else life.standing

    @rule(pick=PICKS)
    def restore(self, pick: int) -> None:
        voucher = self.pick(pick)
        life = self.lives[voucher.reference]
        if life.standing == "void" and self._is_gone(life, life.ends):
            self.expect_refusal(OutOfStock, withdrawing.restore, voucher)
            return
        self.expect(life.standing == "void", withdrawing.restore, voucher)
        life.standing = "open" if life.standing == "void" else life.standing

    def _is_gone(self, life: Life, until: datetime) -> bool:
        """Whether mugs that have to be promised anew until then have gone to others."""
        return life.perk == "mug" and until > self.now and self.free_mugs() < life.left

    @rule(pick=PICKS, hours=st.sampled_from([1, 24, 100]))
    def extend(self, pick: int, hours: int) -> None:
        voucher = self.pick(pick)
        life, until = self.lives[voucher.reference], self.now + timedelta(hours=hours)
        allowed = life.standing == "open" and life.taken < life.uses and life.ends < until
        if allowed and life.ends <= self.now and self._is_gone(life, until):
            self.expect_refusal(OutOfStock, extending.extend, voucher, until=until)
            return
        self.expect(allowed, extending.extend, voucher, until=until)
        life.ends = until if allowed else life.ends

    @rule(pick=PICKS)
    def reissue(self, pick: int) -> None:
        voucher = self.pick(pick)
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and life.taken < life.uses and life.ends > self.now
        allowed = allowed and not life.held(self.now)
        new: Issued | None = self.expect(allowed, replacing.reissue, voucher)
        if new is None:
            return
        life.standing = "superseded"
        left = life.uses - life.taken
        self.keep(new, Life(left, life.ends, renewed=life.renewed, perk=life.perk))

    @rule(pick=PICKS)
    def renew(self, pick: int) -> None:
        voucher = self.pick(pick)
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and life.taken < life.uses and life.ends <= self.now
        allowed = allowed and not life.renewed and not life.held(self.now)
        allowed = allowed and not (life.perk == "mug" and self.free_mugs() < life.left)
        new: Issued | None = self.expect(allowed, renewing.renew, voucher)
        if new is None:
            return
        life.standing = "superseded"
        left = life.uses - life.taken
        self.keep(new, Life(left, self.now + WINDOW, renewed=True, perk=life.perk))

    @rule(pick=PICKS, uses=st.integers(1, 3), usable=st.booleans())
    def refund(self, pick: int, uses: int, usable: bool) -> None:
        voucher = self.pick(pick)
        life = self.lives[voucher.reference]
        allowed = life.standing == "open" and uses <= life.taken and not life.held(self.now)
        free = self.free_mugs() + (uses if usable else 0)
        left = life.left if life.ends > self.now else 0
        outcome: replacing.Refund | None = self.expect(
            allowed, replacing.refund, voucher, uses, usable=usable
        )
        if outcome is None:
            return
        life.standing = "refunded"
        # What was promised to it is free for the new one.
        if life.perk == "mug" and free < uses:
            assert isinstance(outcome.new, NotIssued)
            self.owed[f"refund:{voucher.reference}"] = uses, life.renewed
            assert (outcome.rest is None) == (left == 0)
            if outcome.rest is not None:
                rest = Life(left, life.ends, renewed=life.renewed, perk=life.perk)
                self.keep(outcome.rest, rest)
            return
        assert isinstance(outcome.new, Issued)
        new = Life(left + uses, self.now + WINDOW, renewed=life.renewed, perk=life.perk)
        self.keep(outcome.new, new)

    @invariant()
    def all_agree(self) -> None:
        with self.world.installation.reading() as session:
            assert ledger(session) == self.lives
            assert self.folded.read_on(session) == self.lives

    def teardown(self) -> None:
        with self.world.installation.reading() as session:
            assert Folded().read_on(session) == self.folded.lives

    @invariant()
    def stock_adds_up(self) -> None:
        with self.world.installation.reading() as session:
            moved = sum(session.scalars(select(StockMovement.change)))
            rows = levels.of_community(session, self.world.community_id, now=self.now)
            assert [one.on_hand for one, _ in rows if one.place == "popup"] == [moved]
            # What holds have is lent to them out of these, as all lie in one place.
            promised = {
                one.holder: one.quantity
                for one in session.scalars(select(StockReservation))
                if one.until > self.now and one.quantity and one.lender is None
            }
        assert sum(promised.values()) <= moved
        assert promised == {
            reference: life.left
            for reference, life in self.lives.items()
            if life.perk == "mug" and life.standing == "open" and life.ends > self.now and life.left
        }


world = world_of(DRINKS)


# Other lives in each part. In one world they would be looked at again with each step of those after
# them, and most of the time went there.
@pytest.mark.parametrize("part", range(4))
def test_the_ledger_its_record_and_the_model_agree(world: World, part: int) -> None:
    devices = (world.add_device()[0], world.add_device(name="Door 2")[0])

    @seed(part)
    class Here(Lives):
        pass

    Here.world, Here.scanners, Here.owed = world, devices, {}
    # Shrinking what failed takes minutes here: the steps of one example are few enough to read.
    how = settings(max_examples=10, stateful_step_count=40, phases=[Phase.generate])
    run_state_machine_as_test(Here, settings=how)
