"""The demo's station: a device to pair with, what it handed out before, and what it ordered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.communities.models import Member, Station
from app.installation import Installation
from app.programme.applying import ready_community
from kiosk.devices import pairing, scanners
from kiosk.devices.commands import pairing_address
from kiosk.devices.models import Device
from voucher.ledger.issuance.issuing import issue
from voucher.ledger.models import Voucher
from voucher.perks import settings
from voucher.scans.judgement.desk import scan
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import PICKUP, REDEEM, UNDO, Scanner
from voucher.token import print_code

PAST_DOOR, TODAYS_DOOR = "Door 2", "Door 1"
SHARE = 3
"""Every third voucher of the past was redeemed."""
AFTER = timedelta(hours=5)
BATCH = 50
PACK, PACKS, ORDERED = "welcome_pack", 3, "demo:pickup"
"""What is ordered for so many members, so that something is to be fetched, and by which cause."""
AT_THE_DESK = (REDEEM, UNDO, PICKUP)


def address(installation: Installation) -> list[tuple[str, str]]:
    """A link that pairs a browser with the first station, in the demo alone."""
    if not installation.settings.is_demo:
        return [("Kiosk", f"{installation.settings.public_url}/kiosk")]
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        now = clock.now()
        place = _first_station(session, community_id)
        if place is None:
            return [("Kiosk", f"{installation.settings.public_url}/kiosk")]
        known = pairing.named(session, place, TODAYS_DOOR)
        if known is None:
            secret = pairing.add(
                session, place, TODAYS_DOOR, may=AT_THE_DESK, actor=COMMAND_LINE, now=now
            ).pairing_secret
        else:
            secret = pairing.renew_pairing(session, known.id, now=now)
    return [("Kiosk", pairing_address(installation, secret))]


def redeem_some(installation: Installation, tell: Callable[[int, int], None]) -> None:
    """Redeems every third voucher that was old enough at first start, as staff would have."""
    door = _past_door(installation)
    if door is None:
        return
    scanner, due = door
    for start in range(0, len(due), BATCH):
        for voucher in due[start : start + BATCH]:
            moment = voucher.valid_from + AFTER
            request = ScanRequest(
                attempt_id=uuid5(NAMESPACE_URL, f"keepsake:demo:{voucher.reference}"),
                code=print_code(voucher.code),
                mode="redeem",
                scanned_at=moment,
            )
            scan(installation, scanner, request, now=moment)
        tell(start + BATCH, len(due))


def order_some(installation: Installation, tell: Callable[[int, int], None]) -> None:
    """Redeems a few vouchers for what is made to order: the demo's partner brings it. Once."""
    door = _past_door(installation)
    if door is None:
        return
    scanner, now = door[0], clock.now()
    with installation.unit_of_work() as session:
        ours = scanner.community_id
        if session.scalar(select(Voucher.id).where(Voucher.cause == ORDERED).limit(1)):
            return
        try:
            wanted = settings.perk(session, ours, PACK)
        except settings.UnknownPerk:
            return  # the programme is another one by now
        # The newest: who tries the demo came first, and is to earn what they get.
        newest = select(Member.id).where(Member.community_id == ours).order_by(Member.id.desc())
        whose = session.scalars(newest.limit(PACKS)).all()
        how: dict[str, Any] = {"cause": ORDERED, "actor": COMMAND_LINE, "now": now}
        issued = [issue(session, wanted, member, **how) for member in whose]
    for done, one in enumerate(issued, start=1):
        request = ScanRequest(
            attempt_id=uuid5(NAMESPACE_URL, f"keepsake:demo:{one.reference}"),
            code=one.code,
            mode="redeem",
            scanned_at=now,
        )
        scan(installation, scanner, request, now=now)
        tell(done, len(issued))


def _past_door(installation: Installation) -> tuple[Scanner, list[Voucher]] | None:
    """The device that stood there before, and what it has still to redeem; None without a station.

    What was old enough is told by when the device was made, so that a step that was interrupted
    goes on where it stopped, and a later start finds nothing more to do.
    """
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        place = _first_station(session, community_id)
        if place is None:
            return None
        device = pairing.named(session, place, PAST_DOOR)
        if device is None:
            now = clock.now()
            added = pairing.add(session, place, PAST_DOOR, actor=COMMAND_LINE, now=now)
            session.flush()
            device = session.get_one(Device, added.id)
        scanner = scanners.by_id(session, device.id)
        if scanner is None:
            raise LookupError("the demo's device was not found again")
        old_enough = session.scalars(
            select(Voucher)
            .where(
                Voucher.community_id == place.community_id,
                Voucher.valid_from <= device.created_at - AFTER,
            )
            .order_by(Voucher.valid_from, Voucher.id)
        ).all()
    return scanner, [one for one in old_enough[::SHARE] if one.uses_taken < one.uses]


def _first_station(session: Session, community_id: int) -> Station | None:
    return session.scalar(
        select(Station)
        .where(Station.community_id == community_id, Station.withdrawn_at.is_(None))
        .order_by(Station.id)
        .limit(1)
    )
