"""Plugs activity in: the sections `[metrics.…]` and `[[channels]]`."""

from app.activity import counting, forgetting, striking
from app.activity.channels import ChannelsSection
from app.activity.commands import leaderboard
from app.activity.settings import MetricsSection
from app.activity.strike_command import strike
from app.communities.commands import members
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over its sections, the commands about leaderboards, and a member's counters."""
    plugins.add_section(ChannelsSection())
    plugins.add_section(MetricsSection())
    plugins.commands.append(leaderboard)
    members.add_command(strike)
    plugins.member_erasures["activity"] = forgetting.forget
    plugins.member_parts["counters"] = lambda session, member: counting.counts(
        session, member.community_id, member.id
    )
    plugins.member_parts["struck"] = striking.seasons_of
