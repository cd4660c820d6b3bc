"""Plugs the organisers' console in: its pages, its commands and the panels of `app` itself."""

from app.console.commands import link_for, organisers, sign_in
from app.console.grants import GRANTS
from app.console.jobs import JOBS
from app.console.leaderboard import LEADERBOARD
from app.console.programme.panel import PROGRAMME
from app.console.record import RECORD
from app.console.sight import SIGHT
from app.console.sources.panel import SOURCES
from app.console.stock import STOCK
from app.installation import Installation
from app.plugins import Plugins

FIRST_ORGANISER = "organiser"


def plug_in(plugins: Plugins) -> None:
    """Hands over the console, and a fresh link to it for whoever starts the installation."""
    plugins.pages.append(_add_pages)
    plugins.commands += [sign_in, organisers]
    plugins.panels += [GRANTS, LEADERBOARD, JOBS, RECORD, STOCK, SIGHT, PROGRAMME, SOURCES]
    plugins.addresses.append(_addresses)


def _add_pages(plugins: Plugins) -> None:
    from app.console import boards, stocktake, views
    from app.console.programme import views as programme
    from app.console.sources import views as sources

    plugins.blueprints += [views.blueprint, stocktake.blueprint, boards.blueprint]
    plugins.blueprints += [programme.blueprint, sources.blueprint]


def _addresses(installation: Installation) -> list[tuple[str, str]]:
    return [("Organisers' console", link_for(installation, FIRST_ORGANISER))]
