"""The moves of an order: one table of what may follow what, and where counts lead. Pure."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from app.refusals import Refused


class State(StrEnum):
    """How an order stands."""

    REQUESTED = "requested"
    READY = "ready"
    PARTLY = "partly_collected"
    COLLECTED = "collected"
    MISSING = "not_found"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Move(StrEnum):
    """What can be done with an order that was made."""

    READY = "ready"
    SHELVE = "shelve"
    COLLECT = "collect"
    NOT_FOUND = "not_found"
    RETURN = "return"
    CANCEL = "cancel"


class Rule(NamedTuple):
    """From where a move may be taken, and where it may lead: the lines' counts say where."""

    before: frozenset[State]
    after: frozenset[State]


def _rule(before: Iterable[State], after: Iterable[State]) -> Rule:
    return Rule(frozenset(before), frozenset(after))


_HERE = (State.READY, State.PARTLY)
ALLOWED = {
    Move.READY: _rule(set(State) - {State.CANCELLED}, _HERE),
    Move.SHELVE: _rule(_HERE, _HERE),
    Move.COLLECT: _rule((*_HERE, State.MISSING), (State.PARTLY, State.COLLECTED, State.MISSING)),
    Move.NOT_FOUND: _rule(_HERE, (*_HERE, State.MISSING)),
    Move.RETURN: _rule(
        (State.PARTLY, State.COLLECTED, State.MISSING),
        (State.PARTLY, State.COLLECTED, State.MISSING, State.RETURNED),
    ),
    # What was handed over as a whole stays so, whatever becomes of its voucher.
    Move.CANCEL: _rule(set(State) - {State.COLLECTED, State.CANCELLED}, (State.CANCELLED,)),
}

CANNOT = {
    Move.READY: "it cannot become ready",
    Move.SHELVE: "no shelf can be told for it",
    Move.COLLECT: "it cannot be handed over",
    Move.NOT_FOUND: "there is nothing to look for",
    Move.RETURN: "nothing can come back",
    Move.CANCEL: "it cannot be cancelled",
}
TOLD = {
    State.REQUESTED: "is not here yet",
    State.READY: "lies ready",
    State.PARTLY: "was handed over in part",
    State.COLLECTED: "was handed over",
    State.MISSING: "was not found",
    State.RETURNED: "came back",
    State.CANCELLED: "was cancelled",
}


class MoveRefused(Refused):
    """The table does not allow it, or there is not as much of it."""

    code = "move_refused"
    status = 409


class Counted(Protocol):
    """A line, as far as it is counted."""

    @property
    def number(self) -> int:
        """Which line of its order."""

    @property
    def left(self) -> int:
        """Still to be handed over."""

    @property
    def taken(self) -> int:
        """With the member."""

    @property
    def collected(self) -> int:
        """Handed over, came back or not."""

    @property
    def missing(self) -> int:
        """Not found."""


def check(number: str, state: str, move: Move) -> None:
    """Raises `MoveRefused` unless the table allows the move from this state."""
    before = State(state)
    if before not in ALLOWED[move].before:
        raise MoveRefused(f"Order {number} {TOLD[before]}: {CANNOT[move]}.", state=before)


def state_of(lines: Collection[Counted]) -> State:
    """Where the lines' counts leave an order that came to its station."""
    collected = sum(line.collected for line in lines)
    if any(line.left for line in lines):
        return State.PARTLY if collected else State.READY
    if any(line.missing for line in lines):
        return State.MISSING
    return State.COLLECTED if any(line.taken for line in lines) else State.RETURNED


def possible(move: Move, line: Counted) -> int:
    """How many of a line a move can be about."""
    match move:
        case Move.COLLECT:
            # What was not found at first may turn up.
            return line.left + line.missing
        case Move.NOT_FOUND:
            return line.left
        case Move.RETURN:
            return line.taken
    return line.left


def chosen(
    number: str, move: Move, lines: Collection[Counted], parts: Mapping[int, int] | None
) -> dict[int, int]:
    """How many of each line a move is about: `parts`, or all that can be.

    Raises `MoveRefused` where a line is none, or has not as many, or there is nothing.
    """
    most = {line.number: possible(move, line) for line in lines}
    if parts is None:
        left = {line.number: line.left for line in lines}
        parts = left if move == Move.COLLECT and any(left.values()) else most
    for line, quantity in parts.items():
        if line not in most:
            raise MoveRefused(f"Order {number} has no line {line}.", line=line)
        if quantity > most[line]:
            sentence = f"Line {line} of order {number}: {_at_most(move, most[line])}."
            raise MoveRefused(sentence, line=line, most=most[line])
    wanted = {line: quantity for line, quantity in parts.items() if quantity}
    if not wanted:
        raise MoveRefused(f"Order {number}: say how many of which line.")
    return wanted


def _at_most(move: Move, most: int) -> str:
    if move == Move.RETURN:
        return f"{most} can come back" if most else "the member has none of it"
    return f"only {most} of it {'is' if most == 1 else 'are'} left" if most else "none is left"
