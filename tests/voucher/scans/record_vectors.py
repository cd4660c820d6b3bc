"""Shared vectors of the record's checks: made by the Python function, for every twin of it.

`python -m tests.voucher.scans.record_vectors` writes them anew.
"""

import itertools
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from voucher.scans.rules import Asked, RecordView, judge_record

FILE = Path(__file__).resolve().parents[2] / "vectors" / "record-checks.json"
FROM, UNTIL = 1_800_000_000, 1_800_259_200
NOTE = (
    "What the record says of a voucher. Moments are Unix seconds; valid_until is the first invalid "
    "one. stations null: all. held: uses that others hold. The first check that fails answers."
)

GOOD_VIEW: dict[str, Any] = {
    "uses_left": 3,
    "valid_from": FROM,
    "valid_until": UNTIL,
    "stations": None,
    "standing": "open",
    "is_open": True,
    "held": 0,
    "asks_identity": False,
    "asks_live": False,
    "in_stock": True,
}
GOOD_ASKED: dict[str, Any] = {
    "station": "popup",
    "uses": 1,
    "now": FROM + 60,
    "identity_confirmed": False,
    "shown_live": False,
}
VIEWS: dict[str, list[Any]] = {
    "uses_left": [0, 1, 2, 3],
    "stations": [None, [], ["popup"], ["other", "popup"], ["other"]],
    "standing": ["open", "void", "superseded", "refunded"],
    "is_open": [True, False],
    "held": [0, 1, 2, 3],
    "asks_identity": [False, True],
    "asks_live": [False, True],
    "in_stock": [True, False],
}
ASKED: dict[str, list[Any]] = {
    "uses": [1, 2, 3, 4],
    "now": [FROM - 1, FROM, UNTIL - 1, UNTIL],
    "identity_confirmed": [False, True],
    "shown_live": [False, True],
}
MIXED = 300


def made() -> dict[str, Any]:
    """The vectors: each value by itself, each pair of values, and a seeded mixture."""
    cases = []
    for changed in _changes():
        view = GOOD_VIEW | {key: value for key, value in changed.items() if key in VIEWS}
        asked = GOOD_ASKED | {key: value for key, value in changed.items() if key in ASKED}
        cases.append({"view": view, "asked": asked, "verdict": verdict_of(view, asked)})
    return {"note": NOTE, "cases": cases}


def verdict_of(view: dict[str, Any], asked: dict[str, Any]) -> str:
    """What the server's function says of a case."""
    known = view | {key: _moment(view[key]) for key in ("valid_from", "valid_until")}
    given = {key: value for key, value in asked.items() if key != "shown_live"}
    given["now"] = _moment(asked["now"])
    return judge_record(RecordView(**known), Asked(**given), shown_live=asked["shown_live"])


def _changes() -> Iterator[dict[str, Any]]:
    every = [(key, value) for key, values in (VIEWS | ASKED).items() for value in values]
    yield {}
    for (first, one), (second, other) in itertools.combinations(every, 2):
        if first != second:
            yield {first: one, second: other}
    draw = random.Random(20261125)
    for _ in range(MIXED):
        yield {key: draw.choice(values) for key, values in (VIEWS | ASKED).items()}


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def as_text(vectors: dict[str, Any]) -> str:
    """As the file has them: a case a line."""
    lines = ",\n".join(json.dumps(case, sort_keys=True) for case in vectors["cases"])
    return f'{{"note": {json.dumps(vectors["note"])},\n"cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(as_text(made()), "utf-8")
