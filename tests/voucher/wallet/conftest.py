"""A member's browser, and a programme with a perk of each kind that the wallet shows in its way."""

import pytest
from click.testing import CliRunner

from app import clock
from app.cli import command_line
from app.communities import members
from tests.support.installations import PROGRAMME, World, world_of
from tests.support.pages import Visitor
from voucher.wallet.entering.links import new_address

WITH_MORE = (
    PROGRAMME.replace(
        'name = "Pop-up"',
        'name = "Pop-up"\naddress = "Kastanienallee 7"\n' + 'hours = ["Mon-Sun 00:00-24:00"]',
    )
    + """
[perks.backstage]
name = "Backstage"
live = true
stations = ["popup"]

[perks.drinks]
name = "Drink card"
uses = 3

[perks.shop]
name = "Shop discount"
kind = "discount"
coupon = "KEEPSAKE10"
"""
)


world = world_of(WITH_MORE)
"""An installation with live, multi-use and discount perks, on each engine."""


def link_for(world: World, member: str = "1", voucher: str = "") -> str:
    """The path of a fresh one-time link to a member's wallet."""
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", member)
        settings = world.installation.settings
        address = new_address(session, settings, found.id, now=clock.now(), voucher=voucher)
    return address.removeprefix(settings.public_url)


def wallet_of(world: World, member: str = "1") -> Visitor:
    """A browser that shows a member's wallet."""
    visitor = Visitor(world.installation)
    assert visitor.post(link_for(world, member)).status_code == 303
    return visitor


def revoke_key(world: World, number: int) -> None:
    """What `keepsake keys revoke` does about a key that leaked."""
    arguments = ["keys", "revoke", str(number), "--reason", "leaked"]
    said = CliRunner().invoke(command_line(world.installation), arguments, obj=world.installation)
    assert said.exit_code == 0, said.output


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation)
