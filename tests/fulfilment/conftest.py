"""A community with a partner, on each engine, and vouchers that are really redeemed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members, places
from app.config import Settings
from app.database import Base
from app.installation import Installation, open_installation
from app.programme.applying import ready, ready_community
from tests.fulfilment.partner_server import PartnerServer
from voucher.ledger.issuing import issue
from voucher.perks.settings import perk
from voucher.scans.desk import scan
from voucher.scans.models import Scan
from voucher.scans.requests import Scanner, ScanRequest

PACKAGES = (
    "app.audit",
    "app.jobs",
    "app.access",
    "app.programme",
    "app.communities",
    "app.activity",
    "app.rewards",
    "app.notices",
    "app.achievements",
    "app.console",
    "voucher",
    "fulfilment",
)
PROGRAMME = """
[community]
key = "lantern"
name = "The Lantern"

[stations.popup]
name = "Pop-up"

[perks.pin]
name = "Lantern pin “Moth”"
partner = "pinworks"

[perks.sticker]
name = "Sticker from our own drawer"

[partners.pinworks]
name = "Pinworks"
webhook_url = "WEBHOOK_URL"
"""

Redeem = Callable[..., UUID]


@pytest.fixture
def partner() -> Iterator[PartnerServer]:
    with PartnerServer() as server:
        yield server


@pytest.fixture
def webhook_url(partner: PartnerServer) -> str:
    return partner.url


@pytest.fixture
def programme_file(tmp_path: Path, webhook_url: str) -> Path:
    path = tmp_path / "programme.toml"
    path.write_text(PROGRAMME.replace("WEBHOOK_URL", webhook_url), "utf-8")
    return path


@pytest.fixture
def settings(engine_url: str, tmp_path: Path, programme_file: Path) -> Settings:
    return Settings(
        data_dir=tmp_path / "var",
        programme_file=programme_file,
        packages=PACKAGES,
        database_address=engine_url,
        discord_token=None,
        public_address="http://127.0.0.1:8000",
    )


@pytest.fixture
def installation(settings: Settings) -> Iterator[Installation]:
    opened = open_installation(settings)
    Base.metadata.create_all(opened.database.engine)
    ready(opened)
    for preparation in opened.plugins.preparations:
        preparation(opened)
    yield opened
    opened.close()


@pytest.fixture
def redeem(installation: Installation) -> Redeem:
    """Issues a voucher for a perk and redeems it; returns the redemption."""

    def redeem_one(perk_key: str = "pin") -> UUID:
        community_id, now = ready_community(installation), clock.now()
        with installation.unit_of_work() as session:
            station = places.station(session, community_id, "popup")
            member_id = members.ids_of(
                session, community_id, "sample", {"7": "Mia Member"}, first_seen=now
            )["7"]
            wanted = perk(session, community_id, perk_key)
            issued = issue(session, wanted, member_id, cause="test", actor=COMMAND_LINE, now=now)
        scanner = Scanner("d1", "Door", community_id, station.id, "popup", "Pop-up", "UTC")
        request = ScanRequest(attempt_id=uuid4(), code=issued.code, mode="redeem", scanned_at=now)
        assert scan(installation, scanner, request, now=now)["verdict"] == "redeemed"
        with installation.reading() as session:
            return session.scalars(
                select(Scan.id).where(Scan.attempt_id == request.attempt_id)
            ).one()

    return redeem_one
