"""Plugs notices in."""

from app.notices.telling import LANE, forget, merge
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the lane that the bot's process serves."""
    plugins.lanes.setdefault(LANE, 1)
    plugins.member_erasures["notices"] = forget
    plugins.member_merges["notices"] = merge
