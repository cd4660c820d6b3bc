"""Plugs jobs in."""

from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over nothing: handlers come from the rooms that have work."""
