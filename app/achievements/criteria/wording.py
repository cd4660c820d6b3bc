"""Achievements in words, made from their data: nothing of them is written twice. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.kinds import (
    AchievementCriterion,
    ByHandCriterion,
    DistinctCriterion,
    MemberDaysCriterion,
    MetricCriterion,
    RankCriterion,
    RoleCriterion,
    StreakCriterion,
)
from app.achievements.criteria.settings import AchievementSettings, Tier
from app.activity.limits.wording import in_words
from app.activity.windows import ALL_TIME
from app.programme.sections import Programme

KINDS: dict[str, tuple[str, str]] = {
    "message": ("message", "messages"),
    "thread_started": ("thread started", "threads started"),
    "thread_answered": ("answer in others’ threads", "answers in others’ threads"),
    "reaction_given": ("reaction given", "reactions given"),
    "reaction_received": ("reaction received", "reactions received"),
    "voice_minutes": ("minute in voice", "minutes in voice"),
    "event_attended": ("event attended", "events attended"),
    "joined": ("time joined", "times joined"),
}
"""Kinds that have a word of their own, for one and for several."""
WINDOWS = {"day": "in one day", "week": "in one week", "month": "in one month"}
WINDOWS["season"] = "in one season"


@dataclass(frozen=True)
class Words:
    """How a programme's criteria are said; roles by their names, where those are known."""

    programme: Programme
    roles: Mapping[str, str] = field(default_factory=dict)

    def tier(self, tier: Tier) -> str:
        """A tier's criteria as one sentence, without its full stop."""
        return joined([self.of(one) for one in tier.criteria], "and" if tier.needs_all else "or")

    def of(self, criterion: Condition) -> str:
        """One criterion."""
        match criterion:
            case DistinctCriterion():
                return self._distinct(criterion)
            case MetricCriterion(metric=metric, at_least=least, window=window):
                return _in(f"{number(least or 0)} {self.metric(metric, least or 0)}", window)
            case StreakCriterion():
                return self._streak(criterion)
            case RankCriterion():
                return self._rank(criterion)
        return self._standing(criterion)

    def _standing(self, criterion: Condition) -> str:
        """One that is not counted."""
        match criterion:
            case AchievementCriterion():
                return self._achievement(criterion)
            case RoleCriterion(role=role):
                return f"the role {self.roles.get(role, role)}"
            case MemberDaysCriterion(member_days=days):
                return f"{counted(days, 'day')} as a member"
            case ByHandCriterion():
                return "an organiser gives it and says why"
        raise TypeError(f"{criterion} has no words")

    def metric(self, key: str, count: int = 2) -> str:
        """What a metric counts, for so many."""
        defined = self.programme["metrics"].get(key)
        if defined is not None and defined.name:
            return str(defined.name)
        one, several = KINDS.get(key, (key.replace("_", " "),) * 2)
        return one if count == 1 else several

    def won(self, key: str, left: int | None = None) -> list[str]:
        """Which leaderboards give an achievement to who is first, a sentence for each: to no more
        than are `left` of it, where there are only so many.
        """
        boards: Mapping[str, Any] = self.programme.get("leaderboards") or {}
        said = []
        for board in boards.values():
            if board.winners is None or board.winners.achievement != key or left == 0:
                continue
            up_to = min(board.winners.up_to, board.winners.up_to if left is None else left)
            who = "who comes first" if up_to == 1 else f"the first {number(up_to)}"
            closed = joined([f"a {kind}" for kind in board.windows if kind != ALL_TIME], "or")
            said.append(
                f"Also given to {who} in {board.name}, those tied too"
                f"{'' if left is None else ' while any are left'}, when {closed} closes."
            )
        return said

    def limits(self, criteria: Sequence[Condition]) -> list[str]:
        """What limits the metrics that these criteria look at, a sentence for each."""
        named: dict[str, None] = {}
        for one in criteria:
            key = getattr(one, "of", None) or (one.ask.metric if one.ask else None)
            key = one.days_of if isinstance(one, StreakCriterion) and not one.of else key
            named |= {key: None} if key else {}
        found = []
        for key in named:
            defined = self.programme["metrics"].get(key)
            if defined is not None and defined.limits is not None:
                found.append(f"Of {self.metric(key)}: {'; '.join(in_words(defined.limits))}.")
        return found

    def _distinct(self, criterion: DistinctCriterion) -> str:
        least, of = criterion.at_least or 0, criterion.distinct
        several = f"1 {of}" if least == 1 else f"{number(least)} different {of}s"
        on = "on" if of == "day" else "in"
        return _in(f"{self.metric(criterion.of)} {on} {several}", criterion.window)

    def _streak(self, criterion: StreakCriterion) -> str:
        if criterion.of is not None:
            said = f"{criterion.streak} days in a row with {self.metric(criterion.of)}"
        else:
            said = f"{criterion.streak} {self.metric(criterion.days_of)} in a row"
        if not criterion.grace:
            return said
        missed = "1 missed day" if criterion.grace == 1 else f"{criterion.grace} missed days"
        return f"{said} ({missed} in between forgiven)"

    def _rank(self, criterion: RankCriterion) -> str:
        boards: Mapping[str, Any] = self.programme.get("leaderboards") or {}
        board = getattr(boards.get(criterion.leaderboard), "name", None)
        named = board or criterion.leaderboard.replace("_", " ")
        place = (
            "first place" if criterion.rank == 1 else f"one of the first {criterion.rank} places"
        )
        if criterion.season is None:
            return f"{place} in {named} when a {criterion.window} has closed"
        season = self.programme["seasons"].get(criterion.season)
        return f"{place} in {named} when {season.name if season else criterion.season} has closed"

    def _achievement(self, criterion: AchievementCriterion) -> str:
        other: AchievementSettings | None = self.programme["achievements"].get(
            criterion.achievement
        )
        if other is None:
            return f"the achievement {criterion.achievement}"
        step = other.steps[criterion.tier - 1].name
        return f"the achievement {other.name}{f', {step}' if step else ''}"


