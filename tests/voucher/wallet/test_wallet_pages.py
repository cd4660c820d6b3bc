"""What a member sees of their vouchers, and what nobody else does."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from app import clock
from app.actor import COMMAND_LINE
from app.communities.models import Community
from tests.support.installations import World, make_installation
from tests.voucher.wallet.conftest import WITH_MORE, wallet_of
from voucher.cards.paper import draw_sheet
from voucher.ledger.changes import extending, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued, scan_address
from voucher.wallet.pages import paper
from voucher.wallet.pages.shown import draw, show_all


def move(world: World, issued: Issued, take: Any, **how: Any) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        how = {"reason": "x", "actor": COMMAND_LINE, "now": clock.now()} | how
        take(session, voucher, **how)


def test_the_only_voucher_shows_its_code_at_once(world: World) -> None:
    issued = world.issue()
    page = wallet_of(world).get("/wallet/").text
    assert issued.code in page
    assert draw(scan_address(world.installation.settings, issued.token)).path in page
    assert f'data-countdown="{issued.valid_until.isoformat().replace("+00:00", "Z")}"' in page
    assert f'<time datetime="{issued.valid_until.isoformat().replace("+00:00", "Z")}">' in page


def test_of_several_each_is_one_tap_away(world: World) -> None:
    first, second = world.issue(), world.issue("drinks")
    page = wallet_of(world).get("/wallet/").text
    for issued in (first, second):
        assert f'href="/wallet/{issued.reference}"' in page
        assert issued.code not in page
    assert "3 of 3 uses left" in page


def test_a_vouchers_page_says_where_when_and_how(world: World) -> None:
    issued = world.issue()
    page = wallet_of(world).get(f"/wallet/{issued.reference}").text
    for said in ("Pop-up", "Kastanienallee 7", "Open Mon-Sun 00:00-24:00", "Europe/Berlin time"):
        assert said in page
    assert "you never scan anything yourself" in page
    assert "Other place" not in page


def test_a_discount_shows_its_coupon_while_it_is_good(world: World) -> None:
    issued = world.issue("shop")
    visitor = wallet_of(world)
    assert "KEEPSAKE10" in visitor.get(f"/wallet/{issued.reference}").text
    move(world, issued, withdrawing.void)
    assert "KEEPSAKE10" not in visitor.get(f"/wallet/{issued.reference}").text


@pytest.mark.parametrize("perk", ["pin", "backstage"])
def test_what_is_over_shows_no_code_and_says_what_became_of_it(world: World, perk: str) -> None:
    issued = world.issue(perk)
    visitor = wallet_of(world)
    move(world, issued, withdrawing.void)
    page = visitor.get("/wallet/").text
    assert "Past" in page and "Withdrawn" in page
    page = visitor.get(f"/wallet/{issued.reference}").text
    assert issued.code not in page
    assert "data-live" not in page and 'class="qr"' not in page
    assert visitor.get(f"/wallet/{issued.reference}/card.pdf").status_code == 404


def test_an_extension_is_what_the_page_shows(world: World) -> None:
    issued = world.issue()
    until = issued.valid_until + timedelta(hours=5)
    move(world, issued, extending.extend, until=until)
    page = wallet_of(world).get(f"/wallet/{issued.reference}").text
    assert until.isoformat().replace("+00:00", "Z") in page
    assert "You got more time for it" in page


def test_another_members_voucher_is_as_unknown_as_none(world: World) -> None:
    theirs = world.issue(member="2")
    world.issue(member="1")
    visitor = wallet_of(world)
    for tail in ("", "/live", "/card.pdf", "/picture"):
        refused = visitor.get(f"/wallet/{theirs.reference}{tail}")
        never = visitor.get(f"/wallet/V-00000000{tail}")
        assert refused.status_code == never.status_code == 404
        assert theirs.code not in refused.text
    for tail in ("/reissue", "/dispute"):
        assert visitor.post(f"/wallet/{theirs.reference}{tail}").status_code == 404


def test_pages_are_kept_by_nobody_on_the_way(world: World) -> None:
    issued = world.issue()
    visitor = wallet_of(world)
    for path in ("/wallet/", f"/wallet/{issued.reference}", f"/wallet/{issued.reference}/card.pdf"):
        assert visitor.get(path).headers["Cache-Control"] == "no-store"


def test_no_address_on_a_page_has_a_code_or_a_token(world: World) -> None:
    issued, live = world.issue(), world.issue("backstage")
    visitor = wallet_of(world)
    for path in ("/wallet/", f"/wallet/{issued.reference}", f"/wallet/{live.reference}"):
        page = visitor.get(path).text
        for attribute in ("href", "src", "action", "data-live", "data-codes"):
            for part in page.split(f'{attribute}="')[1:]:
                address = part.split('"')[0].upper()
                for one in (issued, live):
                    assert one.code not in address and one.token not in address


def test_the_pages_qr_is_read_as_the_vouchers_address(world: World) -> None:
    issued = world.issue()
    link = scan_address(world.installation.settings, issued.token)
    drawn = draw(link)
    image = Image.new("L", (drawn.span, drawn.span), 255)
    for part in drawn.path.split("M")[1:]:
        place, _, run = part.partition("h")
        x, y = map(int, place.split(" "))
        image.paste(0, (x, y, x + int(run.split("v")[0]), y + 1))
    (read,) = zxingcpp.read_barcodes(image.resize((drawn.span * 8,) * 2, Image.Resampling.NEAREST))
    assert read.text == link


def picture_of(folder: Path, content: bytes) -> int:
    file = folder / "pin.bin"
    file.write_bytes(content)
    programme = WITH_MORE.replace("[perks.pin]\n", f'[perks.pin]\npicture = "{file.name}"\n')
    database = f"sqlite:///{folder / 'keepsake.sqlite3'}"
    world = World(make_installation(folder, database, programme))
    issued = world.issue()
    answer = wallet_of(world).get(f"/wallet/{issued.reference}/picture")
    world.installation.close()
    return answer.status_code


def test_a_perks_picture_is_shown_and_no_other_kind_of_file(tmp_path: Path) -> None:
    file = BytesIO()
    Image.new("RGB", (9, 9), "red").save(file, "PNG")
    assert picture_of(tmp_path, file.getvalue()) == 200
    assert picture_of(tmp_path, b"-----BEGIN PRIVATE KEY-----") == 404


def test_a_card_can_be_printed(world: World) -> None:
    issued = world.issue("backstage")
    answer = wallet_of(world).get(f"/wallet/{issued.reference}/card.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/MediaBox [ 0 0 297.6 420.96 ]" in answer.data  # A6, in points


@pytest.mark.parametrize("perk", ["pin", "backstage"])
def test_the_page_of_paper_has_a_code_that_scans(world: World, perk: str) -> None:
    issued, settings = world.issue(perk), world.installation.settings
    with world.installation.reading() as session:
        held = by_reference(session, world.community_id, issued.reference)
        (one,) = show_all(session, settings, [held], clock.now())
        card, note = paper.told(session.get_one(Community, 1), one, settings)
    assert (paper.CHECK in note.lines) is (perk == "backstage")
    sheet = draw_sheet(card, note)
    assert sheet.mode == "1"
    (read,) = zxingcpp.read_barcodes(sheet.convert("L").resize((620, 877)))
    assert read.text == scan_address(settings, issued.token)


def test_what_makes_it_installable_is_there(world: World) -> None:
    world.issue()
    visitor = wallet_of(world)
    manifest = visitor.get("/wallet/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    told = manifest.get_json(force=True)
    assert (told["scope"], told["start_url"], told["display"]) == ("/wallet/",) * 2 + (
        "standalone",
    )
    for icon in told["icons"]:
        with Image.open(BytesIO(visitor.get(icon["src"]).data)) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
    worker = visitor.get("/wallet/worker.js")
    assert "javascript" in (worker.mimetype or "")
    assert "Service-Worker-Allowed" not in worker.headers
