"""A window that has closed is provisional, then frozen once; nothing late moves it."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from app import clock
from app.activity.boards import closing, final, freezing, leaderboards, states
from app.activity.boards.freezing import POST, StandingFinalised
from app.activity.counters.models import Counter, Standing, StandingRow
from app.activity.event_log.models import StoredEvent
from app.activity.sources import gaps, watermarks
from app.actor import INTAKE
from app.audit.models import AuditEntry
from app.jobs.models import Job
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
from tests.support.installations import World
from tests.support.interleaving import one_after_the_other

FINAL = CLOSES + DAYS
"""When the day is final at the earliest; its source has gone on by then."""


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    posted = BOARDS.replace("public = true", 'public = true\nchannel = "77"')
    with community(tmp_path, engine_url, posted) as world:
        yield world


def state(world: World, at: Any, window: str = DAY) -> states.WindowState:
    with world.installation.reading() as session:
        calendar = freezing.calendar_of(current(session, 1))
        return states.state_of(session, 1, calendar, "talk", window, now=at)


def facts(world: World, window: str = DAY) -> list[dict[str, Any]]:
    with world.installation.reading() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == StandingFinalised.kind)
        ).all()
        return [row.data for row in rows if row.data["window"] == window]


def test_a_day_is_open_then_provisional_and_final_a_day_later(club: World) -> None:
    wrote(club, ada=2, robin=2, kim=1)
    assert state(club, TUESDAY).state == "open"
    closed_at(club, CLOSES - HOUR)
    assert state(club, CLOSES - HOUR).state == "open"
    assert closed_at(club, CLOSES) == 0
    provisional = state(club, CLOSES)
    assert (provisional.state, provisional.final_from) == ("provisional", FINAL)
    wrote(club, FINAL + HOUR, ada=1)  # its source has gone past it
    assert closed_at(club, FINAL - HOUR) == 0
    assert closed_at(club, FINAL) == 1

    stands = state(club, FINAL)
    ids = [id_of(club, name) for name in ("ada", "robin", "kim")]
    with club.installation.reading() as session:
        rows = list(freezing.rows_of(session, 1, "talk", DAY))
        places = {name: final.place_of(session, 1, "talk", DAY, name) for name in ids}
        best = final.winners(session, 1, "talk", DAY, up_to=1)
    assert rows == [(1, ids[0], 2), (1, ids[1], 2), (3, ids[2], 1)]
    assert list(places.values()) == rows
    assert best == rows[:2]
    # Anybody can compute the digest with a JSON library and SHA-256.
    lines = [
        json.dumps(
            {"rank": rank, "member": member, "count": count}, sort_keys=True, separators=(",", ":")
        )
        for rank, member, count in rows
    ]
    digest = hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    assert (stands.state, stands.final_at, stands.digest) == ("final", FINAL, digest)
    [told] = facts(club)
    assert told == {
        "board": "talk",
        "window": DAY,
        "metric": "message",
        "members": 3,
        "digest": digest,
    }
    assert "Ada" not in json.dumps(told)


def test_what_comes_late_counts_while_it_is_provisional_and_never_after(club: World) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    club.take(*messages(TUESDAY + HOUR, robin=3), now=CLOSES + HOUR)
    wrote(club, FINAL + HOUR, ada=1)
    assert closed_at(club, FINAL) == 1
    club.take(*messages(TUESDAY + 2 * HOUR, ada=9), now=FINAL + HOUR)
    # Counted anew by another definition, it stays as well.
    text = (
        BOARDS.replace("[leaderboards.days]", "[leaderboards.more]")
        + '[leaderboards.third]\nname = "Third"\nmetric = "message"\nwindows = ["month"]\n'
    ).replace('"week", "month", "season", "all"', '"week", "month", "all"')
    club.installation.settings.programme_file.write_text(text, "utf-8")
    ready(club.installation)
    closed_at(club, FINAL + 3 * DAYS)
    with club.installation.reading() as session:
        day = leaderboards.top(session, 1, "message", window=DAY)
        month = leaderboards.top(session, 1, "message", window="2026-11")
        assert [(place.display_name, place.count) for place in day] == [("Robin", 3), ("Ada", 2)]
        assert month[0].count == 12
        assert final.check(session, 1, "talk", DAY).ok
    assert len(facts(club)) == 1


def test_two_workers_at_once_freeze_it_once(club: World) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    wrote(club, FINAL + HOUR, ada=1)

    def freeze(session: Any) -> Any:
        return freezing.freeze(session, 1, "talk", DAY, now=FINAL)

    first, second = one_after_the_other(club.installation, freeze, freeze)
    assert (first.members, second) == (1, None)
    assert len(facts(club)) == 1


def test_a_batch_that_meets_the_freezing_comes_before_or_after_it(club: World) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    wrote(club, FINAL + HOUR, ada=1)

    def freeze(session: Any) -> Any:
        return freezing.freeze(session, 1, "talk", DAY, now=FINAL)

    def late(session: Any) -> Any:
        from app.achievements.intake.taking_in import take_in

        batch = messages(TUESDAY + HOUR, ada=5)
        return take_in(session, 1, "sample", batch, now=FINAL)

    fact, _ = one_after_the_other(club.installation, freeze, late)
    with club.installation.reading() as session:
        [place] = leaderboards.top(session, 1, "message", window=DAY)
        assert (place.count, fact.digest) == (2, final.check(session, 1, "talk", DAY).digest)


def test_a_running_import_holds_open_what_it_can_touch(club: World) -> None:
    wrote(club, ada=2)
    wrote(club, FINAL + HOUR, ada=1)
    closed_at(club, CLOSES)
    with clock.standing_at(FINAL):
        with watermarks.running(club.installation, 1, "old", "import", earliest=CLOSES - HOUR):
            assert closing.close_due(club.installation) == 0
            held = state(club, FINAL).held
            assert held is not None
            assert "is being read in" in held
        # One that brings nothing so old does not hold it.
        with watermarks.running(club.installation, 1, "new", "import", earliest=CLOSES):
            assert closing.close_due(club.installation) == 1


def test_a_source_that_is_behind_holds_it_by_its_own_clock_for_a_week_at_most(
    club: World,
) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    late = CLOSES + 3 * DAYS
    club.take(*messages(CLOSES + 23 * HOUR, robin=1), source="forum", now=late)
    wrote(club, late, ada=1)
    assert closed_at(club, late) == 0
    assert state(club, late).held == "forum still tells of what happened before"
    # Its next event is a day past the end: what it could tell late it has told.
    club.take(*messages(CLOSES + DAYS, robin=1), source="forum", now=late)
    assert state(club, late).held is None
    # Another one stays behind, and is heard of all the time.
    club.take(*messages(TUESDAY, kim=1), source="slow", now=late)
    for day in (4, 5, 6):
        club.take(*messages(TUESDAY + day * HOUR, kim=1), source="slow", now=CLOSES + day * DAYS)
        assert closed_at(club, CLOSES + day * DAYS) == 0
    club.take(*messages(TUESDAY + 7 * HOUR, kim=1), source="slow", now=CLOSES + 7 * DAYS)
    assert closed_at(club, CLOSES + 7 * DAYS - HOUR) == 0
    assert closed_at(club, CLOSES + 7 * DAYS) >= 1
    assert facts(club)


def test_a_source_that_fell_silent_holds_nothing(club: World) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    club.take(*messages(TUESDAY, robin=1), source="forum", now=FINAL - HOUR)
    wrote(club, FINAL, ada=1)
    assert closed_at(club, FINAL, FINAL + 22 * HOUR) == 0
    assert closed_at(club, FINAL + 23 * HOUR) == 1


def test_after_an_outage_of_our_own_there_is_time_to_read_back(club: World) -> None:
    wrote(club, ada=2)
    back = CLOSES + 5 * DAYS
    assert closed_at(club, back, back + HOUR / 2) == 0
    assert state(club, back).final_from == back + HOUR
    assert closed_at(club, back + HOUR) >= 1


def test_a_window_that_no_longer_closes_is_open_again(club: World) -> None:
    wrote(club, ada=1)
    end = CLOSES.replace(month=12, day=1)
    closed_at(club, end)
    assert state(club, end, "season:autumn").state == "provisional"
    text = BOARDS.replace("ends = 2026-11-30", "ends = 2026-12-20")
    club.installation.settings.programme_file.write_text(text, "utf-8")
    ready(club.installation)
    closed_at(club, end, end + 3 * DAYS)
    assert state(club, end, "season:autumn").state == "open"
    assert facts(club, "season:autumn") == []
    assert len(facts(club, "2026-11")) == 1


def test_freezing_takes_as_many_statements_for_many_as_for_few(club: World) -> None:
    taken = []
    for day, people in ((0, 3), (7, 300)):
        at = TUESDAY + day * DAYS
        some = {f"m{number}": 1 + number % 3 for number in range(people)}
        club.take(*messages(at, **some), now=at + HOUR)
        wrote(club, at + 3 * DAYS, m0=1)
        closed_at(club, CLOSES + day * DAYS)
        said: list[str] = []
        engine = club.installation.database.engine
        listen = lambda *args, said=said: said.append(args[2])  # noqa: E731
        event.listen(engine, "before_cursor_execute", listen)
        with club.installation.unit_of_work() as session:
            window = f"{at:%Y-%m-%d}"
            assert freezing.freeze(session, 1, "talk", window, now=at + 2 * DAYS)
        event.remove(engine, "before_cursor_execute", listen)
        taken.append(len(said))
    assert taken[0] == taken[1] < 20


def test_a_board_that_counts_something_else_meanwhile_freezes_nothing(club: World) -> None:
    wrote(club, ada=2)
    closed_at(club, CLOSES)
    wrote(club, FINAL + HOUR, ada=1)
    file = club.installation.settings.programme_file
    before = file.read_text("utf-8")
    file.write_text(before.replace('metric = "message"', 'metric = "thread_started"'), "utf-8")
    ready(club.installation)
    with club.installation.unit_of_work() as session:
        assert freezing.freeze(session, 1, "talk", DAY, now=FINAL) is None
    assert facts(club) == []
    file.write_text(before, "utf-8")
    ready(club.installation)
    with club.installation.unit_of_work() as session:
        assert freezing.freeze(session, 1, "talk", DAY, now=FINAL) is not None


def test_a_window_in_which_all_was_taken_back_has_no_standing(club: World) -> None:
    from app.achievements.intake.taking_in import take_back

    wrote(club, ada=2)
    with club.installation.unit_of_work() as session:
        every = [one.event_id for one in session.scalars(select(StoredEvent))]
        take_back(session, 1, "sample", every, now=CLOSES)
    wrote(club, FINAL + HOUR, robin=1)
    closed_at(club, FINAL + DAYS)
    with club.installation.reading() as session:
        windows = session.scalars(select(Standing.window)).all()
    assert DAY not in windows and windows


def test_a_changed_row_is_found(club: World) -> None:
    wrote(club, ada=2, robin=1)
    wrote(club, FINAL + HOUR, ada=1)
    closed_at(club, CLOSES, FINAL)
    with club.installation.unit_of_work() as session:
        assert final.check(session, 1, "talk", DAY).ok
        session.execute(
            update(StandingRow)
            .where(StandingRow.window == DAY, StandingRow.rank == 2)
            .values(count=2)
        )
        found = final.check(session, 1, "talk", DAY)
        assert not found.ok
        # Not even with the standing's own digest changed to it.
        session.execute(update(Standing).where(Standing.window == DAY).values(digest=found.digest))
        assert not final.check(session, 1, "talk", DAY).ok
        with pytest.raises(final.NotFinal):
            final.check(session, 1, "talk", "2026-11-16")


def test_a_result_is_posted_once_and_only_while_it_is_news(club: World) -> None:
    wrote(club, ada=2)
    wrote(club, TUESDAY - 40 * DAYS, ada=2)
    wrote(club, FINAL + HOUR, ada=1)
    closed_at(club, CLOSES, FINAL, FINAL + HOUR)
    with club.installation.reading() as session:
        jobs = session.scalars(select(Job).where(Job.kind == POST)).all()
        assert [job.payload["window"] for job in jobs] == [DAY]
        assert jobs[0].lane == "discord"
        frozen = session.scalars(select(Standing.window).where(Standing.state == "final")).all()
        assert "2026-10-08" in frozen


def test_a_gap_is_a_fact_and_known_of_the_windows_that_it_touches(club: World) -> None:
    begins, ends = TUESDAY, TUESDAY + HOUR
    with club.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "no_history", "actor": INTAKE, "now": ends}
        gaps.note(session, 1, "discord", from_at=begins, until_at=ends, **how)
    with club.installation.reading() as session:
        calendar = freezing.calendar_of(current(session, 1))
        touched = {
            window: bool(gaps.gaps_in(session, 1, *span))
            for window in (DAY, "2026-11-16", "2026-11-18", "2026-W47", "season:autumn")
            if (span := calendar.span(window))
        }
        assert touched == {
            DAY: True,
            "2026-11-16": False,
            "2026-11-18": False,
            "2026-W47": True,
            "season:autumn": True,
        }
        assert len(gaps.gaps_in(session, 1, None, None)) == 1
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.kind == "activity.missed"))
        assert entry.data["reason"] == "no_history"
        assert session.scalar(select(Counter.count)) is None