def conditions(settings: AchievementSettings) -> list[str]:
    """What holds beside its criteria: when, how often, how many; each a sentence."""
    said = []
    if dates := _dates(settings.begins, settings.ends):
        said.append(dates)
    if settings.budget:
        verb = "is" if settings.budget == 1 else "are"
        said.append(f"At most {number(settings.budget)} {verb} granted, to whoever is first.")
    if settings.repeat:
        said.append(_again(settings))
    return said


def joined(parts: Sequence[str], word: str) -> str:
    """`a, b and c`; with a comma before the last where a part has one itself."""
    if len(parts) < 2:
        return "".join(parts)
    comma = "," if any(", " in part for part in parts) else ""
    return f"{', '.join(parts[:-1])}{comma} {word} {parts[-1]}"


def number(count: int) -> str:
    """With commas between thousands."""
    return f"{count:,}"


def counted(count: int, noun: str) -> str:
    """`1 day`, `2 days`."""
    return f"{number(count)} {noun}" if count == 1 else f"{number(count)} {noun}s"


def day(at: date) -> str:
    """`5 Dec 2026`."""
    return f"{at.day} {at.strftime('%b %Y')}"


def _in(said: str, window: str | None) -> str:
    return f"{said} {WINDOWS[window]}" if window else said


def _dates(begins: date | None, ends: date | None) -> str | None:
    if begins and ends:
        return f"It can be had from {day(begins)} to {day(ends)}, both days included."
    if begins:
        return f"It can be had from {day(begins)} on."
    return f"It can be had until {day(ends)}, that day included." if ends else None


def _again(settings: AchievementSettings) -> str:
    assert settings.repeat is not None
    said = "It can be had again each time that the criteria are met once more"
    if settings.repeat.cooldown_days:
        said += f", not within {counted(settings.repeat.cooldown_days, 'day')} of the last time"
    if settings.repeat.at_most:
        said += f", at most {counted(settings.repeat.at_most, 'time')} in all"
    return f"{said}."
