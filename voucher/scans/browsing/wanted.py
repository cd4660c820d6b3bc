"""Which scans an organiser wants to see, as the form's fields say it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, text

from app.communities.models import Station
from app.refusals import Refused
from voucher.ledger.finding import REFERENCE
from voucher.ledger.models import Voucher
from voucher.scans.models import Scan
from voucher.scans.panels import WORDS
from voucher.scans.rules import REDEEMED

HANDED_OVER, REFUSED, UNDONE = "handed_over", "refused", "undone"
OVERRIDDEN, BY_REFERENCE = "overridden", "by_reference"
NOT_REFUSED = (REDEEMED, "reserved", "valid")
GROUPS = {
    HANDED_OVER: "Handed over",
    UNDONE: "Undone",
    REFUSED: "Refused",
    OVERRIDDEN: "Overridden by a supervisor",
    BY_REFERENCE: "By reference, without a code",
}
OUTCOMES = GROUPS | {
    verdict: words for verdict, (words, _) in WORDS.items() if verdict not in (REDEEMED, UNDONE)
}
"""What can be chosen, in words: groups first, then each verdict."""
LONGEST = 64


class WantedUnreadable(Refused):
    """A field of the form holds what it cannot mean."""

    code = "filter_unreadable"


@dataclass(frozen=True)
class Wanted:
    """Only scans of this outcome, station, device, operator and voucher, and of these days.

    A field is empty where all will do; days are those of the community's zone, the last included.
    """

    outcome: str = ""
    station: str = ""
    device: str = ""
    operator: str = ""
    voucher: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """The fields as they were typed; raises `WantedUnreadable` for what says nothing."""
        named = {field.name: given.get(field.name, "").strip()[:LONGEST] for field in fields(cls)}
        named["voucher"] = named["voucher"].upper()
        wanted = cls(**named)
        if wanted.outcome and wanted.outcome not in OUTCOMES:
            raise WantedUnreadable("There is no such outcome.", key="outcome")
        if wanted.voucher and not REFERENCE.fullmatch(wanted.voucher):
            raise WantedUnreadable("A voucher is named like V-1A2B3C4D.", key="voucher")
        if "\x00" in "".join(named.values()):
            raise WantedUnreadable("A field holds what nobody can type.")
        for key in ("since", "until"):
            _day(named[key], key)
        return wanted

    @property
    def fields(self) -> dict[str, str]:
        """Those that are not empty, for addresses."""
        return {name: value for name, value in vars(self).items() if value}

    def of(self, statement: Select[Any], zone: ZoneInfo) -> Select[Any]:
        """The statement for these scans alone; it is one from `Scan` and its outer `Voucher`."""
        if self.station:
            stations = select(Station.id).where(Station.key == self.station)
            statement = statement.where(Scan.station_id.in_(stations))
        if self.device:
            statement = statement.where(Scan.device_id == self.device)
        if self.operator:
            statement = statement.where(Scan.operator == self.operator)
        if self.voucher:
            statement = statement.where(Voucher.reference == self.voucher)
        if since := _day(self.since, "since"):
            statement = statement.where(Scan.received_at >= _midnight(since, zone))
        if until := _day(self.until, "until"):
            after = _midnight(until + timedelta(days=1), zone)
            statement = statement.where(Scan.received_at < after)
        return self._of_outcome(statement)

    def _of_outcome(self, statement: Select[Any]) -> Select[Any]:
        if self.outcome == HANDED_OVER:
            return statement.where(Scan.verdict == REDEEMED, Scan.undone_at.is_(None))
        if self.outcome == UNDONE:
            return statement.where(Scan.undone_at.is_not(None))
        if self.outcome == OVERRIDDEN:
            return statement.where(Scan.overridden.is_not(None))
        if self.outcome == BY_REFERENCE:
            # As the index on them is written, so that it is used.
            return statement.where(text("scan.by_reference"))
        if self.outcome == REFUSED:
            return statement.where(Scan.verdict.not_in(NOT_REFUSED))
        return statement.where(Scan.verdict == self.outcome) if self.outcome else statement


def _day(text: str, key: str) -> date | None:
    try:
        found = date.fromisoformat(text) if text else None
    except ValueError as error:
        raise WantedUnreadable("Write a day as 2026-12-05.", key=key) from error
    if found is not None and not 2000 <= found.year < 2100:
        raise WantedUnreadable("That day is too far away.", key=key)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
