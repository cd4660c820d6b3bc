"""Days in a row, in which some may be missed. Pure."""

from collections.abc import Sequence


def streaks(days: Sequence[int], length: int, grace: int) -> list[tuple[int, int]]:
    """The first and last day of each streak of `length` days, in order, without one in common.

    `days` are ascending; in each streak at most `grace` days are missed in between.
    """
    found, start = [], 0
    while start + length <= len(days):
        first, last = days[start], days[start + length - 1]
        if last - first < length + grace:
            found.append((first, last))
            start += length
        else:
            start += 1
    return found


def longest_streak(days: Sequence[int], grace: int) -> int:
    """So many of these ascending days at most with no more than `grace` missed in between."""
    longest = start = 0
    for end, day in enumerate(days):
        while (day - days[start]) - (end - start) > grace:
            start += 1
        longest = max(longest, end - start + 1)
    return longest
