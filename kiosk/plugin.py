"""Plugs the kiosk in: devices, their pages, who scans and who holds them."""

from app.plugins import DemoStep, Plugins
from kiosk import demo
from kiosk.devices import scanners
from kiosk.devices.commands import devices
from kiosk.operators import roster
from kiosk.operators.commands import operators


def plug_in(plugins: Plugins) -> None:
    """Hands over the pages, the authenticator of devices and the command."""
    plugins.pages.append(_add_pages)
    plugins.commands += [devices, operators]
    plugins.scanners = scanners.standing
    plugins.operators = roster.known
    plugins.demo_steps.append(DemoStep("A station's past", demo.redeem_some))
    plugins.addresses.append(demo.address)


def _add_pages(plugins: Plugins) -> None:
    from kiosk import views
    from kiosk.installing import views as files_views
    from kiosk.sync import views as sync_views

    plugins.blueprints += [views.blueprint, files_views.blueprint, sync_views.blueprint]
    plugins.authenticators.insert(0, views.authenticate)
