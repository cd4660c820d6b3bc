"""What DiscordChatExporter wrote is counted as if the bot had been there, and once."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock
from app.achievements.intake import pace
from app.achievements.intake.importing import ImportRefused, import_exports, surveyed
from app.achievements.intake.replaying import Replayed
from app.achievements.models import Grant
from app.activity.counters import counting
from app.activity.event_log.models import IntakeRefusal, StoredEvent
from app.activity.events import ActivityEvent
from app.activity.formats import fingerprints
from app.activity.formats.discord_events import Where, Who, written
from app.activity.formats.discord_export import cutting
from app.activity.formats.discord_export.files import survey
from app.activity.formats.discord_export.reading import ExportReader
from app.activity.formats.ndjson import FileRefused
from app.activity.sources import watermarks
from app.activity.sources.models import IntakeRun
from app.cli import command_line
from app.communities import members
from tests.support.installations import World

FILES = Path(__file__).resolve().parents[2] / "data" / "discord-export"
EVERY = tuple(FILES / f"{name}.json" for name in ("thread", "general", "show-and-tell"))
ADA, BEN, CLEO = "1009000000000000002", "1009000000000000003", "1009000000000000004"
GOOD_MORNING = "1480853974188818433"
OTHERS = {"active_days", "channels_joined"}
"""Metrics of the programme that are not looked at here."""
BEGINS = datetime(2026, 3, 10, 9, 0, 0, 383_000, UTC)


def take_in(world: World, *paths: Path, **how: Any) -> Replayed:
    exports = surveyed(world.installation, world.community_id, paths or EVERY)
    return import_exports(world.installation, world.community_id, exports, **how)


def counts(world: World) -> dict[str, dict[str, int]]:
    found = {}
    with world.installation.reading() as session:
        for name in (ADA, BEN, CLEO):
            member = members.find(session, world.community_id, members.DISCORD, name)
            every = counting.counts(session, world.community_id, member.id)
            found[member.display_name] = {
                key: count for key, count in every.items() if key not in OTHERS
            }
    return found


ALL = {
    "Ada": {"message": 4, "reaction_given": 1, "reaction_received": 3, "thread_answered": 1},
    "Ben": {"message": 2, "reaction_given": 1, "thread_started": 1},
    "Cleo": {"message": 3, "reaction_given": 1, "reaction_received": 5, "thread_answered": 1},
}


def state(world: World) -> list[tuple[Any, ...]]:
    """All that an import could change."""
    with world.installation.reading() as session:
        return [
            *session.execute(select(StoredEvent.event_id, StoredEvent.undone_at)),
            *session.execute(select(Grant.id, Grant.granted_at)),
            *session.execute(select(IntakeRefusal.reason, IntakeRefusal.count)),
        ]


def changed(tmp_path: Path, name: str, change: Callable[[Any], None]) -> Path:
    """An export that says something else."""
    content = json.loads((FILES / f"{name}.json").read_text("utf-8"))
    change(content)
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_messages_threads_answers_and_reactions_count(world: World) -> None:
    done = take_in(world)
    assert counts(world) == ALL
    assert (done.read, done.counted, dict(done.refused)) == (22, 19, {"bot": 3})


def test_the_text_stays_out_and_shows_where_it_comes_again(world: World) -> None:
    take_in(world)
    with world.installation.reading() as session:
        rows = {row.event_id: row for row in session.scalars(select(StoredEvent))}
        assert "morning" not in str([vars(row) for row in rows.values()]).lower()
    first = rows[GOOD_MORNING]
    again = [row for row in rows.values() if row.fingerprint == first.fingerprint]
    assert sorted(row.length or 0 for row in again) == [13, 13]
    assert first.fingerprint != fingerprints.told_of("Good morning!", b"another key").fingerprint


def test_a_second_import_changes_nothing(world: World) -> None:
    take_in(world)
    before = state(world)
    again = take_in(world)
    assert (again.counted, again.duplicates) == (0, 19)
    assert state(world) == before
    assert counts(world) == ALL


def test_an_interrupted_import_holds_nothing_open_and_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST", 7)
    held = []

    def stop(done: int) -> None:
        with world.installation.reading() as session:
            held.append(watermarks.held_from(session, world.community_id, now=clock.now()))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(world, on_batch=stop)
    with world.installation.reading() as session:
        [run] = session.scalars(select(IntakeRun))
        assert (run.what, run.ended_at is not None) == ("import", True)
        assert watermarks.held_from(session, world.community_id, now=clock.now()) is None
    assert held == [BEGINS]
    assert take_in(world).duplicates > 0
    assert counts(world) == ALL


def test_counters_only_grants_nothing_until_the_member_goes_on(world: World) -> None:
    assert take_in(world, counters_only=True).grants == 0
    assert counts(world) == ALL
    live = written("1", Who(ADA), clock.now(), Where("c1"), fingerprints.told_of("", b""))
    assert world.take(live, source="discord").grants == 1


def test_without_it_what_was_reached_is_granted(world: World) -> None:
    # Three messages in two channels.
    assert take_in(world).grants == 2


def test_without_its_channel_a_thread_is_of_who_wrote_first(world: World) -> None:
    take_in(world, FILES / "thread.json")
    take_in(world, FILES / "general.json")
    found = counts(world)
    assert found["Ada"]["thread_started"] == found["Ben"]["thread_answered"] == 1
    assert "thread_started" not in found["Ben"]


def test_of_a_thread_that_begins_later_nobody_is_who_started_it(
    world: World, tmp_path: Path
) -> None:
    def later(content: Any) -> None:
        content["dateRange"]["after"] = "2026-03-10T10:02:30+00:00"
        content["messages"] = content["messages"][3:]

    done = take_in(world, changed(tmp_path, "thread", later))
    assert done.counted == 2


def test_who_reacted_replaces_how_many_did(world: World, tmp_path: Path) -> None:
    def tell_users(content: Any) -> None:
        for user in (ADA, BEN):
            content["messages"][0]["reactions"][0].setdefault("users", []).append({"id": user})

    take_in(world)
    take_in(world, changed(tmp_path, "show-and-tell", tell_users))
    assert counts(world)["Cleo"]["reaction_received"] == 2


@pytest.mark.parametrize("batch", [1, 2000])
def test_they_do_so_too_where_both_are_imported_together(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    def tell_users(content: Any) -> None:
        for user in (ADA, BEN):
            content["messages"][0]["reactions"][0].setdefault("users", []).append({"id": user})

    monkeypatch.setattr(pace, "MOST", batch)
    both = changed(tmp_path, "show-and-tell", tell_users), FILES / "show-and-tell.json"
    for paths in (both, both, both[::-1]):
        take_in(world, *paths)
        assert counts(world)["Cleo"]["reaction_received"] == 2


def test_files_are_read_together_in_the_order_of_time() -> None:
    reader = ExportReader([survey(path) for path in EVERY], b"key", {})
    lines = list(reader)
    assert reader.done == sum(path.stat().st_size for path in EVERY)
    events = [line for line in lines if isinstance(line, ActivityEvent)]
    assert len(events) == len(lines) == 22
    assert all(one.at <= following.at for one, following in pairwise(events))
    thread = next(event for event in events if event.id.endswith("-t"))
    [answer] = [event for event in events if event.id.endswith(f"-a-{ADA}")]
    assert (thread.member, answer.other) == (BEN, BEN)
    assert (answer.channel, answer.category) == ("902000000000000001", "903000000000000001")
    assert answer.roles == ("905000000000000001",)


@pytest.mark.parametrize("at_once", [1, 2, 7, 1000])
@pytest.mark.parametrize("indent", [None, 2])
def test_a_file_is_cut_at_the_same_places_whatever_pieces_it_comes_in(
    at_once: int, indent: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads((FILES / "show-and-tell.json").read_text("utf-8"))
    content["guild"]["name"] = 'says "messages": [ \\'
    content["messages"][1]["content"] = '\\"}]{[ \\\\'
    path = tmp_path / "cut.json"
    path.write_text(json.dumps(content, indent=indent, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(cutting, "AT_ONCE", at_once)
    head, *pieces = cutting.cut(path)
    assert json.loads(head.text)["guild"] == content["guild"]
    assert [json.loads(piece.text) for piece in pieces] == content["messages"]
    assert path.read_bytes()[: pieces[0].end].endswith(pieces[0].text)


def command(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(
        command_line(world.installation),
        ["import", "discord-export", *arguments],
        obj=world.installation,
    )


def test_what_came_before_a_file_breaks_off_is_taken_in(world: World, tmp_path: Path) -> None:
    whole = (FILES / "general.json").read_bytes()
    broken = tmp_path / "general.json"
    broken.write_bytes(whole[: whole.index(b'"ThreadCreated"')])
    done = command(world, str(broken), str(FILES / "show-and-tell.json"), "--json")
    assert str(done.exception) == (
        f"{broken}: the file ends too early: the export was not finished. "
        "What came before it was taken in."
    )
    # The break comes to light when the message before it has been read.
    told = json.loads(done.stdout)
    assert (told["counted"], told["refused"]) == (8, {"bot": 1})
    shutil.copy(FILES / "general.json", broken)
    assert command(world, str(broken), *map(str, EVERY)).exit_code == 0
    assert counts(world) == ALL


def test_a_message_that_cannot_be_read_is_told_and_passed_over(
    world: World, tmp_path: Path
) -> None:
    def spoil(content: Any) -> None:
        del content["messages"][0]["author"]

    path = changed(tmp_path, "show-and-tell", spoil)
    done = command(world, str(path))
    assert done.exit_code == 0
    assert (
        f"Refused (missing_field): {path}, message 1, key author: this key is required"
        in done.stderr
    )
    assert "1 counted, 0 known before, 1 refused" in done.stdout


def test_a_message_from_the_future_is_told_by_its_file_and_number(
    world: World, tmp_path: Path
) -> None:
    def ahead(content: Any) -> None:
        content["messages"][-1]["timestamp"] = "2039-01-02T03:04:05+00:00"

    path = changed(tmp_path, "show-and-tell", ahead)
    done = command(world, str(path))
    number = len(json.loads(path.read_text("utf-8"))["messages"])
    said = f"{path}, message {number}: its time, 2039-01-02T03:04:05Z, lies in the future"
    assert f"Refused (future): {said}\n" in done.stderr
    assert "  refused, future: 1\n" in done.stdout


def test_files_that_are_not_this_communitys_activity_are_refused_at_once(
    world: World, tmp_path: Path
) -> None:
    def reverse(content: Any) -> None:
        content["messages"].reverse()

    def direct(content: Any) -> None:
        content["guild"]["id"] = "0"

    for name, content in (("page.html", "<html>[{"), ("list.json", "[1, {}]"), ("none.json", "")):
        (tmp_path / name).write_text(content)
        with pytest.raises(FileRefused, match="this is no JSON export of DiscordChatExporter"):
            take_in(world, EVERY[0], tmp_path / name)
    with pytest.raises(FileRefused, match="export without --reverse"):
        take_in(world, EVERY[0], changed(tmp_path, "show-and-tell", reverse))
    with pytest.raises(FileRefused, match="it cannot be read: No such file or directory"):
        take_in(world, EVERY[0], tmp_path / "nowhere.json")
    with pytest.raises(ImportRefused, match="direct messages"):
        take_in(world, EVERY[0], changed(tmp_path, "general", direct))
    assert state(world) == []


def test_another_guilds_export_is_refused(world: World) -> None:
    file = world.installation.settings.programme_file
    text = file.read_text("utf-8").replace('name = "Test"', 'name = "Test"\nguilds = ["7", "8"]', 1)
    file.write_text(text, "utf-8")
    done = command(world, str(EVERY[0]))
    assert isinstance(done.exception, ImportRefused)
    assert "the guild The Lantern (901000000000000001) is not one of" in str(done.exception)
