"""Plugs fulfilment in: partners, their orders, the webhooks that tell them, and
the desks where members fetch them.
"""

from app.installation import Installation
from app.plugins import Plugins
from fulfilment.orders import followers as ordering
from fulfilment.orders import noticing, settling, undoing
from fulfilment.orders.facts import OrderCreated
from fulfilment.orders.panel import ORDERS
from fulfilment.partner_sim import reporting
from fulfilment.partner_sim.receiving import PAGE
from fulfilment.webhooks import delivering
from fulfilment.webhooks import followers as telling
from fulfilment.webhooks.commands import partners
from fulfilment.webhooks.messages import LANE
from fulfilment.webhooks.settings import PartnersWithWebhooks
from voucher.ledger.facts import (
    RedemptionUndone,
    VoucherRedeemed,
    VoucherRefunded,
    VoucherRestored,
    VoucherVoided,
)

DELIVERIES_AT_ONCE = 4
"""Several, as an answer may take its fifteen seconds."""


def plug_in(plugins: Plugins) -> None:
    """Hands over the section, what follows from a redemption, and the demo's partner."""
    plugins.add_section(PartnersWithWebhooks())
    plugins.follow(VoucherRedeemed.kind, ordering.HANDLER)
    plugins.follow(RedemptionUndone.kind, ordering.CANCELLER)
    for kind in (VoucherVoided.kind, VoucherRefunded.kind, VoucherRestored.kind):
        plugins.follow(kind, ordering.SETTLER)
    plugins.undo_checks.append(undoing.check_not_fetched)
    plugins.follow(OrderCreated.kind, telling.HANDLER)
    for kind in noticing.TOLD:
        plugins.follow(kind, telling.HANDLER)
        plugins.follow(kind, noticing.HANDLER)
    plugins.handle(reporting.HANDLER)
    plugins.member_erasures["orders"] = settling.forget
    plugins.member_parts["orders"] = noticing.of_member
    plugins.panels.append(ORDERS)
    plugins.handle(delivering.HANDLER)
    plugins.lanes[LANE] = DELIVERIES_AT_ONCE
    plugins.commands.append(partners)
    plugins.pages.append(_add_pages)
    plugins.addresses.append(_addresses)


def _add_pages(plugins: Plugins) -> None:
    from fulfilment.callbacks import views as callbacks
    from fulfilment.orders import views as orders
    from fulfilment.partner_sim import views
    from fulfilment.pickups import views as pickups

    plugins.blueprints += [views.blueprint, callbacks.blueprint, orders.blueprint]
    plugins.blueprints.append(pickups.blueprint)


def _addresses(installation: Installation) -> list[tuple[str, str]]:
    settings = installation.settings
    return [("Merch partner", f"{settings.public_url}{PAGE}")] if settings.is_demo else []
