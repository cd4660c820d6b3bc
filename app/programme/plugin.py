"""Plugs the programme in."""

from app.plugins import Plugins
from app.programme.commands import programme


def plug_in(plugins: Plugins) -> None:
    """Hands over the command; sections belong to their rooms."""
    plugins.commands.append(programme)
