"""What must hold at the end of a fair: what left the desks, against the record of it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.audit import checkpoints, keys
from app.audit.verification import verify
from app.communities.models import Station
from app.stock.models import StockLevel, StockMovement
from tests.kiosk.simulation.hall import Hall
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.browsing import listing
from voucher.scans.browsing.wanted import Wanted
from voucher.scans.conflicts import conflicts
from voucher.scans.models import Conflict, Hold, Scan
from voucher.scans.rules import REDEEMED

Attempt = tuple[str, UUID]
BERLIN = ZoneInfo("Europe/Berlin")
ROUNDING = timedelta(seconds=2)
FURTHEST = timedelta(minutes=18)
"""From one wrong time of a device's clock to another."""
TICK = timedelta(minutes=8)


@dataclass
class Books:
    """Everything that was kept, and everything that was seen at the desks."""

    hall: Hall
    desks: list[dict[str, Any]]
    scans: dict[Attempt, Scan] = field(default_factory=dict)
    conflict_of: dict[UUID, Conflict] = field(default_factory=dict)
    vouchers: dict[int, Voucher] = field(default_factory=dict)
    stations: dict[int, str] = field(default_factory=dict)
    uses_of: dict[int, int] = field(default_factory=dict)

    @cached_property
    def handed(self) -> dict[Attempt, dict[str, Any]]:
        """What left the desks, by the attempt that it left by."""
        return {
            (desk["device"], UUID(one["attempt"])): one
            for desk in self.desks
            for one in desk["handed"]
        }

    @cached_property
    def redemptions(self) -> list[Scan]:
        """Those that stand."""
        return [
            scan
            for scan in self.scans.values()
            if scan.verdict == REDEEMED and scan.undone_at is None
        ]

    def counts(self, scan: Scan) -> bool:
        """Whether it stands for a hand-over: as a redemption, or as a conflict."""
        is_redeemed = scan.verdict == REDEEMED and scan.undone_at is None
        return is_redeemed or scan.id in self.conflict_of

    @cached_property
    def by_place(self) -> dict[int, Voucher]:
        """The vouchers by their places among those that were issued."""
        rows = {voucher.reference: voucher for voucher in self.vouchers.values()}
        return {place: rows[one.reference] for place, one in enumerate(self.hall.issued)}


def read(session: Session, hall: Hall, desks: list[dict[str, Any]]) -> Books:
    """The record as it is at the end."""
    scans, all_of = session.scalars(select(Scan)).all(), session.scalars
    return Books(
        hall,
        desks,
        {(scan.device_id, scan.attempt_id): scan for scan in scans},
        {one.scan_id: one for one in all_of(select(Conflict))},
        {one.id: one for one in all_of(select(Voucher))},
        {one.id: one.key for one in all_of(select(Station))},
        {one.number: one.uses for one in all_of(select(Perk))},
    )


def complaints(session: Session, books: Books) -> list[str]:
    """What does not add up, in sentences; empty where all does."""
    checks = (
        _uses(books),
        _handed_over(books),
        _counted_for_nothing(books),
        _left_on_devices(books),
        _twice_at_one_desk(books),
        _in_time(books),
        _in_order(books),
        _figures(session, books),
        _stock(session, books),
        _record(session, books),
    )
    return [complaint for check in checks for complaint in check]


def _uses(books: Books) -> Iterator[str]:
    taken: Counter[int | None] = Counter()
    for scan in books.redemptions:
        taken[scan.voucher_id] += scan.uses
    for voucher in books.vouchers.values():
        if not taken[voucher.id] == voucher.uses_taken <= voucher.uses:
            yield (
                f"{voucher.reference} has {voucher.uses} uses, of which {voucher.uses_taken} are "
                f"counted and {taken[voucher.id]} redeemed"
            )


def _handed_over(books: Books) -> Iterator[str]:
    """Every hand-over is a redemption or a conflict, and not both.

    But for what a revoked device says it did since, as does one whose clock somebody set forward.
    """
    set_since = {desk["device"] for desk in books.desks if desk["wasSet"]}
    for key, one in books.handed.items():
        scan, what = books.scans.get(key), f"{key[0]} {key[1]}"
        revoked = books.hall.revoked.get(key[0])
        if scan is None:
            slack = FURTHEST if key[0] in set_since else timedelta()
            if revoked is None or not one["own"] or _at(one) < revoked - slack:
                yield f"{what} was handed over and is not on record: {one}"
            continue
        is_conflict, is_undone = scan.id in books.conflict_of, scan.undone_at is not None
        if (scan.verdict == REDEEMED) == is_conflict:
            yield f"{what} was handed over and is {scan.verdict}, conflict {is_conflict}"
        if is_undone != one["returned"] and not (is_undone and one["undoTried"]):
            yield f"{what} came back: {one['returned']}; the record says undone: {is_undone}"


def _counted_for_nothing(books: Books) -> Iterator[str]:
    """Nobody loses a use for nothing, but where a page ended before its answer was seen."""
    known = {
        (desk["device"], UUID(attempt))
        for desk in books.desks
        for attempt in desk["open"] + desk["told"]
    }
    for key, scan in books.scans.items():
        if books.counts(scan) and key not in books.handed and key not in known:
            yield f"{key[0]} {key[1]} is {scan.verdict} on record, and nothing was handed over"


def _left_on_devices(books: Books) -> Iterator[str]:
    for desk in books.desks:
        revoked = books.hall.revoked.get(desk["device"])
        for moment in desk["waiting"]:
            if revoked is None or datetime.fromtimestamp(moment / 1000, UTC) < revoked - TICK:
                yield f"something of {moment} waits on {desk['device']}"
        for sentence in desk["parked"]:
            yield f"{desk['device']} cannot tell something: {sentence}"


