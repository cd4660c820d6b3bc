"""Cursors: up to where a device knows the record, as text that it keeps and does not look into."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from voucher.ledger.issuance.freshness import Place

WRITTEN = re.compile(
    r"([0-9]{1,15})\.([0-9a-f]{16})\.([0-9a-f]{8})\.([0-9a-f]{16})(?:\.([0-9]{1,17})\.([0-9]{1,18}))?",
    re.ASCII,
)
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Cursor:
    """What a device knows."""

    number: int
    """Every entry of the record up to this one."""
    leaf: str
    """Part of that entry's hash: another record, or a restored one, has another there."""
    uses: str
    """Digest of how many uses each perk has: that says which vouchers are fresh."""
    terms: str
    """Digest of the rest that it judges by."""
    after: Place | None = None
    """Where the snapshot that it is being told goes on; None once it has all of it."""

    @classmethod
    def read(cls, text: str | None) -> Self | None:
        """The cursor of this text; None where it is none, as one of an older version."""
        match = WRITTEN.fullmatch(text or "")
        if match is None:
            return None
        number, leaf, uses, terms, until, voucher = match.groups()
        after = None
        if until is not None:
            after = Place(BEGINNING + int(until) * MICROSECOND, int(voucher))
        return cls(int(number), leaf, uses, terms, after)

    def __str__(self) -> str:
        parts = [str(self.number), self.leaf, self.uses, self.terms]
        if self.after is not None:
            until = (self.after.valid_until - BEGINNING) // MICROSECOND
            parts += [str(until), str(self.after.voucher)]
        return ".".join(parts)
