"""Plugs access in: who signs in, and the pages for it."""

from app.access import doors, pruning
from app.plugins import Plugins


def plug_in(plugins: Plugins) -> None:
    """Hands over the pages, the authenticator of organisers, and what tidies up."""
    plugins.ticks.append(pruning.TICK)
    plugins.member_erasures["sessions"] = doors.forget_member
    plugins.member_merges["sessions"] = doors.close_merged
    plugins.pages.append(_add_pages)


def _add_pages(plugins: Plugins) -> None:
    from app.access import views
    from app.access.by_discord import views as by_discord

    plugins.authenticators.append(views.authenticate)
    plugins.blueprints += [views.blueprint, by_discord.blueprint]
    plugins.arrivals[by_discord.CONSOLE] = by_discord.arrive_at_console
    plugins.set_ups.append(by_discord.set_up)
