"""Plugs the kiosk in: devices, their pages, who scans and who holds them."""

from app.plugins import DemoStep, Plugins
from kiosk import demo
from kiosk.devices import scanners
from kiosk.devices.commands import devices
from kiosk.devices.panel import DEVICES
from kiosk.operators import roster, signing_in
from kiosk.operators.commands import operators
from kiosk.operators.console.panel import OPERATORS
from kiosk.stations.panel import STATIONS


def plug_in(plugins: Plugins) -> None:
    """Hands over the pages, the authenticator of devices and the command."""
    plugins.pages.append(_add_pages)
    plugins.commands += [devices, operators]
    plugins.scanners = scanners.standing
    plugins.operators = roster.known
    plugins.act_once = signing_in.act_once
    plugins.panels += [STATIONS, DEVICES, OPERATORS]
    plugins.demo_steps.append(DemoStep("A station's past", demo.redeem_some))
    plugins.demo_steps.append(DemoStep("Orders to fetch", demo.order_some))
    plugins.addresses.append(demo.address)


def _add_pages(plugins: Plugins) -> None:
    from kiosk import views
    from kiosk.devices import views as device_pages
    from kiosk.figures import views as figures_views
    from kiosk.installing import views as files_views
    from kiosk.operators import views as operator_views
    from kiosk.operators.console import views as operator_pages
    from kiosk.stations import views as station_pages
    from kiosk.sync import views as sync_views

    plugins.blueprints += [views.blueprint, files_views.blueprint, sync_views.blueprint]
    plugins.blueprints += [operator_views.blueprint, device_pages.blueprint]
    plugins.blueprints += [operator_pages.blueprint, figures_views.blueprint]
    plugins.blueprints += [station_pages.blueprint]
    plugins.authenticators.insert(0, views.authenticate)
