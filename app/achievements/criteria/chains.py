"""Which achievements ask for which others. Pure."""

from collections.abc import Mapping

from app.achievements.criteria.kinds import AchievementCriterion
from app.achievements.criteria.settings import AchievementSettings

Table = Mapping[str, AchievementSettings]


def that_need(table: Table, achievement: str) -> list[str]:
    """The achievements that ask for this one."""
    return [key for key, settings in table.items() if achievement in asked_by(settings)]


def asked_by(settings: AchievementSettings) -> set[str]:
    """The achievements that one asks for."""
    return {
        criterion.achievement
        for criterion in settings.criteria
        if isinstance(criterion, AchievementCriterion)
    }


def behind(table: Table, achievement: str) -> set[str]:
    """All that one asks for, those ask for, and so on."""
    found: set[str] = set()
    left = {achievement}
    while left:
        some = set().union(*(asked_by(table[key]) for key in left if key in table))
        left = some - found
        found |= some
    return found
