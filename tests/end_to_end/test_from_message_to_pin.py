"""The whole way with real parts: activity, grant, card, camera, hand-over, record, webhook."""

import gzip
import json
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from standardwebhooks import Webhook

from app import clock
from app.achievements.intake.replaying import replay
from app.activity.formats import ndjson
from app.actor import COMMAND_LINE
from app.audit import checkpoints, keys, sealing
from app.audit.verification import verify
from app.communities import members, places
from app.installation import Installation
from app.worker import do_everything
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.stage import Person, Scene
from fulfilment.partners.finding import partner
from fulfilment.webhooks.endpoints import of_partner
from kiosk.devices import pairing
from tests.support.browser import open_browser
from tests.support.camera import write_camera_film
from tests.support.discord import discord_with, pictures, play
from tests.support.installations import NOON, PROGRAMME, World, make_installation
from tests.support.web import Partner, free_port, serving

ROBIN = 1009000000000000001
SCENE = Scene("Test server", Person("robin", "Robin", ROBIN))
WITH_PARTNER = (
    PROGRAMME.replace("[perks.pin]\n", '[perks.pin]\npartner = "pinworks"\n')
    + """
[partners.pinworks]
name = "Pinworks"
webhook_url = "{address}"
"""
)


def test_a_message_becomes_a_pin_in_the_hand(tmp_path: Path) -> None:
    receiver, port = Partner(), free_port()
    with receiver.listening() as address:
        programme = WITH_PARTNER.replace("{address}", address)
        database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
        installation = make_installation(tmp_path, database, programme, f"http://127.0.0.1:{port}")
        world = World(installation)
        _enter_robin(world)
        _replay_threads(world, tmp_path)
        card = _the_grant_brings_a_card(installation)
        _hand_over(world, tmp_path, port, card)
        do_everything(installation)
        _check_record(installation, world.community_id)
        _check_webhook(installation, world.community_id, receiver)
        installation.close()


def _enter_robin(world: World) -> None:
    with world.installation.unit_of_work() as session:
        names: dict[str, str | None] = {str(ROBIN): "Robin"}
        members.ids_of(session, world.community_id, "discord", names, first_seen=NOON)


def _replay_threads(world: World, folder: Path) -> None:
    lines = [
        {
            "id": f"{number}",
            "kind": "thread_started",
            "member": str(ROBIN),
            "at": f"2026-11-1{number}T10:00:00Z",
        }
        for number in (1, 2, 3)
    ]
    file = folder / "activity.ndjson.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, lines)).encode()))
    replayed = replay(world.installation, world.community_id, ndjson.read(file), source="discord")
    assert (replayed.counted, replayed.grants) == (3, 1)


def _the_grant_brings_a_card(installation: Installation) -> bytes:
    do_everything(installation)  # the worker lays the notice down for the bot

    async def scenario() -> bytes:
        bot = KeepsakeBot(installation, place_of(installation))
        async with discord_with(bot, SCENE) as there:
            [letter] = await there.direct_messages(1)
            assert "**Starter**" in letter.content
            assert "you never scan it" in letter.content
            assert "<t:" in letter.content
            [card] = await pictures(letter)
            [answer] = await there.command("vouchers")
            assert answer.flags.ephemeral
            assert len(await pictures(answer)) == 1
            [progress] = await there.command("progress")
            assert "Yours since" in progress.content
            return card

    return play(scenario())


def _hand_over(world: World, folder: Path, port: int, card: bytes) -> None:
    """Pairs a browser, shows it the card by its camera, and sees it turn green; then red."""
    picture = Image.open(BytesIO(card)).convert("RGBA")
    picture.thumbnail((470, 470))
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    film = write_camera_film(folder / "card.y4m", paper.convert("L"))
    camera = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    pairing_secret = _new_pairing(world)
    with serving(world.installation, port) as address, open_browser(camera) as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{address}/kiosk/pair/{pairing_secret}")
        page.get_by_role("button").click()
        shown = page.locator("[data-verdict]:visible")
        expect(shown).to_have_attribute("data-verdict", "redeemed", timeout=20_000)
        page.reload()
        expect(shown).to_have_attribute("data-verdict", "already_redeemed", timeout=20_000)
        expect(shown).to_contain_text("Door 7")
        [cookie] = [c for c in page.context.cookies() if c["name"] == "keepsake_device"]
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Strict"


def _new_pairing(world: World) -> str:
    with world.installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door 7", actor=COMMAND_LINE, now=clock.now())
    return added.pairing_secret


def _check_record(installation: Installation, community_id: int) -> None:
    sealing.seal_due(installation)
    kept = checkpoints.read(checkpoints.path_of(installation.settings))
    with installation.reading() as session:
        key = keys.public_key(session, installation.settings)
        finding = verify(session, community_id, key, kept)
    assert finding.problems == []
    assert (finding.unsealed, finding.verified_to > 6) == (0, True)


def _check_webhook(installation: Installation, community_id: int, receiver: Partner) -> None:
    [(headers, body)] = receiver.received
    with installation.reading() as session:
        endpoint = of_partner(session, partner(session, community_id, "pinworks").id)
        assert endpoint is not None
        secret = endpoint.secret
    told = Webhook(secret).verify(body, headers)
    assert told["type"] == "order.created"
