"""Plugs activity in: `[metrics.…]`, `[[channels]]`, `[sources.…]` and the sources' keys."""

from app.activity import counting, forgetting, merging, striking
from app.activity.channels import ChannelsSection
from app.activity.commands import leaderboard
from app.activity.declared import SourcesSection
from app.activity.keys.commands import sources
from app.activity.settings import MetricsSection
from app.activity.strike_command import strike
from app.communities.commands import members
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the sections, the commands, who sends events, and a member's counters."""
    plugins.add_section(ChannelsSection())
    plugins.add_section(SourcesSection())
    plugins.add_section(MetricsSection())
    plugins.commands += [leaderboard, sources]
    members.add_command(strike)
    plugins.pages.append(_add_pages)
    plugins.member_erasures["activity"] = forgetting.forget
    plugins.member_merges["activity"] = merging.merge
    plugins.member_parts["counters"] = lambda session, member: counting.counts(
        session, member.community_id, member.id
    )
    plugins.member_parts["struck"] = striking.seasons_of


def _add_pages(plugins: Plugins) -> None:
    from app.activity.keys import views

    plugins.authenticators.append(views.authenticate)
