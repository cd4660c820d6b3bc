"""The command line: what other programs rely on, and one sentence for what goes wrong."""

import gzip
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.config import BUILT_IN_PACKAGES
from app.faults import sentence_of
from app.plugins import plug_in_all
from app.programme.loading import ProgrammeRefused, load

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "activity-2025q1.ndjson.gz"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that holds only the programme file."""
    (tmp_path / "programme.toml").write_text((ROOT / "programme.toml").read_text("utf-8"), "utf-8")
    return tmp_path


def start(folder: Path, *arguments: str, **env: str) -> subprocess.Popen[str]:
    clean = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("KEEPSAKE") and key not in ("DATABASE_URL", "PORT", "DISCORD_TOKEN")
    }
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=folder,
        env=clean | {"PYTHONPATH": str(ROOT)} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def keepsake(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    running = start(folder, *arguments, **env)
    out, err = running.communicate(timeout=120)
    return subprocess.CompletedProcess(arguments, running.returncode, out, err)


def answer(folder: Path, *arguments: str) -> Any:
    done = keepsake(folder, *arguments, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def write_lines(path: Path, *lines: str) -> Path:
    path.write_text("".join(line + "\n" for line in lines), "utf-8")
    return path


def event(number: int, **more: Any) -> str:
    at = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    return json.dumps({"id": str(number), "kind": "message", "member": "1", "at": at} | more)


def test_the_interfaces_answer_as_promised(folder: Path) -> None:
    assert keepsake(folder, "migrate").returncode == 0
    [voucher] = answer(folder, "vouchers", "issue", "--perk", "enamel_pin", "--member", "7")
    assert set(voucher) == {"reference", "code", "token", "url", "valid_from", "valid_until"}
    device = answer(folder, "devices", "add", "--station", "popup_berlin")
    assert set(device) == {"id", "pairing_url", "bearer"}
    shown = answer(folder, "members", "show", "7")
    assert shown["member"] == "7"
    assert {"counters", "grants", "vouchers"} <= set(shown)
    by_code = answer(folder, "vouchers", "show", voucher["code"])
    assert by_code["reference"] == voucher["reference"]
    for number in (1, 2):
        line = event(number, member=str(number))
        done = answer(folder, "replay", str(write_lines(folder / "a.ndjson", line)))
        assert done == {"read": 1, "counted": 1, "duplicates": 0, "refused": {}, "grants": 0}
    rows = answer(folder, "leaderboard", "message", "--window", "all", "--limit", "5")
    assert rows == [{"rank": 1, "member": m, "count": 1} for m in ("1", "2")]


def test_the_samples_counters_equal_those_of_an_independent_query(folder: Path) -> None:
    keepsake(folder, "migrate")
    done = answer(folder, "replay", str(SAMPLE))
    raw = sqlite3.connect(":memory:")
    raw.execute("CREATE TABLE e (id TEXT, kind TEXT, member TEXT, channel TEXT, bot INT)")
    with gzip.open(SAMPLE, "rt", encoding="utf-8") as lines:
        found = (json.loads(line) for line in lines)
        raw.executemany(
            "INSERT INTO e VALUES (?, ?, ?, ?, ?)",
            ((e["id"], e["kind"], e["member"], e["channel"], e["bot"]) for e in found),
        )
    once = "(SELECT * FROM e WHERE NOT bot GROUP BY id)"
    assert done["counted"] == raw.execute(f"SELECT count(*) FROM {once}").fetchone()[0]
    for metric, query in {
        "message": f"SELECT member, count(*) c FROM {once} WHERE kind = 'message'",
        "thread_started": f"SELECT member, count(*) c FROM {once} WHERE kind = 'thread_started'",
        "channels_joined": "SELECT member, count(DISTINCT channel) c "
        f"FROM {once} WHERE kind = 'message'",
    }.items():
        wanted = dict(raw.execute(f"{query} GROUP BY member").fetchall())
        rows = answer(folder, "leaderboard", metric, "--limit", "5000")
        assert {row["member"]: row["count"] for row in rows} == wanted


def test_an_interrupted_replay_ends_like_one_that_ran_through(folder: Path) -> None:
    keepsake(folder, "migrate")
    running = start(folder, "replay", str(SAMPLE))
    database = folder / "var" / "keepsake.sqlite3"
    for _ in range(400):
        time.sleep(0.05)
        with sqlite3.connect(database) as connection:
            if connection.execute("SELECT count(*) FROM activity_event").fetchone()[0] > 3000:
                break
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert (running.returncode, "Interrupted" in err) == (130, True)
    again = answer(folder, "replay", str(SAMPLE))
    assert again["duplicates"] > 60
    with sqlite3.connect(database) as connection:
        events = connection.execute(
            "SELECT count(*) FROM activity_event WHERE kind = 'message'"
        ).fetchone()
        counters = connection.execute(
            "SELECT sum(count) FROM counter WHERE metric = 'message' AND \"window\" = 'all'"
        ).fetchone()
        grants = connection.execute("SELECT count(*) FROM achievement_grant").fetchone()
        vouchers = connection.execute("SELECT count(*) FROM voucher").fetchone()
    assert events == counters
    assert grants == vouchers
    assert again["counted"] + again["duplicates"] == 39_086


def test_lines_that_hold_no_event_are_refused_by_reason(folder: Path) -> None:
    keepsake(folder, "migrate")
    far = (datetime.now(UTC) + timedelta(days=400)).isoformat()
    broken = {
        "not_json": "{",
        "missing_field": '{"id": "1"}',
        "no_zone": event(2, at="2026-01-01T00:00:00"),
        "future": event(3, at=far),
        "unknown_key": event(4, colour="red"),
        "bad_value": event(5, at="yesterday"),
        "bot": event(6, bot=True),
    }
    path = write_lines(folder / "a.ndjson", event(0), *broken.values(), event(9))
    done = answer(folder, "replay", str(path))
    assert done["counted"] == 2
    assert done["refused"] == dict.fromkeys(sorted(broken), 1)


def test_a_truncated_gzip_loses_nothing_of_what_came_before(folder: Path) -> None:
    keepsake(folder, "migrate")
    (folder / "cut.gz").write_bytes(SAMPLE.read_bytes()[:50_000])
    done = keepsake(folder, "replay", "cut.gz", "--json")
    assert done.returncode == 1
    assert "truncated" in done.stderr
    assert json.loads(done.stdout)["counted"] > 1000


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("[community]\nkey = 'a'\nname = 'A'\ncolour = 'red'", "[community], key colour"),
        ("[community]\nkey = 'a'", "[community], key name"),
        ("[community]\nkey = 'a'\nname = \"A\\u0000\"", "community.name"),
        ("[communty]", "[communty]"),
        ("[[", "not TOML"),
        ("a = " + "[" * 5_000, "brackets are nested too deep"),
        ("a = " + "9" * 5_000, "a number in it is too long"),
        (
            '[seasons.s]\nname = "S"\nbegins = 2026-01-01\nends = 9999-12-31',
            "[seasons.s], key ends: this should be less than or equal to 9998-12-31",
        ),
        (
            "[community]\nkey = 'a'\nname = 'A'\n[achievements.x]\nname = 'X'\n"
            "all = [{ metric = 'message', at_least = 1 }]",
            "[achievements.x], key reward",
        ),
        (
            "[community]\nkey = 'a'\nname = 'A'\n[achievements.x]\nname = 'X'\n"
            "all = [{ metric = 'message', at_least = 1 }]\nreward = { perk = 'p' }",
            "needs a reward with a channel",
        ),
    ],
)
def test_a_broken_programme_is_named_by_file_table_and_key(
    folder: Path, wrong: str, sentence: str
) -> None:
    file = folder / "programme.toml"
    file.write_text(wrong, "utf-8")
    with pytest.raises(ProgrammeRefused) as refused:
        load(file, plug_in_all(BUILT_IN_PACKAGES))
    told = sentence_of(refused.value) or ""
    assert "programme.toml" in told
    assert sentence in told


def test_what_is_wrong_with_a_programme_is_told_without_a_traceback(folder: Path) -> None:
    (folder / "programme.toml").write_text("a = " + "[" * 5_000, "utf-8")
    done = keepsake(folder, "programme", "check")
    assert done.returncode == 1
    assert "programme.toml" in done.stderr
    assert "brackets are nested too deep" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_without_tables_says_what_to_do(folder: Path) -> None:
    done = keepsake(folder, "leaderboard", "message")
    assert (done.returncode, "keepsake migrate" in done.stderr) == (1, True)


def test_a_lost_signing_key_stops_every_process_and_none_makes_another(folder: Path) -> None:
    keepsake(folder, "migrate")
    key = folder / "var" / "keys" / "voucher-1.key"
    assert key.stat().st_mode & 0o777 == 0o600
    key.unlink()
    for command in (["migrate"], ["worker"], ["web"], ["bot"]):
        done = keepsake(folder, *command, PORT="18990")
        assert (done.returncode, "voucher-1.key is missing" in done.stderr) == (1, True)
    assert not key.exists()


def test_the_record_is_verified_and_an_edit_is_named(folder: Path) -> None:
    keepsake(folder, "migrate")
    answer(folder, "vouchers", "issue", "--perk", "enamel_pin", "--member", "7", "--count", "3")
    keepsake(folder, "audit", "seal")
    assert answer(folder, "audit", "verify")["ok"] is True
    with sqlite3.connect(folder / "var" / "keepsake.sqlite3") as connection:
        connection.execute("UPDATE audit_entry SET kind = 'nothing' WHERE number = 2")
    done = keepsake(folder, "audit", "verify")
    assert done.returncode == 1
    assert "entry 2" in done.stdout


def test_a_taken_port_is_one_sentence(folder: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = keepsake(folder, "run", PORT=str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "is in use" in done.stderr
    assert "Traceback" not in done.stderr
