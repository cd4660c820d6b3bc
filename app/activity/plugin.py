"""Plugs activity in: what is counted, who sends it, and who is ranked by it."""

from typing import Any

from app.activity import forgetting, merging
from app.activity.boards import closing, final, hiding, striking
from app.activity.boards.commands import leaderboard
from app.activity.boards.settings import LeaderboardsSection
from app.activity.boards.strike_command import strike
from app.activity.counters import counting
from app.activity.metrics import meaning
from app.activity.metrics.channels import ChannelsSection
from app.activity.section import MetricsSection
from app.activity.sources.declared import SourcesSection
from app.activity.sources.keys.commands import sources
from app.communities.commands import members
from app.plugins import Plugins, Tick


def plug_in(plugins: Plugins) -> None:
    """Hands over sections, commands, pages, who sends events, and what is kept of a member."""
    plugins.add_section(ChannelsSection())
    plugins.add_section(SourcesSection())
    plugins.add_section(MetricsSection())
    plugins.add_section(LeaderboardsSection())
    plugins.commands += [leaderboard, sources]
    members.add_command(strike)
    plugins.meanings |= {
        "metrics": meaning.of_metric,
        "leaderboards": meaning.of_leaderboard,
        "seasons": meaning.of_season,
        "channels": meaning.of_channels,
        "sources": meaning.of_source,
    }
    plugins.ticks.append(Tick("activity.close", closing.EVERY, closing.close_due))
    plugins.pages.append(_add_pages)
    plugins.member_erasures["activity"] = forgetting.forget
    plugins.member_erasures["leaderboards"] = hiding.forget
    plugins.member_merges["activity"] = merging.merge
    plugins.member_parts["counters"] = lambda session, member: counting.counts(
        session, member.community_id, member.id
    )
    plugins.member_parts["struck"] = striking.seasons_of
    plugins.member_parts["leaderboards"] = _leaderboards


def _add_pages(plugins: Plugins) -> None:
    from app.activity.boards import views as boards
    from app.activity.sources.keys import views as keys

    plugins.blueprints.append(boards.blueprint)
    plugins.authenticators.append(keys.authenticate)


def _leaderboards(session: Any, member: Any) -> dict[str, Any]:
    places = final.of_member(session, member.community_id, member.id)
    return {
        "hidden": hiding.is_hidden(session, member.community_id, member.id),
        "final": [
            {"board": board, "window": window, "rank": place.rank, "count": place.counted}
            for (board, window), place in places.items()
        ],
    }
