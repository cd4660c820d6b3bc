"""What the sentence of a verdict tells, as data: who shows it in another language says it anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from app.clock import as_text
from app.communities import hours
from voucher.perks.missing import still_offered
from voucher.scans.scanners import Scanner
from voucher.scans.sentences import MISSED, moment_for_staff, values_in

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """What is known of a voucher that is answered about."""

    scanner: Scanner
    row: Row[Any]
    left: int | None
    held_until: datetime | None
    stations: Sequence[str]
    """The names of those where it can be redeemed."""
    now: datetime

    def facts(self, key: str) -> dict[str, Any]:
        """What the sentence of this name tells, and nothing else; moments are datetimes."""
        row = self.row
        known: dict[str, Callable[[], Any]] = {
            "valid_from": lambda: row.valid_from,
            "valid_until": lambda: row.valid_until,
            "missed": self._missed,
            "stood_since": lambda: row.stood_since,
            "held_until": lambda: self.held_until,
            "stations": lambda: list(self.stations),
            "uses_left": lambda: self.left,
            "whom": self._whom,
            "opens": self._opens,
        }
        return {name: known[name]() for name in values_in(key) if name in known}

    def values(self, facts: Facts) -> dict[str, Any]:
        """The same as words in English."""
        zone = self.scanner.station_zone
        said: dict[str, Callable[[Any], Any]] = {
            "held_until": lambda at: (
                (at or self.now).astimezone(ZoneInfo(zone)).strftime("%H:%M:%S")
            ),
            "stations": ", ".join,
            "uses_left": lambda left: left,
            "missed": lambda missed: MISSED.get(missed, ""),
            "whom": self._asked,
            "opens": lambda at: (
                f"from {self._moment(at)} on" if at else "on no day that is known yet"
            ),
        }
        return {name: said.get(name, self._moment)(fact) for name, fact in facts.items()}

    def _moment(self, at: datetime | None) -> str:
        return moment_for_staff(at or self.now, self.scanner.station_zone, now=self.now)

    def _opens(self) -> datetime | None:
        scanner = self.scanner
        shut = (*scanner.station_closed, *self.row.closed)
        opening = hours.next_opening(scanner.station_hours, shut, scanner.station_zone, self.now)
        return opening.begins if opening else None

    def _missed(self) -> str | None:
        """What the member can do who came too late; None where nothing was left to miss."""
        row = self.row
        if row.standing != "open" or row.uses_taken >= row.uses:
            return None
        return still_offered(
            row.missed,
            is_withdrawn=row.perk_withdrawn_at is not None,
            fixed_until=row.fixed_until,
            ends=row.valid_until,
        )

    def _whom(self) -> dict[str, Any]:
        """What staff have to look at before they confirm it."""
        row = self.row
        return {"age": row.minimum_age, "name": row.identity or row.live or not row.minimum_age}

    def _asked(self, whom: Mapping[str, Any]) -> str:
        asked = [f"that an ID says at least {whom['age']}"] if whom["age"] else []
        if whom["name"]:
            asked.append(f"that this is {self.row.display_name}")
        return " and ".join(asked)


def as_json(facts: Facts) -> dict[str, Any]:
    """As the API gives them."""
    return {
        name: as_text(fact) if isinstance(fact, datetime) else fact for name, fact in facts.items()
    }
