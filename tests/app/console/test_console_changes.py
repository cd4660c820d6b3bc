"""The pages of the programme and of sources in a browser: they go, also on a phone."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from app import clock
from app.achievements.linking import joining
from app.activity.sources import gaps
from app.actor import WORKER, Actor
from app.communities import members
from app.communities.linking.codes import Account
from app.factory import create_app
from app.programme.applying import ready
from tests.app.achievements.test_events_api import SOURCES, Platform, event
from tests.support import accessible
from tests.support.browser import open_browser
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message, minutes
from tests.support.pages import new_link, served, with_settings

BOARD = '\n[leaderboards.top]\nname = "Top"\nmetric = "message"\nwindows = ["week"]\n'


def filled(folder: Path) -> World:
    """A forum that sends, an account that is linked, and somebody who nearly is an explorer."""
    database = f"sqlite:///{folder / 'keepsake.sqlite3'}"
    world = World(make_installation(folder, database, PROGRAMME + SOURCES))
    sent = [event("1"), event("1"), event("2", kind="reply"), event("3", kind="watched")]
    Platform(world).send(sent)
    for number in range(2):
        world.take(message(f"m{number}", "100", channel=f"c{number}"), source="discord")
    how: dict[str, Any] = {"now": clock.now()}
    with world.installation.unit_of_work() as session:
        mine = members.find(session, world.community_id, "discord", "100").id
        how["actor"] = Actor("member", str(mine))
        joining.link(session, world.community_id, mine, Account("forum", "ann", "Ann"), **how)
        span: dict[str, Any] = {
            "from_at": NOON,
            "until_at": NOON + minutes(30),
            "reason": "no_history",
        }
        gaps.note(session, world.community_id, "discord", **span, **how | {"actor": WORKER})
    return world


def is_fine(page: Page) -> None:
    """Nothing breaks a rule, and nothing is wider than a small phone."""
    assert accessible.broken(page) == []
    page.set_viewport_size({"width": 320, "height": 568})
    assert accessible.fits(page)
    page.set_viewport_size({"width": 1024, "height": 768})


def test_a_change_is_typed_looked_at_and_applied_and_a_key_is_made(tmp_path: Path) -> None:
    world = filled(tmp_path)
    app = create_app(world.installation)
    with served(app) as address, open_browser() as browser:
        app.extensions["keepsake"] = with_settings(world.installation, public_address=address)
        page = browser.new_page(viewport={"width": 1024, "height": 768})
        page.goto(address + new_link(world.installation))
        page.get_by_role("button").first.click()
        page.get_by_role("navigation").get_by_role("link", name="Programme").click()
        text = page.get_by_label("Or its text")
        text.fill(text.input_value().replace("at_least = 3 }]", "at_least = 0 }]"))
        page.get_by_role("button", name="Show what it changes").click()
        assert "3 things are wrong" in page.get_by_role("alert").inner_text()
        is_fine(page)
        typed = page.get_by_label("Its text")
        typed.fill(typed.input_value().replace("at_least = 0 }]", "at_least = 2 }]") + BOARD)
        page.get_by_role("button", name="Show what it changes").click()
        assert "1 member would newly qualify" in page.locator("main").inner_text()
        is_fine(page)
        page.get_by_role("button", name="Bring it into force").click()
        page.get_by_role("status").wait_for()
        page.locator("summary").first.click()
        is_fine(page)
        assert ready(world.installation).text.endswith(BOARD)
        page.get_by_role("navigation").get_by_role("link", name="Sources").click()
        expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
        for summary in page.locator("summary").all():
            summary.click()
        is_fine(page)
        page.get_by_role("button", name="Make a key for Stream").click()
        assert page.locator("#key").inner_text().startswith("kss_")
        is_fine(page)
    world.installation.close()
