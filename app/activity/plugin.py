"""Plugs activity in: the sections `[metrics.…]` and `[leaderboards.…]`, and who closes windows."""

from typing import Any

from app.activity import counting, forgetting
from app.activity.boards import closing, final, hiding
from app.activity.boards.settings import LeaderboardsSection
from app.activity.commands import leaderboard
from app.activity.settings import MetricsSection
from app.plugins import Plugins, Tick


def plug_in(plugins: Plugins) -> None:
    """Hands over the sections, the leaderboards' command and pages, and a member's counters."""
    plugins.add_section(MetricsSection())
    plugins.add_section(LeaderboardsSection())
    plugins.commands.append(leaderboard)
    plugins.ticks.append(Tick("activity.close", closing.EVERY, closing.close_due))
    plugins.pages.append(_add_pages)
    plugins.member_erasures["activity"] = forgetting.forget
    plugins.member_erasures["leaderboards"] = hiding.forget
    plugins.member_parts["counters"] = lambda session, member: counting.counts(
        session, member.community_id, member.id
    )
    plugins.member_parts["leaderboards"] = _leaderboards


def _add_pages(plugins: Plugins) -> None:
    from app.activity.boards import views

    plugins.blueprints.append(views.blueprint)


def _leaderboards(session: Any, member: Any) -> dict[str, Any]:
    places = final.of_member(session, member.community_id, member.id)
    return {
        "hidden": hiding.is_hidden(session, member.community_id, member.id),
        "final": [
            {"board": board, "window": window, "rank": place.rank, "count": place.counted}
            for (board, window), place in places.items()
        ],
    }
