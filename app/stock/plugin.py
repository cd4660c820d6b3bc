"""Plugs stock in."""

from app.plugins import Plugins
from app.stock import pruning
from app.stock.commands import stock
from app.stock.settings import ItemsSection


def plug_in(plugins: Plugins) -> None:
    """Hands over the programme's section, the command, and what tidies up."""
    plugins.add_section(ItemsSection())
    plugins.commands.append(stock)
    plugins.ticks.append(pruning.TICK)
