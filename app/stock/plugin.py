"""Plugs stock in."""

from app.plugins import Plugins
from app.stock.commands import stock
from app.stock.settings import ItemsSection


def plug_in(plugins: Plugins) -> None:
    """Hands over the programme's section and the command."""
    plugins.add_section(ItemsSection())
    plugins.commands.append(stock)
