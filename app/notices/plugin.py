"""Plugs notices in."""

from app.notices.telling import LANE
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the lane that the bot's process serves."""
    plugins.lanes.setdefault(LANE, 1)
