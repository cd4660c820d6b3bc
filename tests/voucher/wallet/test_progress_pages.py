"""Achievements as they are published, a member's own progress, and why something did not count."""

import os
import re
from contextlib import ExitStack
from html import unescape

from flask import Flask
from playwright.sync_api import Page

from app import clock
from app.activity.intake import explaining
from app.activity.metrics.definitions import metrics_of
from app.communities import members
from app.factory import create_app
from app.programme.applying import current
from tests.support.accessible import SIZES, broken, fits
from tests.support.browser import open_browser
from tests.support.installations import (
    NOON,
    PROGRAMME,
    World,
    message,
    minutes,
    world_of,
)
from tests.support.pages import Visitor, served, with_settings
from tests.voucher.wallet.conftest import link_for, wallet_of
from voucher.ledger.finding import of_member

PUBLISHED = (
    PROGRAMME
    + """
[metrics.talk]
name = "messages that count"
kinds = ["message"]
limits = { cooldown_seconds = 60, repeated_hours = 1 }

[achievements.talker]
name = "Talker"
description = "For who talks with others."
budget = 50
begins = 2026-01-01
repeat = { cooldown_days = 7 }
all = [{ metric = "talk" }, { distinct = "day", of = "talk", at_least = 1, window = "week" }]
reward = { channel = "voucher", perk = "pin" }
tiers = [{ name = "Bronze", at_least = 2 }, { name = "Gold", at_least = 1000 }]

[achievements.loyal]
name = "Loyal"
any = [{ streak = 5, of = "message", grace = 1 }, { member_days = 400 }, { by_hand = true }]
reward = { channel = "voucher", perk = "pin" }

[leaderboards.top]
name = "Top"
metric = "talk"
windows = ["week"]
winners = { achievement = "loyal" }

[achievements.gone]
name = "Gone"
ends = 2026-02-28
all = [{ achievement = "talker", tier = 2 }, { role = "77" }]
reward = { channel = "voucher", perk = "pin" }
"""
)


world = world_of(PUBLISHED)


def read(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


def talk(world: World) -> None:
    """Four messages: one comes too soon, one says the same again."""
    now = clock.now() - minutes(30)
    world.take(
        message("1", at=now, fingerprint="a"),
        message("2", at=now + minutes(2) / 4, fingerprint="b"),
        message("3", at=now + minutes(5), fingerprint="a"),
        message("4", at=now + minutes(9), fingerprint="c"),
        message("o", "2", at=now),
    )


def test_the_public_page_says_the_criteria_in_words_made_from_them(
    world: World, visitor: Visitor
) -> None:
    talk(world)
    answer = visitor.get("/c/test/achievements").text
    page = read(answer)
    assert "/leaderboards/" not in answer
    assert "For 1,000 messages that count and messages that count on 1 day in one week." in page
    assert (
        "For 5 days in a row with messages (1 missed day in between forgiven), 400 days as a"
        " member or an organiser gives it and says why." in page
    )
    assert "the achievement Talker, Gold, and the role 77" in page
    assert "One member has it." in page and "49 of 50 are left." in page
    assert "not within 7 days of the last time" in page
    assert (
        "Of messages that count: not within 60 s of the last one that counted; no text again"
        " within 1 h." in page
    )
    assert "Over: its time has passed." in page
    assert visitor.get("/c/nothing/achievements").status_code == 404


def test_a_member_sees_what_is_missing_and_what_of_theirs_did_not_count(world: World) -> None:
    talk(world)
    page = read(wallet_of(world).get("/wallet/progress").text)
    assert "2 of 1,000" in page and "For the next time: All of these:" in page
    assert "2 did not count as messages that count: cooldown 1, repeated text 1." in page
    assert page.count("not as messages that count: repeated text") == 1
    assert page.count(" counted ") >= 2


def test_recent_events_are_judged_as_they_were_and_nothing_is_written(world: World) -> None:
    for day in range(3):
        at = NOON + day * minutes(24 * 60)
        world.take(*[message(f"{day}-{i}", at=at + minutes(i) / 2) for i in range(4)])
    with world.installation.reading() as session:
        found = members.find(session, world.community_id, "sample", "1")
        table = current(session, world.community_id)
        metrics = metrics_of(table, world.installation.plugins)
        told = explaining.recent(session, world.community_id, found.id, metrics, most=6)
        sums = explaining.refused(session, world.community_id, found.id, metrics)
        assert of_member(session, world.community_id, found.id)
    assert [one.verdicts[0].reason for one in told] == ["cooldown", None] * 3
    assert [one.words for one in sums] == ["cooldown 6"]


def test_who_is_nobody_is_asked_in(visitor: Visitor) -> None:
    assert visitor.get("/wallet/progress").status_code == 401


def test_both_pages_are_accessible_at_every_size(world: World) -> None:
    talk(world)
    with ExitStack() as stack:
        app: Flask
        address = stack.enter_context(served(lambda *call: app(*call)))
        installation = with_settings(world.installation, public_address=address)
        app = create_app(installation)
        browser = stack.enter_context(open_browser())
        page = browser.new_page(base_url=address)
        page.goto("/c/test/achievements")
        looked_at(page, "public")
        page.goto(link_for(world))
        page.get_by_role("button").first.click()
        page.get_by_role("link", name="What I am close to").click()
        page.get_by_role("heading", name="My progress").wait_for()
        looked_at(page, "own")


def looked_at(page: Page, name: str) -> None:
    """No rule broken and nothing to push sideways; with pictures of it where they are wanted."""
    assert broken(page) == []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert fits(page), (name, width)
        if folder := os.environ.get("PICTURES"):
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
