"""The vectors of opening hours are what Python says, and the kiosk's JavaScript says the same."""

import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.app.communities import hours_vectors
from tests.app.communities.hours_vectors import CHANGES, is_readable
from tests.support.node import run_node

TWIN = Path(__file__).parent / "hours_twin.mjs"
CASES = 2000
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Case = dict[str, Any]


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    committed: dict[str, Any] = json.loads(hours_vectors.FILE.read_text("utf-8"))
    return committed


def by_javascript(cases: list[Case], lines: list[str]) -> tuple[list[Case], list[bool]]:
    told = json.loads(run_node(TWIN, given=json.dumps({"cases": cases, "lines": lines})))
    return told["told"], told["readable"]


def said(case: Case) -> Case:
    return {"is_open": case["is_open"], "next": case["next"]}


def test_the_committed_vectors_are_those_that_are_made() -> None:
    assert hours_vectors.FILE.read_text("utf-8") == hours_vectors.as_text(hours_vectors.made())


def test_the_vectors_have_every_answer_in_every_zone(vectors: dict[str, Any]) -> None:
    for zone in CHANGES:
        cases = [case for case in vectors["cases"] if case["zone"] == zone]
        assert {case["is_open"] for case in cases} == {True, False}
        assert {case["next"] is None for case in cases} == {True, False}


def test_no_programme_has_an_unreadable_line(vectors: dict[str, Any]) -> None:
    assert not any(is_readable(line) for line in vectors["unreadable"])


def test_the_twin_passes_every_vector(vectors: dict[str, Any]) -> None:
    told, readable = by_javascript(vectors["cases"], vectors["unreadable"])
    assert told == [said(case) for case in vectors["cases"]]
    assert not any(readable)


def test_the_twin_agrees_on_generated_cases() -> None:
    cases = [hours_vectors.told(generate(Random(seed))) for seed in range(CASES)]
    told, _ = by_javascript(cases, [])
    for case, answer in zip(cases, told, strict=True):
        assert answer == said(case), case
    # What is compared is worth something only where every answer is among them, often.
    assert sum(case["is_open"] for case in cases) > CASES / 10
    assert sum(case["next"] is None for case in cases) > CASES / 100
    assert sum(case["next"] is not None and not case["is_open"] for case in cases) > CASES / 10


def test_the_twin_reads_the_same_lines() -> None:
    lines = [spoiled(Random(seed)) for seed in range(CASES)]
    _, readable = by_javascript([], lines)
    assert readable == [is_readable(line) for line in lines]
    assert CASES / 10 < sum(readable) < CASES * 9 / 10


def generate(random: Random) -> Case:
    """A moment within days of a change of clocks, or at any time of two years, and some lines."""
    zone = random.choice(sorted(CHANGES))
    day = random.choice(CHANGES[zone])
    near = hours_vectors.seconds(f"{day}T02:00", zone, random.choice((0, 1)))
    off = random.choice((15 * 60 * random.randint(-300, 300), 60 * random.randint(-(10**6), 10**6)))
    hours = [line(random, day) for _ in range(random.choice((0, 1, 1, 2, 3)))]
    return {
        "hours": None if random.random() < 0.15 else hours,
        "closed": [line(random, day) for _ in range(random.choice((0, 0, 1, 2, 3)))],
        "zone": zone,
        "at": near + off + random.choice((-1, 0, 0, 0, 0.5, 1)),
    }


def line(random: Random, day: str) -> str:
    first, last = random.choice(DAYS), random.choice(DAYS)
    when: str = random.choice((first, f"{first}-{last}", day, "Sun", "Sat-Mon"))
    if random.random() < 0.1:
        return when
    return f"{when} {clock(random)}-{random.choice((clock(random), '24:00'))}"


def clock(random: Random) -> str:
    quarter = random.choice((random.randrange(96), random.randrange(3, 14)))
    return f"{quarter // 4:02}:{15 * (quarter % 4):02}"


def spoiled(random: Random) -> str:
    text = line(random, f"{random.randint(1999, 2030)}-{random.randint(0, 13):02}-29")
    at = random.randrange(len(text))
    if random.random() < 0.5:
        return " " * random.randrange(2) + text + random.choice(("", " ", "\n"))
    wrong: str = random.choice(("", *"019:- aM\n"))
    return text[:at] + wrong + text[at + random.randrange(2) :]