def _twice_at_one_desk(books: Books) -> Iterator[str]:
    """A kiosk knows what it handed out itself, whatever it was told since.

    But of what the record did not accept for another reason, uses are left: organisers decide. A
    card that stands in for another one has all of its perk's uses until it is told of it.
    """
    clash = "already_redeemed", "too_few_uses"
    open_still = {one.scan_id for one in books.conflict_of.values() if one.reason not in clash}
    kiosks = {desk["device"] for desk in books.desks if desk["pages"]}
    times: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for key, one in books.handed.items():
        scan = books.scans.get(key)
        is_counted = scan is not None and scan.id not in open_still
        if key[0] in kiosks and is_counted and not one["undoTried"]:
            times.setdefault((key[0], one["voucher"]), []).append(one)
    for (device, place), those in times.items():
        voucher = books.by_place[place]
        if len(those) > books.uses_of[voucher.perk_number]:
            yield f"{device} handed out {voucher.reference} {len(those)} times: {those}"


def _in_time(books: Books) -> Iterator[str]:
    """By the true time: a device's own clock may be wrong, unless somebody set it meanwhile."""
    set_since = {desk["device"] for desk in books.desks if desk["wasSet"]}
    for conflict in books.conflict_of.values():
        if conflict.reason == "impossible_time":
            yield f"an honest device is not believed: {conflict.scan_id}"
    for (device, attempt), one in books.handed.items():
        voucher = books.by_place[one["voucher"]]
        if device in set_since:
            continue
        if not voucher.valid_from <= _at(one) < voucher.valid_until:
            yield f"{device} {attempt} was handed over at {_at(one)}, outside the window"
        scan = books.scans.get((device, attempt))
        is_told_alone = one["own"] and not one["reached"]
        if scan and is_told_alone and abs(scan.scanned_at - _at(one)) > ROUNDING:
            yield f"{device} {attempt} of {_at(one)} is on record as of {scan.scanned_at}"


def _in_order(books: Books) -> Iterator[str]:
    """A device tells in order what it decided, but for what the server had heard of by itself."""
    told: dict[str, list[UUID]] = {}
    for key, one in books.handed.items():
        if one["own"] and not one["reached"] and (scan := books.scans.get(key)):
            # Ids are given as an upload is read, in its order. `received_at` will not do: a row
            # that is judged by itself, in company, has the moment of the last of those.
            told.setdefault(key[0], []).append(scan.id)
    for device, places in told.items():
        if places != sorted(places):
            yield f"{device} told the later before the earlier"


def _figures(session: Session, books: Books) -> Iterator[str]:
    """The console's figures of each station are those of the desks."""
    community = books.hall.world.community_id
    if (shown := len(conflicts.unresolved(session, community))) != len(books.conflict_of):
        yield f"{len(books.conflict_of)} conflicts, {shown} for organisers"
    for place_id, station in books.stations.items():
        keys = [key for key, scan in books.scans.items() if scan.station_id == place_id]
        # Those that came back, or may have, are neither redeemed nor still with their people.
        gone = [key for key in keys if key in books.handed and books.counts(books.scans[key])]
        unseen = [key for key in keys if key not in books.handed and books.counts(books.scans[key])]
        listed = listing.all_of(session, community, Wanted(station=station), BERLIN)
        figures = Counter("conflict" if one.conflict else one.verdict for one in listed)
        handed_over = Wanted(outcome="handed_over", station=station)
        redeemed = sum(1 for _ in listing.all_of(session, community, handed_over, BERLIN))
        if not redeemed == figures[REDEEMED] == len(gone) + len(unseen) - figures["conflict"]:
            yield (
                f"{station}: {len(gone)} handed out and {len(unseen)} that nobody saw, "
                f"{redeemed} redeemed, {figures['conflict']} conflicts"
            )


def _stock(session: Session, books: Books) -> Iterator[str]:
    """What is gone from each station is what was redeemed there."""
    number = books.by_place[books.hall.first_of("pin")].perk_number
    pins = {one.id for one in books.vouchers.values() if one.perk_number == number}
    for level in session.scalars(select(StockLevel)):
        rows = session.execute(
            select(StockMovement.subject, func.sum(StockMovement.change))
            .where(StockMovement.level_id == level.id, StockMovement.subject != "")
            .group_by(StockMovement.subject)
        ).all()
        out = {subject: change for subject, change in rows if change}
        wanted = {
            str(scan.id): -scan.uses
            for scan in books.redemptions
            if scan.voucher_id in pins and books.stations[scan.station_id] == level.place
        }
        if out != wanted:
            yield f"{level.place}: {len(out)} pins went out, {len(wanted)} were redeemed"
        if level.on_hand != books.hall.pins[level.place] + sum(out.values()):
            yield f"{level.place}: {level.on_hand} pins are left"


def _record(session: Session, books: Books) -> Iterator[str]:
    settings = books.hall.installation.settings
    outside = checkpoints.read(checkpoints.path_of(settings))
    finding = verify(
        session, books.hall.world.community_id, keys.public_key(session, settings), outside
    )
    if finding.unsealed:
        yield f"{finding.unsealed} entries are not sealed"
    for problem in finding.problems:
        yield f"the record: {problem.sentence}"


def _at(one: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(one["at"] / 1000, UTC)


def holds_of(session: Session) -> dict[str, int]:
    """How many holds were confirmed, and how many were released or ran out."""
    ends = Counter(hold.ended_as for hold in session.scalars(select(Hold)))
    return {"confirmed": ends["confirmed"], "not handed over": ends["released"] + ends[None]}
