"""How many events a transaction of a replay takes in.

Each has a cost of its own, so that more at once are faster; but whoever else writes waits for its
end, such as a kiosk's scan on the same SQLite file.
"""

FIRST, LEAST, MOST = 2000, 500, 4000
"""So many events at first, at least and at most: what is read at once lies in memory."""
TURN = 0.25
"""Seconds that others wait for at most, about."""


class Pace:
    """The size of the next transaction, by how long the last one took."""

    def __init__(self) -> None:
        self.size = min(FIRST, MOST)

    def took(self, seconds: float) -> None:
        """A transaction of this size took so long: the next one at most twice or half as many."""
        fitting = int(self.size * TURN / max(seconds, 1e-6))
        some = min(max(fitting, self.size // 2), self.size * 2)
        self.size = min(max(some, LEAST), MOST)
