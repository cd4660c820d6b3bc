"""Roles that money can buy: an achievement that asks for one grants nothing."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.achievements.criteria.kinds import RoleCriterion
from app.achievements.criteria.settings import AchievementSettings
from app.communities.roles import holding


def bought_roles(
    session: Session, community_id: int, table: Mapping[str, AchievementSettings]
) -> dict[str, str]:
    """Why each of these achievements is suspended, or may not be applied; the others are missing.

    Asked each time, since a role may become purchasable at any time.
    """
    asked = {
        key: [one.role for one in settings.criteria if isinstance(one, RoleCriterion)]
        for key, settings in table.items()
    }
    roles = {role for named in asked.values() for role in named}
    if not roles:
        return {}
    tags = holding.bought(session, community_id, roles)
    return {
        key: f"it asks for role {tags[role].name}, but {tags[role].how}"
        for key, named in asked.items()
        for role in named
        if role in tags
    }
