"""What all criteria can do: say how often they are met, and how far somebody is. Pure."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

from app.achievements.criteria.known import Known
from app.activity.windows import Kind
from app.programme.sections import Table

ALWAYS = 1_000_000_000
"""How often something is met that holds or does not, such as a role: it never ends a repetition."""


class Ask(NamedTuple):
    """A counter that a criterion looks at: of all time, or in each window of a kind."""

    metric: str
    kind: Kind | None


class Progress(NamedTuple):
    """How far a member is, of how far it is."""

    done: int
    of: int

    @property
    def is_met(self) -> bool:
        """Whether it is all there."""
        return self.done >= self.of


class Condition(Table):
    """What all criteria can do. Those that hold or do not are met `ALWAYS` or never."""

    @property
    def ask(self) -> Ask | None:
        """The counter that it looks at."""
        return None

    @property
    def is_counted(self) -> bool:
        """Whether it can be met once more."""
        return False

    @abstractmethod
    def rounds(self, known: Known) -> int:
        """How often the member has met it."""

    def progress(self, known: Known, number: int = 1) -> Progress:
        """How far the member is to meet it for the `number`th time, having met it before that."""
        return Progress(min(max(self.rounds(known) - number + 1, 0), 1), 1)


def all_met(criteria: Sequence[Condition], known: Known, *, needs_all: bool) -> int:
    """How often all of these, or any, are met."""
    rounds = [criterion.rounds(known) for criterion in criteria]
    return min(rounds) if needs_all else max(rounds)
