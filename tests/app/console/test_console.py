"""The organisers' overview tells what the record holds, and stays current by itself."""

import re
from collections import Counter as Tally
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from html import unescape
from itertools import islice

import pytest
from flask import Blueprint, Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import insert

from app import clock
from app.achievements.intake.replaying import replay
from app.achievements.intake.sample import SAMPLE
from app.achievements.models import Grant
from app.activity.events import ActivityEvent
from app.activity.formats import ndjson
from app.audit import sealing
from app.communities import members
from app.console.panels import Panel
from app.factory import RouteWithoutRoles, create_app
from app.jobs import loop, queue
from app.jobs.queue import GiveUp, TryAgain
from app.plugins import JobHandler
from tests.support.installations import NOON, World, thread
from tests.support.pages import Visitor, new_link, served, with_settings

EVENTS = 4000
SOON = 10_000
"""Milliseconds: a few times as long as the page waits between two looks."""


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def panel(visitor: Visitor, name: str) -> str:
    """A panel's text, as people read it."""
    page = visitor.get("/console").text
    (section,) = re.findall(rf'<section id="panel-{name}".*?</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def test_the_numbers_are_those_of_a_replay(world: World, visitor: Visitor) -> None:
    events = list(islice(ndjson.read(SAMPLE), EVENTS))
    replayed = replay(world.installation, world.community_id, events, source="sample")
    wrote = Tally(
        event.member
        for event in events
        if isinstance(event, ActivityEvent) and event.kind == "message" and not event.bot
    )
    first = wrote.most_common(1)[0]

    assert replayed.grants > 20
    assert f"In total {replayed.grants} In the last 24 hours {replayed.grants}" in panel(
        visitor, "grants"
    )
    assert f"Issued {replayed.grants} Redeemed 0 Active {replayed.grants} Expired 0" in panel(
        visitor, "vouchers"
    )
    assert f"1 Member …{first[0][-4:]} {first[1]:,}" in panel(visitor, "leaderboard")
    assert panel(visitor, "leaderboard").count("Member …") == 10
    # Each grant makes two entries (the grant, its voucher); one tells of the programme.
    assert f"Entries sealed 0 Not yet sealed {2 * replayed.grants + 1:,}" in panel(
        visitor, "record"
    )


def test_an_empty_installation_says_so(world: World, visitor: Visitor) -> None:
    # A programme came into force, and somebody looks whether that lets anything be issued.
    loop.do_due(world.installation, "worker")
    assert "Nobody has earned anything yet" in panel(visitor, "grants")
    assert "Nothing has been scanned yet" in panel(visitor, "scans")
    assert "No messages have been counted yet" in panel(visitor, "leaderboard")
    assert "Nothing waits" in panel(visitor, "jobs")
    assert "Issued 0" in panel(visitor, "vouchers")


def test_a_grant_is_shown_with_its_achievement_and_its_member(
    world: World, visitor: Visitor
) -> None:
    world.take(thread("1"), thread("2"), thread("3"))
    with world.installation.unit_of_work() as session:
        member = members.find(session, world.community_id, "sample", "1")
        members.link(session, member, members.DISCORD, "77", "Ada <script>")
    assert "Starter Ada <script>" in panel(visitor, "grants")
    assert "Ada &lt;script&gt;" in visitor.get("/console").text


def test_only_grants_of_the_last_day_count_as_new(world: World, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        world.take(*(thread(f"a{number}", "1") for number in range(3)))
    with clock.standing_at(NOON + timedelta(hours=23)):
        world.take(*(thread(f"b{number}", "2") for number in range(3)))
    with clock.standing_at(NOON + timedelta(hours=25)):
        visitor.sign_in()
        assert "In total 2 In the last 24 hours 1" in panel(visitor, "grants")


def test_another_communitys_grants_are_not_ours(world: World, visitor: Visitor) -> None:
    row = {"community_id": 99, "member_id": 1, "achievement": "starter", "tier": 1}
    with world.installation.unit_of_work() as session:
        session.execute(insert(Grant), row | {"granted_at": clock.now()})
    assert "In total 0" in panel(visitor, "grants")


def test_vouchers_move_from_active_to_redeemed_and_to_expired(
    world: World, visitor: Visitor
) -> None:
    scanner, _ = world.add_device()
    used, *_ = [world.issue() for _ in range(4)]
    world.issue(now=clock.now() + timedelta(days=30))
    world.scan(scanner, code=used.code)
    counts = "Issued 5 Redeemed 1 Active 3 Expired 0 Not yet valid 1"
    assert counts in panel(visitor, "vouchers")
    assert "Redemption rate, of all issued 20 %" in panel(visitor, "vouchers")
    with clock.standing_at(clock.now() + timedelta(hours=72)):
        later = "Issued 5 Redeemed 1 Active 0 Expired 3 Not yet valid 1"
        assert later in panel(visitor, "vouchers")


def test_the_last_scans_are_told_in_words_and_without_the_code(
    world: World, visitor: Visitor
) -> None:
    scanner, _ = world.add_device(name="Door 2")
    issued = world.issue()
    world.scan(scanner, token=issued.token, operator=world.add_operator("Ada"))
    world.scan(scanner, code=issued.code)
    world.scan(scanner, code="0ABC-1DEF-2GHJK")
    told = panel(visitor, "scans")
    unknown, twice, redeemed = (
        told.index(words) for words in ("Not known here", "Already redeemed", "Redeemed Pin")
    )
    assert unknown < twice < redeemed
    assert f"Redeemed Pin Pop-up , Door 2, Ada {issued.reference}" in told
    page = visitor.get("/console").text
    for secret in (issued.code, issued.code.replace("-", ""), issued.token, "0ABC-1DEF"):
        assert secret not in page


def test_no_more_than_ten_scans_are_shown(world: World, visitor: Visitor) -> None:
    scanner, _ = world.add_device()
    code = world.issue().code
    for number in range(12):
        world.scan(scanner, clock.now() + timedelta(seconds=number), code=code)
    assert panel(visitor, "scans").count("Already redeemed") == 10


def test_work_that_fails_is_told_with_its_last_error(world: World, visitor: Visitor) -> None:
    def fail(_installation: object, job: queue.ClaimedJob) -> None:
        raise (GiveUp if job.payload["for_good"] else TryAgain)(job.payload["sentence"])

    world.installation.plugins.handle(JobHandler("test.fails", "tests", fail))
    for_good, sentences = (False, True), ("The shop is closed.", "The shop has burned down.")
    with world.installation.unit_of_work() as session:
        for final, sentence in zip(for_good, sentences, strict=True):
            payload = {"for_good": final, "sentence": sentence}
            queue.enqueue(session, "test.fails", payload, lane="tests", now=clock.now())
    loop.do_due(world.installation, "tests")
    loop.do_due(world.installation, "worker")  # what follows the programme
    with world.installation.unit_of_work() as session:
        queue.enqueue(session, "test.waits", {}, lane="other", now=clock.now())
    told = panel(visitor, "jobs")
    assert "Waiting 1 Being retried 1 Given up 1" in told
    assert "test.fails 1 given up 1 failing Last error: The shop has burned down." in told
    assert "test.waits 1 waiting" in told


def test_sealing_moves_entries_from_unsealed_to_sealed(world: World, visitor: Visitor) -> None:
    world.issue()
    assert "Entries sealed 0 Not yet sealed 2" in panel(visitor, "record")
    sealing.seal_due(world.installation)
    assert "Entries sealed 2 Not yet sealed 0 Last sealed" in panel(visitor, "record")


def test_times_are_the_communitys_and_the_machines_are_utc(world: World, visitor: Visitor) -> None:
    with clock.standing_at(NOON):
        world.take(thread("1"), thread("2"), thread("3"))
        visitor.sign_in()
        page = visitor.get("/console").text
    assert '<time datetime="2026-11-18T12:00:00Z">13:00:00</time>' in page
    with clock.standing_at(NOON + timedelta(days=1)):
        page = visitor.get("/console").text
    assert '<time datetime="2026-11-18T12:00:00Z">18 Nov, 13:00</time>' in page


def test_a_package_adds_a_panel_of_its_own(world: World) -> None:
    plugins = world.installation.plugins
    plugins.panels.append(
        Panel(
            name="more",
            title="More & more",
            order=15,
            template="organiser/panels/record.html",
            content=lambda _session, community_id, _now: {"sealed": 700 + community_id},
        )
    )
    visitor = Visitor(world.installation).sign_in()
    assert "More & more Entries sealed 701" in panel(visitor, "more")
    page = visitor.get("/console").text
    assert '<a href="/console#panel-more">More &amp; more</a>' in page
    titles = re.findall(r'<section id="panel-(\w+)"', page)
    assert titles.index("vouchers") < titles.index("more") < titles.index("scans")


def test_the_fragment_is_the_pages_own_part(world: World, visitor: Visitor) -> None:
    with clock.standing_at(clock.now()):
        fragment = visitor.get("/console/overview/panels").text
        assert fragment in visitor.get("/console").text
    assert "<html" not in fragment


def test_pages_hold_no_script_or_style_that_our_policy_forbids(
    world: World, visitor: Visitor
) -> None:
    token = world.issue().token
    for path in ("/console", "/sign-in", new_link(world.installation), f"/V/{token}", "/none"):
        page = visitor.get(path)
        assert not re.search(r"<style|\sstyle=|\son\w+=", page.text)
        assert not re.search(r"<script(?![^>]*\ssrc=)", page.text)
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]


def test_anybody_gets_the_stylesheet_and_may_keep_it_for_a_while(world: World) -> None:
    answer = Visitor(world.installation).get("/static/keepsake.css")
    assert answer.status_code == 200
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    answer.close()
    assert Visitor(world.installation).get("/static/../factory.py").status_code == 404


def test_a_route_that_does_not_say_who_may_use_it_is_refused(world: World) -> None:
    careless = Blueprint("careless", __name__)
    careless.add_url_rule("/careless", "page", lambda: "hello")
    world.installation.plugins.blueprints.append(careless)
    with pytest.raises(RouteWithoutRoles, match="/careless"):
        create_app(world.installation)


def test_the_voucher_page_says_what_where_and_when_and_nothing_of_the_member(
    world: World,
) -> None:
    issued = world.issue(now=NOON)
    with world.installation.unit_of_work() as session:
        member = members.find(session, world.community_id, "sample", "1")
        members.link(session, member, members.DISCORD, "77", "Ada Morgenstern")
    answer = Visitor(world.installation).get(f"/V/{issued.token}")
    text = " ".join(re.sub(r"<[^>]*>", " ", answer.text).split())
    assert answer.status_code == 200
    assert "Test has a voucher for Pin You show this code. You never scan it." in text
    assert "Where Pop-up" in text
    assert "Other place" not in text
    assert "from Wed 18 Nov 2026, 13:00 until Sat 21 Nov 2026, 13:00 Europe/Berlin" in text
    assert 'href="/sign-in"' in answer.text
    for hidden in ("Ada", issued.code, issued.reference):
        assert hidden not in answer.text


def test_a_code_that_is_not_ours_is_told_as_such(world: World) -> None:
    answer = Visitor(world.installation).get("/V/NONSENSE")
    assert answer.status_code == 404
    assert "This is not one of our vouchers" in answer.text


@pytest.fixture
def open_page(world: World, plain_browser: Browser) -> Iterator[Page]:
    """The overview in a real browser, signed in by clicking through the link's page."""
    app: Flask  # made as soon as its address is known
    with ExitStack() as stack:
        address = stack.enter_context(served(lambda *call: app(*call)))
        app = create_app(with_settings(world.installation, public_address=address))
        page = plain_browser.new_page()
        stack.callback(page.close)
        page.goto(address + new_link(world.installation))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{address}/console")
        page.evaluate("window.sameDocument = true")
        yield page


def issued_on(page: Page) -> Locator:
    return page.locator("#panel-vouchers .figure").first


def test_the_page_stays_current_without_being_loaded_again(world: World, open_page: Page) -> None:
    complaints: list[str] = []
    open_page.on("pageerror", lambda error: complaints.append(str(error)))
    expect(issued_on(open_page)).to_contain_text("0")
    world.issue()
    expect(issued_on(open_page)).to_contain_text("1", timeout=SOON)
    assert open_page.evaluate("window.sameDocument")
    assert complaints == []


def test_people_can_let_it_rest(world: World, open_page: Page) -> None:
    pause = open_page.get_by_role("button", name="Pause")
    pause.click()
    world.issue()
    open_page.wait_for_timeout(4000)
    expect(issued_on(open_page)).to_contain_text("0")
    pause.click()
    expect(issued_on(open_page)).to_contain_text("1", timeout=SOON)


def test_the_focus_stays_where_it_was(world: World, open_page: Page) -> None:
    more = Panel(
        name="more",
        title="More",
        order=15,
        template="organiser/panels/record.html",
        content=lambda _session, _community_id, now: {"sealed": int(now.timestamp())},
        page="access.sign_in",
    )
    world.installation.plugins.panels.append(more)
    open_page.reload()
    link = open_page.locator("#panel-more a")
    link.focus()
    before = open_page.locator("#panel-more").inner_text()
    expect(open_page.locator("#panel-more")).not_to_have_text(before, timeout=SOON)
    for _ in range(3):
        before = open_page.locator("#as-of").inner_text()
        expect(open_page.locator("#as-of")).not_to_have_text(before, timeout=SOON)
    expect(link).to_be_focused()


def test_who_is_signed_out_elsewhere_is_told(open_page: Page) -> None:
    open_page.context.clear_cookies()
    told = open_page.get_by_role("status")
    expect(told).to_contain_text("You are signed out", timeout=SOON)
    expect(told.get_by_role("link", name="Sign in")).to_be_visible()
