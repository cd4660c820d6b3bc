"""A till that syncs as docs/sync.md says, and what people do with vouchers meanwhile."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.audit import sealing
from kiosk.sync.answering import sync
from tests.support.installations import PROGRAMME, World
from voucher.ledger.changes import extending, renewing, replacing, withdrawing
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.ledger.names import name_of
from voucher.scans.follow_ups import undoing
from voucher.scans.scanners import Scanner

CARDS = PROGRAMME + '\n[perks.card]\nname = "Drinks"\nuses = 3\nmissed = "renew"\n'

Row = list[Any]
Numbered = tuple[int, Row]


class Till:
    """Keeps what it is told: each row under its voucher's name, with the answer's number."""

    def __init__(self, world: World, scanner: Scanner):
        self._world, self.scanner = world, scanner
        self.cursor: str | None = None
        self.terms: dict[str, Any] = {}
        self.rows: dict[str, Numbered] = {}
        self.answers: list[dict[str, Any]] = []

    def ask(self, cursor: str | None = None, now: datetime | None = None) -> dict[str, Any]:
        return sync(self._world.installation, self.scanner, cursor, now=now or clock.now())

    def sync(self, now: datetime | None = None) -> list[dict[str, Any]]:
        """Asks until there is no more; lays down what it is told only then."""
        told = [self.ask(self.cursor, now)]
        while told[-1]["more"]:
            told.append(self.ask(told[-1]["cursor"], now))
        for answer in told:
            if answer["snapshot"]:
                self.rows = {}
            self.terms = answer["terms"] or self.terms
            lay_down(self.rows, answer)
        self.cursor = told[-1]["cursor"]
        self.answers += told
        return told

    def row(self, voucher: Issued) -> Row | None:
        """What it knows of a voucher, without the name."""
        known = self.rows.get(name_of(voucher.voucher))
        return None if known is None else known[1][1:]


def lay_down(rows: dict[str, Numbered], answer: dict[str, Any]) -> None:
    """Of two rows of one voucher that of the higher number stays."""
    for row in answer["vouchers"]:
        if answer["number"] >= rows.get(row[0], (0, row))[0]:
            rows[row[0]] = answer["number"], row


def till_at(world: World, station: str = "popup") -> Till:
    return Till(world, world.add_device(station)[0])


def seal(world: World) -> None:
    sealing.seal_due(world.installation)


def stands(voucher: Issued, standing: str, left: int, until: datetime | None = None) -> Row:
    """A row as it should be, without the name."""
    ends = until or voucher.valid_until
    return [standing, left, int(voucher.valid_from.timestamp()), int(ends.timestamp())]


def move(world: World, voucher: Issued, how: Callable[..., Any], *given: Any, **more: Any) -> Any:
    """Takes a move of the ledger with a voucher."""
    with world.installation.unit_of_work() as session:
        return how(session, row_of(session, voucher), *given, **_by(), **more)


def row_of(session: Session, voucher: Issued) -> Voucher:
    return session.scalars(select(Voucher).where(Voucher.reference == voucher.reference)).one()


def redeem(world: World, scanner: Scanner, voucher: Issued, uses: int = 1) -> None:
    answer = world.scan(scanner, code=voucher.code, uses=uses)
    assert answer["verdict"] == "redeemed"


def undo(world: World, voucher: Issued) -> None:
    with world.installation.unit_of_work() as session:
        scan = undoing.last_redemption(session, row_of(session, voucher))
        undoing.undo(session, scan, **_by())


def void(world: World, voucher: Issued) -> None:
    move(world, voucher, withdrawing.void)


def restore(world: World, voucher: Issued) -> None:
    move(world, voucher, withdrawing.restore)


def extend(world: World, voucher: Issued, hours: int = 5) -> datetime:
    until = clock.now() + timedelta(hours=hours)
    until = max(until, voucher.valid_until + timedelta(hours=hours))
    move(world, voucher, extending.extend, until=until)
    return until


def extend_station(world: World, station: str, hours: int) -> None:
    with world.installation.unit_of_work() as session:
        by = timedelta(hours=hours)
        extending.extend_station(session, world.community_id, station, by=by, **_by())


def reissue(world: World, voucher: Issued) -> Issued:
    new: Issued = move(world, voucher, replacing.reissue)
    return new


def renew(world: World, voucher: Issued) -> Issued:
    new: Issued = move(world, voucher, renewing.renew)
    return new


def refund(world: World, voucher: Issued, uses: int = 1) -> Issued:
    new: Issued = move(world, voucher, replacing.refund, uses)
    return new


def hold(world: World, scanner: Scanner, voucher: Issued) -> None:
    world.scan(scanner, code=voucher.code, mode="hold", attempt_id=str(uuid4()))


def _by() -> dict[str, Any]:
    return {"reason": "r", "actor": COMMAND_LINE, "now": clock.now()}
