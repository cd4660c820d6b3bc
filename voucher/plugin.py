"""Plugs vouchers in: perks, the ledger, scans, keys and what members see."""

from typing import Any

from app import clock
from app.installation import Installation
from app.plugins import Plugins, Tick
from voucher.keys import keyring, making
from voucher.keys.commands import keys
from voucher.ledger import meaning, merging, serving
from voucher.ledger.changes.commands import MOVES
from voucher.ledger.changes.key_commands import revoke_command
from voucher.ledger.finding import of_member
from voucher.ledger.followers import HANDLERS
from voucher.ledger.issuance import owing
from voucher.ledger.issuance.commands import vouchers
from voucher.ledger.issuance.owed_panel import OWED
from voucher.ledger.issuance.reward import VoucherChannel
from voucher.ledger.panels import VOUCHERS
from voucher.perks.settings import PerksSection
from voucher.reminders import reminding
from voucher.reminders.commands import renew_command
from voucher.scans import forgetting
from voucher.scans import merging as scans_merging
from voucher.scans.answering import answers
from voucher.scans.answering.commands import disputes
from voucher.scans.conflicts.commands import conflicts
from voucher.scans.conflicts.panel import CONFLICTS
from voucher.scans.disputes.panel import DISPUTES
from voucher.scans.follow_ups.commands import undo_command
from voucher.scans.panels import SCANS
from voucher.token.commands import token
from voucher.wallet import models as _wallet_tables  # noqa: F401  (its pages load later)
from voucher.wallet.commands import wallet


def plug_in(plugins: Plugins) -> None:
    """Hands over everything that can be redeemed."""
    plugins.add_section(PerksSection())
    plugins.meanings["perks"] = meaning.of_perk
    plugins.reward_channels["voucher"] = VoucherChannel()
    for command in (*MOVES, undo_command, renew_command):
        vouchers.add_command(command)
    keys.add_command(revoke_command)
    plugins.commands += [vouchers, token, keys, conflicts, disputes, wallet]
    plugins.pages.append(_add_pages)
    followed = (*HANDLERS.items(), *owing.HANDLERS.items(), *answers.HANDLERS.items())
    for kind, handler in followed:
        plugins.follow(kind, handler)
    plugins.ticks.append(owing.TICK)
    plugins.ticks.append(Tick("voucher.remind", reminding.EVERY, reminding.remind_due))
    plugins.unserved = serving.unserved
    plugins.preparations.append(_make_key)
    plugins.start_checks.append(_check_key)
    plugins.member_parts["vouchers"] = _vouchers
    plugins.member_erasures["vouchers"] = forgetting.forget
    plugins.member_merges["vouchers"] = merging.merge
    plugins.member_merges["disputes"] = scans_merging.merge
    plugins.member_parts["owed"] = _owed
    plugins.member_parts["disputes"] = _disputes
    plugins.panels += [VOUCHERS, OWED, SCANS, CONFLICTS, DISPUTES]


def _add_pages(plugins: Plugins) -> None:
    from voucher.keys import views as key_views
    from voucher.perks import views as perk_views
    from voucher.scans import views as scan_views
    from voucher.scans.answering import views as answering
    from voucher.scans.browsing import views as browsing
    from voucher.scans.conflicts import views as conflicts
    from voucher.scans.searching import views as searching
    from voucher.wallet import views as voucher_page
    from voucher.wallet.entering import views as entering
    from voucher.wallet.installing import views as installing
    from voucher.wallet.linking import views as linking
    from voucher.wallet.moving import views as moving
    from voucher.wallet.pages import views as pages

    plugins.blueprints += [key_views.blueprint, scan_views.blueprint, voucher_page.blueprint]
    plugins.blueprints += [perk_views.blueprint, conflicts.blueprint, answering.blueprint]
    plugins.blueprints += [browsing.blueprint, searching.blueprint]
    plugins.blueprints += [entering.blueprint, installing.blueprint, pages.blueprint]
    plugins.blueprints += [moving.blueprint, linking.blueprint]
    # First: an organiser's cookie comes along to the wallet's pages, and says nothing there.
    plugins.authenticators.insert(0, entering.authenticate)
    plugins.arrivals[entering.ARRIVAL] = entering.arrive


def _make_key(installation: Installation) -> None:
    with installation.unit_of_work() as session:
        making.make_first(session, now=clock.now())


def _check_key(installation: Installation) -> None:
    with installation.reading() as session:
        keyring.signing(session)


def _vouchers(session: Any, member: Any) -> list[dict[str, Any]]:
    now = clock.now()
    return [held.as_json(now) for held in of_member(session, member.community_id, member.id)]


def _owed(session: Any, member: Any) -> list[dict[str, Any]]:
    return [owed.as_json() for owed in owing.owed_to(session, member.community_id, member.id)]


def _disputes(session: Any, member: Any) -> list[dict[str, Any]]:
    return answers.of_member(session, member.community_id, member.id)
