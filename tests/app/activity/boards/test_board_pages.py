"""Leaderboards on pages: the public's, the organisers', and who hides; looked at in a browser."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from app import clock
from app.access import doors
from app.access.cookies import WALLET
from app.activity.boards import hiding, shown
from app.activity.counters.models import Standing
from app.activity.counters.standings import FINAL
from app.activity.sources import gaps
from app.actor import INTAKE
from app.factory import create_app
from app.programme.applying import current, ready
from tests.app.activity.boards.boards import (
    BOARDS,
    CLOSES,
    DAY,
    DAYS,
    HOUR,
    TUESDAY,
    closed_at,
    community,
    id_of,
    messages,
    wrote,
)
from tests.support import accessible
from tests.support.browser import open_browser
from tests.support.installations import World
from tests.support.pages import Visitor, new_link, served

TALK = "/c/test/leaderboards/talk"


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with community(tmp_path, engine_url) as world, clock.standing_at(TUESDAY + HOUR):
        yield world


@pytest.fixture
def visitor(club: World) -> Visitor:
    return Visitor(club.installation)


def test_the_public_sees_an_open_window_which_nothing_keeps_for_long(
    club: World, visitor: Visitor
) -> None:
    wrote(club, ada=3, robin=2, kim=1)
    with club.installation.unit_of_work() as session:
        hiding.hide(session, 1, id_of(club, "robin"), now=TUESDAY)
    answer = visitor.get(f"{TALK}/day")
    assert answer.headers["Cache-Control"] == "public, max-age=1"
    assert "17 November 2026" in answer.text
    assert "Ada" in answer.text
    assert "Robin" not in answer.text
    assert "3 members have a place" in answer.text
    assert "not more than 5 seconds old" in answer.text
    assert 'until <time datetime="2026-11-17T23:00:00Z">18 Nov 2026, 00:00' in answer.text


def test_whoever_looks_for_a_board_sees_who_leads_and_finds_the_achievements(
    club: World, visitor: Visitor
) -> None:
    wrote(club, ada=5, robin=4, kim=3, zoe=2, max=1)
    with club.installation.unit_of_work() as session:
        hiding.hide(session, 1, id_of(club, "robin"), now=TUESDAY)
    text = visitor.get("/c/test/leaderboards/").text
    names = ("Ada", "Robin", "Kim", "Zoe", "Max")
    assert [name for name in names if name in text] == ["Ada", "Kim", "Zoe"]
    assert f'href="{TALK}"' in text and 'href="/c/test/achievements"' in text
    assert "/c/test/leaderboards/days" not in text
    assert 'href="/c/test/leaderboards/"' in visitor.get("/c/test/achievements").text


def test_a_board_before_its_first_season_is_listed_and_opens(
    tmp_path: Path, engine_url: str
) -> None:
    later = BOARDS.replace("2026-09-01", "2027-03-01").replace("2026-11-30", "2027-05-31")
    later = later.replace('"day", "week", "month", "season", "all"', '"season"')
    with community(tmp_path, engine_url, later) as club, clock.standing_at(TUESDAY):
        visitor = Visitor(club.installation)
        text = visitor.get("/c/test/leaderboards/").text
        opened, asked = visitor.get(TALK), visitor.get(f"{TALK}/season")
        organisers = visitor.sign_in().get("/console/leaderboards?board=talk").text
    assert "Most talkative" in text and "Its first season has not begun" in text
    told = "The first season of Most talkative has not begun: it begins on 1 March 2027."
    assert opened.status_code == 200 and told in opened.text and told in organisers
    assert asked.status_code == 404 and "There is no season just now." in asked.text


def test_a_season_in_which_nothing_was_counted_has_begun_all_the_same(
    tmp_path: Path, engine_url: str
) -> None:
    text = BOARDS.replace('["day", "week", "month", "season", "all"]', '["season"]')
    text += '\n[seasons.spring]\nname = "Spring"\nbegins = 2027-03-01\nends = 2027-05-31\n'
    with community(tmp_path, engine_url, text) as club, clock.standing_at(CLOSES + 30 * DAYS):
        visitor = Visitor(club.installation)
        pages = [visitor.get(path).text for path in ("/c/test/leaderboards/", TALK)]
    for page in pages:
        assert "Autumn" in page and "has not begun" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/c/other/leaderboards/",
        "/c/test/leaderboards/days",
        "/c/test/leaderboards/none",
        f"{TALK}/2026-13",
        f"{TALK}/2026-W99",
        f"{TALK}/0000-00-00",
        f"{TALK}/9999-12-31",
        f"{TALK}/9999-12",
        f"{TALK}/9999-W52",
        f"{TALK}/0001-01-01",
        f"{TALK}/0001-01",
        f"{TALK}/0001-W01",
        f"{TALK}/season:none",
        f"{TALK}/x",
        "/c/test/leaderboards/days/week",
    ],
)
def test_what_is_not_public_or_no_window_is_not_found(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 404


def test_a_closed_window_says_how_it_stands_and_stays_browsable(
    club: World, visitor: Visitor
) -> None:
    wrote(club, ada=3)
    with club.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "no_history", "actor": INTAKE, "now": TUESDAY}
        gaps.note(session, 1, "discord", from_at=TUESDAY, until_at=TUESDAY + HOUR, **how)
    closed_at(club, CLOSES)
    with clock.standing_at(CLOSES + HOUR):
        provisional = visitor.get(f"{TALK}/{DAY}").text
        assert "Provisional</span> until" in provisional
        assert "19 Nov 2026, 00:00" in provisional
    wrote(club, CLOSES + DAYS + HOUR, ada=1)
    closed_at(club, CLOSES + DAYS)
    with clock.standing_at(CLOSES + DAYS + HOUR):
        text = visitor.get(f"{TALK}/{DAY}").text
        assert "Final</span> since" in text
        assert "digest" in text.lower()
        assert "Something is missing here" in text
        assert "its history could not be read" in text
        archive = visitor.get(f"{TALK}/week").text
        assert f'href="{TALK}/{DAY}"' in archive


def test_a_window_long_ago_in_which_nothing_was_counted_is_closed(
    club: World, visitor: Visitor
) -> None:
    wrote(club, ada=1)
    with clock.standing_at(TUESDAY):
        text = visitor.get(f"{TALK}/2025-03").text
    assert "Closed</span>" in text and "Nothing was counted here" in text
    assert "Provisional" not in text and "members have a place" not in text


def test_a_final_standing_stays_to_be_read_whatever_the_programme_says_later(
    club: World, visitor: Visitor
) -> None:
    wrote(club, ada=3)
    wrote(club, CLOSES + 30 * DAYS, ada=1)
    closed_at(club, CLOSES + 30 * DAYS)
    closed_at(club, CLOSES + 32 * DAYS)
    file = club.installation.settings.programme_file
    text = file.read_text("utf-8").replace('"day", "week", "month", "season", "all"', '"week"', 1)
    season = text[text.index("[seasons.autumn]") : text.index("[leaderboards.talk]")]
    file.write_text(text.replace(season, ""), "utf-8")
    ready(club.installation)
    for window in (DAY, "season:autumn"):
        assert "Final</span> since" in visitor.get(f"{TALK}/{window}").text
    assert visitor.get(f"{TALK}/2026-11-16").status_code == 404


def test_a_long_archive_is_read_in_parts(club: World, visitor: Visitor) -> None:
    for day in range(40):
        club.take(*messages(TUESDAY - day * DAYS, ada=1), now=TUESDAY)
    closed_at(club, CLOSES)
    with clock.standing_at(CLOSES):
        seen, path = [], f"{TALK}/all"
        while path:
            text = visitor.get(path).text.replace("&amp;", "&")
            part = text[text.index('id="archive-title"') :]
            seen += [
                link.split('"')[0]
                for link in part.split(f'href="{TALK}/')[1:]
                if not link.startswith("all")
            ]
            further = [link for link in part.split('href="') if ">Further back" in link]
            path = further[0].split('"')[0] if further else ""
    days = {f"{TUESDAY - day * DAYS:%Y-%m-%d}" for day in range(40)}
    assert days <= set(seen)
    assert len(seen) == len(set(seen))


def test_windows_that_close_at_one_moment_are_read_in_one_part(
    club: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = ["2026-05", "2026-05-31", "2026-W22"]
    closes = datetime(2026, 5, 31, 22, tzinfo=UTC)
    windows = dict.fromkeys(together, closes)
    windows |= {"2026-06-01": closes + DAYS, "2026-05-30": closes - DAYS}
    common = {"community_id": 1, "board": "talk", "metric": "message", "state": FINAL, "members": 1}
    with club.installation.unit_of_work() as session:
        session.add_all(Standing(window=one, closes_at=at, **common) for one, at in windows.items())
        programme = current(session, 1)
        for at_once in (2, 3, 4):
            monkeypatch.setattr(shown, "ARCHIVED", at_once)
            part, further = shown.archive(session, 1, programme, "talk")
            assert [one.window for one in part] == ["2026-06-01", *together]
            assert further == closes
            part, further = shown.archive(session, 1, programme, "talk", before=further)
            assert ([one.window for one in part], further) == (["2026-05-30"], None)


@pytest.mark.parametrize(
    "before", ["0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00", "x", "2026-11-17"]
)
def test_an_archive_asked_for_before_no_moment_is_the_newest(
    before: str, club: World, visitor: Visitor
) -> None:
    wrote(club, ada=1)
    closed_at(club, CLOSES)
    answer = visitor.get(f"{TALK}/all?before={before}")
    assert answer.status_code == 200
    assert "17 November 2026" in answer.text


def test_a_final_standing_says_what_it_counted_then(club: World, visitor: Visitor) -> None:
    wrote(club, ada=1)
    wrote(club, CLOSES + DAYS + HOUR, ada=1)
    closed_at(club, CLOSES, CLOSES + DAYS)
    file = club.installation.settings.programme_file
    file.write_text(BOARDS.replace('"message"\nwindows', '"thread_started"\nwindows'), "utf-8")
    ready(club.installation)
    assert ">Message</th>" in visitor.get(f"{TALK}/{DAY}").text


def test_organisers_see_every_board_and_who_hides(club: World, visitor: Visitor) -> None:
    wrote(club, ada=3, robin=2)
    with club.installation.unit_of_work() as session:
        hiding.hide(session, 1, id_of(club, "robin"), now=TUESDAY)
    visitor.sign_in()
    first = visitor.get("/console/leaderboards").text
    assert 'Robin <span class="muted small">(hides)</span>' in first
    days = visitor.get("/console/leaderboards?board=days&window=week").text
    assert "Most faithful: week 47 of 2026 (16 Nov to 22 Nov)" in days
    assert "Only organisers" in days
    assert "There is no leaderboard x" in visitor.get("/console/leaderboards?board=x").text


def test_a_member_hides_and_appears_in_their_wallet(club: World, visitor: Visitor) -> None:
    wrote(club, ada=3)
    with club.installation.unit_of_work() as session:
        secret = doors.start_session(session, doors.MEMBERS, id_of(club, "ada"), now=clock.now())
    visitor.client.set_cookie(WALLET.name, secret, path=WALLET.path, domain="keepsake.example")
    assert "Your name is shown on leaderboards" in visitor.get("/wallet/").text
    assert visitor.post("/wallet/leaderboards", origin=None, shown="no").status_code == 403
    assert visitor.post("/wallet/leaderboards", shown="no").status_code == 303
    assert "You are shown on no leaderboard" in visitor.get("/wallet/").text
    assert "Ada" not in visitor.get(f"{TALK}/day").text
    visitor.post("/wallet/leaderboards", shown="yes")
    assert "Ada" in visitor.get(f"{TALK}/day").text


def test_between_two_seasons_the_last_one_is_shown(tmp_path: Path, engine_url: str) -> None:
    text = BOARDS.replace('["day", "week", "month", "season", "all"]', '["season"]')
    with community(tmp_path, engine_url, text) as club:
        visitor = Visitor(club.installation)
        wrote(club, ada=2)
        end = CLOSES.replace(month=12, day=2)
        with clock.standing_at(end):
            assert "Ada" in visitor.get(TALK).text
        closed_at(club, end)
        with clock.standing_at(end):
            assert "Autumn" in visitor.get(TALK).text


def test_the_page_goes_in_a_browser_and_stays_current(tmp_path: Path) -> None:
    # The browser's own clock and the page's are the wall's.
    url = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    text = BOARDS.replace("begins = 2026-09-01", "begins = 2020-01-01")
    text = text.replace("ends = 2026-11-30", "ends = 2099-12-31")
    with community(tmp_path, url, text) as club:
        now = clock.now()
        club.take(*messages(now - timedelta(minutes=1), ada=3, robin=2), now=now)
        club.take(*messages(now - 5 * DAYS, robin=1), now=now)
        closed_at(club, now)
        with club.installation.unit_of_work() as session:
            how: dict[str, Any] = {"reason": "no_history", "actor": INTAKE, "now": now}
            gaps.note(session, 1, "discord", from_at=now - HOUR, until_at=now, **how)
        with served(create_app(club.installation)) as address, open_browser() as browser:
            page = browser.new_page()
            page.goto(f"{address}{TALK}/season")
            expect(page.get_by_role("row").nth(1)).to_contain_text("Ada")
            assert accessible.broken(page) == []
            club.take(*messages(now, robin=7), now=now)
            expect(page.get_by_role("row").nth(1)).to_contain_text("Robin", timeout=10_000)
            assert accessible.fits(page)
            page.get_by_role("link", name="All time").press("Enter")
            expect(page.get_by_role("heading", name="All time")).to_be_visible()
            page.get_by_role("region", name="Closed").get_by_role("link").first.click()
            expect(page.locator(".board-state")).to_contain_text("Provisional")
            assert accessible.broken(page) == []
            page.goto(f"{address}/c/test/leaderboards/")
            assert accessible.broken(page) == []
            page.goto(f"{address}{new_link(club.installation)}")
            page.get_by_role("button").first.click()
            page.goto(f"{address}/console/leaderboards")
            expect(page.get_by_role("region", name="Closed")).to_be_visible()
            assert accessible.broken(page) == []
