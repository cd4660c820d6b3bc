"""Judging a member's events side by side: as they were, and as they are now."""

from collections.abc import Callable, Collection

from app.activity.event_log.taken import Taken
from app.activity.limits import memory as memories
from app.activity.limits.judging import Judge, Ruling
from app.activity.limits.memory import Memory

Verdict = tuple[Taken, int, Ruling]
"""An event with its day, and what of it counts."""
Name = tuple[str, str]
"""An event's source and id."""


class SideBySide:
    """From one moment on, with what was remembered then, event by event in order."""

    def __init__(
        self,
        judge: Judge,
        account_made: float | None,
        memory: Memory,
        *,
        new: Collection[Name],
        gone: Collection[Name],
        remembered: Callable[[int], str | None],
    ):
        self._judge, self._account_made = judge, account_made
        self._new, self._gone, self._remembered = new, gone, remembered
        self.memory, self.before = memory, memories.read(memory.written())
        self.days: dict[int, str] = {}
        """What is remembered before the first event of each day, as it is now."""

    def judged(self, one: Taken, day: int) -> list[tuple[Verdict, int]]:
        """Judges one more: the verdict that no longer holds, with -1, and the one that does, with
        1; nothing where both are the same.
        """
        offered, found = one.offered, []
        if one.name not in self._new:
            ruling = self._judge.judge(self.before, offered, self._account_made)
            found.append(((one, day, ruling), -1))
        if one.name not in self._gone:
            if self.memory.is_kept_before(day, one.member_id):
                self.days[day] = self.memory.written()
            ruling = self._judge.judge(self.memory, offered, self._account_made)
            found.append(((one, day, ruling), 1))
        return [] if len(found) == 2 and found[0][0] == found[1][0] else found

    def is_as_before(self, day: int) -> bool:
        """Whether what is remembered before a day's first event is what was: then so are all
        verdicts from there on, and all that is remembered.
        """
        return day != self.memory.day and self.memory.written() == self._remembered(day)
