"""Plugs activity in: the section `[metrics.…]`."""

from app.activity import counting, forgetting
from app.activity.boards.settings import LeaderboardsSection
from app.activity.commands import leaderboard
from app.activity.settings import MetricsSection
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the section of metrics, the leaderboards' command and a member's counters."""
    plugins.add_section(MetricsSection())
    plugins.add_section(LeaderboardsSection())
    plugins.commands.append(leaderboard)
    plugins.member_erasures["activity"] = forgetting.forget
    plugins.member_parts["counters"] = lambda session, member: counting.counts(
        session, member.community_id, member.id
    )
