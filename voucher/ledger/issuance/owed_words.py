"""What members read about a voucher that they have a right to and that cannot be issued yet."""

from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass

from voucher.ledger.issuance.orders import Reason
from voucher.ledger.issuance.owing import Owed

WORDS: dict[str, str] = {
    Reason.STOCK: "none is left just now. It is kept in mind for you, and comes by itself as soon "
    "as there is one.",
    Reason.LIMIT: "you have as many as each member gets for now. It is kept in mind for you, and "
    "comes by itself if you may have another.",
    Reason.WINDOW: "there is no time at which it could be handed over yet. It is kept in mind for "
    "you, and comes by itself as soon as there is one.",
    Reason.WITHDRAWN: "it is not given out just now. It is kept in mind for you, and comes by "
    "itself if it is back.",
}
OTHERWISE = "it cannot come just now. It is kept in mind for you, and comes by itself."


@dataclass(frozen=True)
class ToCome:
    """A line: so many of a perk are owed to a member, and why none has come yet."""

    perk: str
    count: int
    why: str

    @property
    def name(self) -> str:
        """The perk's name, with how many where there are several."""
        return f"{self.count} × {self.perk}" if self.count > 1 else self.perk


def to_come(owed: Iterable[Owed]) -> list[ToCome]:
    """One line for each perk and reason, what has waited longest first."""
    counts = Tally((one.perk.name, one.owed.reason) for one in owed)
    return [
        ToCome(perk, count, WORDS.get(reason, OTHERWISE))
        for (perk, reason), count in counts.items()
    ]
