"""What is kept of members' avatars, for whom one is fetched, and when it is forgotten."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from app import clock
from app.communities import members
from app.communities.avatars import fetching, noting, pruning
from app.communities.avatars.models import MemberAvatar
from app.communities.models import Member
from app.jobs import loop
from app.jobs.models import DUE, GIVEN_UP, Job
from app.programme.applying import ready
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message
from tests.support.interleaving import one_after_the_other
from tests.support.pictures_server import PicturesServer, colour_of, picture

OFF = PROGRAMME.replace('name = "Test"', 'name = "Test"\navatars = false')
FIRST, SECOND = "avatars/7/first", "guilds/5/users/7/avatars/a_second"
DAY = timedelta(days=1)


@pytest.fixture
def server() -> Iterator[PicturesServer]:
    with PicturesServer() as running:
        running.has(FIRST, picture("#ff0000"))
        running.has(SECOND, picture("#0000ff"))
        yield running


@pytest.fixture
def world(engine_url: str, tmp_path: Path, server: PicturesServer) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, discord_cdn_address=server.url)
    with clock.standing_at(NOON):
        world = World(installation)
        world.take(message("e1", "7"), message("e2", "8"), source=members.DISCORD)
        yield world
    installation.close()


def see(world: World, *, holding: bool = True, **seen: str | None) -> None:
    def holders(some: Collection[int]) -> set[int]:
        return set(some) if holding else set()

    with world.installation.unit_of_work() as session:
        given = {name.removeprefix("m"): path for name, path in seen.items()}
        how: dict[str, Any] = {"holders": holders, "now": clock.now()}
        noting.note(session, world.community_id, members.DISCORD, given, **how)


def fetch(world: World) -> int:
    return loop.do_due(world.installation, noting.LANE)


def kept(world: World, name: str = "7") -> dict[str, Any] | None:
    with world.installation.reading() as session:
        member = members.find(session, world.community_id, members.DISCORD, name)
        found: dict[str, Any] | None = world.installation.plugins.member_parts["avatar"](
            session, member
        )
        return found


def member_id(world: World, name: str = "7") -> int:
    with world.installation.reading() as session:
        return members.find(session, world.community_id, members.DISCORD, name).id


def shown(world: World) -> tuple[int, ...] | None:
    with world.installation.reading() as session:
        found = noting.shown(session, world.community_id, member_id(world))
    return colour_of(found.content) if found else None


def jobs(world: World, state: str = DUE) -> int:
    with world.installation.reading() as session:
        wanted = select(Job.id).where(Job.lane == noting.LANE, Job.state == state)
        return len(session.scalars(wanted).all())


def test_an_avatar_is_fetched_once_and_anew_when_it_is_another_one(
    world: World, server: PicturesServer
) -> None:
    see(world, m7=FIRST, m8=None, m99="avatars/99/stranger")
    see(world, m7=FIRST)
    assert fetch(world) == 1
    red = shown(world)
    assert red is not None and red[0] > 200
    see(world, m7=FIRST)
    assert fetch(world) == 0
    see(world, m7=SECOND)
    assert shown(world) is None
    assert fetch(world) == 1
    blue = shown(world)
    assert blue is not None and blue[2] > 200
    assert len(server.asked) == 2
    assert kept(world, "8") is None
    see(world, m7=None)
    assert kept(world) is None


def test_it_is_fetched_for_who_has_something_to_redeem(world: World) -> None:
    see(world, holding=False, m7=FIRST)
    assert fetch(world) == 0
    assert (kept(world) or {})["discord_path"] == FIRST
    world.issue(member="7", source=members.DISCORD)
    while loop.do_due(world.installation, "worker"):
        pass
    assert fetch(world) == 1
    assert shown(world) is not None
    world.issue(member="7", source=members.DISCORD)
    while loop.do_due(world.installation, "worker"):
        pass
    assert fetch(world) == 0


@pytest.mark.parametrize("path", ["avatars/7/../../x", "https://x/y", "avatars/7/a?b", "avatars//"])
def test_what_is_no_path_of_an_avatar_is_as_good_as_none(world: World, path: str) -> None:
    see(world, m7=FIRST)
    see(world, m7=path)
    assert kept(world) is None


def test_one_that_changes_while_it_is_fetched_is_not_taken_for_the_new_one(
    world: World, server: PicturesServer
) -> None:
    def meanwhile(handler: BaseHTTPRequestHandler) -> None:
        see(world, m7=SECOND)
        content = picture("#ff0000")
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    server.has(FIRST, meanwhile)
    see(world, m7=FIRST)
    fetch(world)
    assert (kept(world) or {})["discord_path"] == SECOND
    assert shown(world) is None
    fetch(world)
    blue = shown(world)
    assert blue is not None and blue[2] > 200


def test_two_that_note_the_same_member_at_once_agree(world: World) -> None:
    def noted(path: str) -> Any:
        how: dict[str, Any] = {"holders": set, "now": NOON}
        return lambda session: noting.note(
            session, world.community_id, members.DISCORD, {"7": path}, **how
        )

    assert one_after_the_other(world.installation, noted(FIRST), noted(SECOND)) == [None, None]
    assert (kept(world) or {})["discord_path"] == SECOND


def test_a_server_that_is_away_is_tried_some_times_and_then_left_without_a_word(
    world: World, server: PicturesServer
) -> None:
    server.has(FIRST, 503)
    see(world, m7=FIRST)
    for _ in range(fetching.MOST_TRIES):
        assert fetch(world) == 1
        with world.installation.unit_of_work() as session:  # its pause is over
            session.execute(update(Job).values(run_at=NOON))
    assert (jobs(world, DUE), jobs(world, GIVEN_UP)) == (0, 0)
    assert len(server.asked) == fetching.MOST_TRIES
    server.has(FIRST, picture("#ff0000"))
    see(world, m7=FIRST)
    assert fetch(world) == 0
    with clock.standing_at(NOON + DAY):
        see(world, m7=FIRST)
        assert fetch(world) == 1
    assert shown(world) is not None


@pytest.mark.parametrize("answer", [404, b"no picture"])
def test_what_is_not_there_is_asked_for_once(
    world: World, server: PicturesServer, answer: int | bytes
) -> None:
    server.has(FIRST, answer)
    see(world, m7=FIRST)
    assert fetch(world) == 1
    assert (jobs(world, DUE), jobs(world, GIVEN_UP), shown(world)) == (0, 0, None)


def test_a_member_is_told_what_is_kept_and_it_is_erased_with_them(world: World) -> None:
    see(world, m7=FIRST)
    fetch(world)
    told = kept(world) or {}
    assert set(told) == {"discord_path", "noted_at", "picture_bytes", "picture_sha256"}
    assert 0 < told["picture_bytes"] <= 8 * 1024
    with world.installation.unit_of_work() as session:
        member = session.get_one(Member, member_id(world))
        world.installation.plugins.member_erasures["avatar"](session, member, None)
    assert kept(world) is None


def test_switched_off_nothing_is_shown_or_fetched_and_all_is_forgotten(
    world: World, server: PicturesServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_ONCE", 1)
    see(world, m7=FIRST)
    fetch(world)
    see(world, m8="avatars/8/other")
    assert pruning.prune(world.installation) == 0
    world.installation.settings.programme_file.write_text(OFF, "utf-8")
    ready(world.installation)
    assert shown(world) is None
    assert fetch(world) == 1
    assert len(server.asked) == 1
    assert pruning.prune(world.installation) == 2
    with world.installation.reading() as session:
        assert session.scalars(select(MemberAvatar.member_id)).all() == []


def test_one_that_was_fetched_long_ago_is_forgotten(world: World) -> None:
    see(world, m7=FIRST)
    fetch(world)
    with clock.standing_at(NOON + pruning.KEPT - DAY):
        assert pruning.prune(world.installation) == 0
    with clock.standing_at(NOON + pruning.KEPT):
        assert pruning.prune(world.installation) == 1
    assert kept(world) is None
