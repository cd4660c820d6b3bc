"""Plugs communities in: the sections `[community]` and `[stations.…]`."""

from app.communities.commands import members
from app.communities.settings import CommunitySection, StationsSection
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the two sections; the community is applied before everything else."""
    plugins.add_section(CommunitySection())
    plugins.add_section(StationsSection())
    plugins.commands.append(members)
