"""Plugs communities in: the sections `[community]`, `[stations.…]` and `[seasons.…]`."""

from app.communities import zones
from app.communities.avatars import fetching, noting, pruning
from app.communities.commands import members
from app.communities.linking import accounts, codes, let_go
from app.communities.linking import pruning as link_codes
from app.communities.linking.unlink_command import unlink_command
from app.communities.roles import holding
from app.communities.settings import CommunitySection, SeasonsSection, StationsSection
from app.plugins import Plugins
from app.programme.comparing import WITHDRAWN, Change


def plug_in(plugins: Plugins) -> None:
    """Hands over the sections; the community is applied before everything else."""
    plugins.add_section(CommunitySection())
    plugins.add_section(StationsSection())
    plugins.add_section(SeasonsSection())
    members.add_command(unlink_command)
    plugins.commands.append(members)
    plugins.meanings |= {"community": _of_community, "stations": _of_station}
    plugins.member_parts["timezone"] = zones.told
    plugins.handle(fetching.HANDLER)
    plugins.lanes[fetching.HANDLER.lane] = fetching.AT_ONCE
    plugins.ticks += [pruning.TICK, link_codes.TICK]
    plugins.member_parts["avatar"] = noting.told
    plugins.member_erasures["avatar"] = noting.forget
    plugins.member_merges["avatar"] = noting.merge
    plugins.member_parts["accounts"] = accounts.told
    plugins.member_erasures["link_codes"] = codes.forget
    plugins.member_merges["link_codes"] = codes.merge
    plugins.member_parts["unlinked_accounts"] = let_go.told
    plugins.member_erasures["unlinked_accounts"] = let_go.forget
    plugins.member_merges["unlinked_accounts"] = let_go.merge
    plugins.member_parts["roles"] = holding.told
    plugins.member_merges["roles"] = holding.merge
    plugins.member_erasures["roles"] = holding.forget


def _of_community(_session: object, _community_id: int, change: Change) -> str:
    at_start = sorted({"name", "guilds", "deleted_within_minutes"} & {*change.fields})
    return f"The bot takes up {', '.join(at_start)} as it next starts." if at_start else ""


def _of_station(_session: object, _community_id: int, change: Change) -> str:
    return "Its devices redeem nothing then." if change.what == WITHDRAWN else ""
