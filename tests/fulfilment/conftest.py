"""A community with a partner, on each engine, and vouchers that are really redeemed."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.installation import Installation
from tests.fulfilment.partner_server import PartnerServer
from tests.support.installations import World, make_installation
from voucher.scans.models import Scan

PROGRAMME = """
[community]
key = "lantern"
name = "The Lantern"

[stations.popup]
name = "Pop-up"

[perks.pin]
name = "Lantern pin “Moth”"
uses = 6
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
def public_url() -> str:
    return "http://127.0.0.1:8000"


@pytest.fixture
def discord_token() -> str | None:
    return None


@pytest.fixture
def programme() -> str:
    return PROGRAMME


@pytest.fixture
def installation(
    engine_url: str,
    tmp_path: Path,
    webhook_url: str,
    public_url: str,
    discord_token: str | None,
    programme: str,
) -> Iterator[Installation]:
    programme = programme.replace("WEBHOOK_URL", webhook_url)
    opened = make_installation(
        tmp_path, engine_url, programme, public_url, discord_token=discord_token
    )
    yield opened
    opened.close()


@pytest.fixture
def programme_file(installation: Installation) -> Path:
    return installation.settings.programme_file


@pytest.fixture
def redeem(installation: Installation) -> Redeem:
    """Issues a voucher for a perk and redeems it; returns the redemption."""
    world = World(installation)
    scanner, _ = world.add_device()

    def redeem_one(perk_key: str = "pin", uses: int = 1) -> UUID:
        attempt = uuid4()
        issued = world.issue(perk_key, member="7", name="Mia Member")
        answer = world.scan(scanner, attempt_id=str(attempt), code=issued.code, uses=uses)
        assert answer["verdict"] == "redeemed"
        with installation.reading() as session:
            return session.scalars(select(Scan.id).where(Scan.attempt_id == attempt)).one()

    return redeem_one
