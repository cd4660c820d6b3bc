"""Vouchers of several uses: never over, never under, and each answer says what is left."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.programme.loading import ProgrammeRefused
from tests.support.installations import PROGRAMME, World, make_installation, world_of
from voucher.ledger.models import Voucher
from voucher.scans.judgement import judging
from voucher.scans.looking import Known, look_up
from voucher.scans.models import Scan
from voucher.scans.requests import AttemptDiffers
from voucher.scans.rules import Asked, RecordView, judge

DRINKS = PROGRAMME + '\n[perks.drinks]\nname = "Drink card"\nuses = 3\n'


world = world_of(DRINKS)


def taken(world: World) -> tuple[int, int]:
    """What the voucher's row says, and what its redemptions add up to."""
    with world.installation.reading() as session:
        row = session.scalar(select(Voucher.uses_taken)) or 0
        redeemed = select(func.sum(Scan.uses)).where(Scan.verdict == "redeemed")
        return row, session.scalar(redeemed) or 0


def test_three_drinks_are_three_redemptions_and_no_fourth(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("drinks")
    answers = [world.scan(scanner, token=voucher.token) for _ in range(4)]
    assert [answer["verdict"] for answer in answers] == ["redeemed"] * 3 + ["already_redeemed"]
    assert [answer["voucher"]["uses_left"] for answer in answers] == [2, 1, 0, 0]
    assert answers[3]["first_redemption"] is not None


def test_several_at_once_are_one_redemption(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("drinks")
    two = world.scan(scanner, token=voucher.token, uses=2)
    assert (two["verdict"], two["voucher"]["uses_left"]) == ("redeemed", 1)
    refused = world.scan(scanner, token=voucher.token, uses=2)
    assert (refused["verdict"], refused["voucher"]["uses_left"]) == ("too_few_uses", 1)
    assert refused["message"] == "Only 1 left on this voucher."
    assert world.scan(scanner, token=voucher.token, uses=1)["voucher"]["uses_left"] == 0
    assert taken(world) == (3, 3)


def test_a_check_says_what_is_left_and_whether_it_is_enough(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("drinks")
    checked = world.scan(scanner, token=voucher.token, mode="check", uses=3)
    assert (checked["verdict"], checked["voucher"]["uses_left"]) == ("valid", 3)
    checked = world.scan(scanner, token=voucher.token, mode="check", uses=4)
    assert (checked["verdict"], checked["voucher"]["uses_left"]) == ("too_few_uses", 3)
    assert taken(world) == (0, 0)


def test_another_number_of_uses_is_another_attempt(world: World) -> None:
    scanner, _ = world.add_device()
    attempt, token = str(uuid4()), world.issue("drinks").token
    world.scan(scanner, attempt_id=attempt, token=token)
    with pytest.raises(AttemptDiffers):
        world.scan(scanner, attempt_id=attempt, token=token, uses=2)
    assert world.scan(scanner, attempt_id=attempt, token=token, uses=1)["replayed"]


def test_64_at_once_take_no_more_than_there_is(world: World) -> None:
    scanners = [world.add_device(name=f"Door {number}")[0] for number in range(4)]
    voucher = world.issue("drinks")

    def scan(number: int) -> str:
        uses = 1 + number % 2
        told = world.scan(scanners[number % 4], token=voucher.token, uses=uses)
        verdict: str = told["verdict"]
        return verdict

    with ThreadPoolExecutor(64) as threads:
        verdicts = Counter(threads.map(scan, range(64)))
    assert taken(world)[0] == taken(world)[1]
    # Ones enough come, in whatever order, that nothing is left over.
    assert taken(world)[0] == 3
    assert set(verdicts) <= {"redeemed", "already_redeemed", "too_few_uses"}


def test_who_comes_too_late_is_told_what_the_record_says_then(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process takes two of the three between our reading and our update."""
    scanner, _ = world.add_device()
    voucher = world.issue("drinks")
    world.scan(scanner, token=voucher.token, uses=2)
    calls: list[Known] = []

    class Stale:
        """The row as it was before."""

        def __init__(self, row: object):
            self._row = row

        def __getattr__(self, name: str) -> object:
            return 0 if name == "uses_taken" else getattr(self._row, name)

    def out_of_date(session: Session, attempts: Any, codes: Any) -> Known:
        known = look_up(session, attempts, codes)
        calls.append(known)
        if len(calls) > 1:
            return known
        stale: dict[Any, Any] = {key: Stale(row) for key, row in known.vouchers.items()}
        return known._replace(vouchers=stale)

    monkeypatch.setattr(judging, "look_up", out_of_date)
    told = world.scan(scanner, token=voucher.token, uses=3)
    assert (told["verdict"], told["voucher"]["uses_left"]) == ("too_few_uses", 1)
    assert taken(world) == (2, 2)


@given(st.integers(0, 5), st.integers(1, 5))
def test_the_rule_on_uses(left: int, asked: int) -> None:
    now = datetime(2026, 11, 25, tzinfo=UTC)
    view = RecordView(left, now, now + timedelta(hours=1), None)
    verdict = judge(None, view, Asked("popup", asked, now))
    wanted = "already_redeemed" if left == 0 else "too_few_uses" if left < asked else "ok"
    assert verdict == wanted


@pytest.mark.parametrize("uses", ["0", "1001", '"many"'])
def test_a_perk_of_no_possible_number_of_uses_is_refused(tmp_path: Path, uses: str) -> None:
    programme = DRINKS.replace("uses = 3", f"uses = {uses}")
    with pytest.raises(ProgrammeRefused, match=r"\[perks\.drinks\], key uses"):
        make_installation(tmp_path, f"sqlite:///{tmp_path / 'k.sqlite3'}", programme)
