"""Whatever people write in place of a reference, a code or a name is found or is unknown."""

import pytest

from app.communities import members
from app.communities.members import UnknownMember
from tests.support.installations import World
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import wallet_of
from voucher.ledger.finding import UnknownVoucher, by_code_or_reference, by_reference

ODD = ["V-\x00AAAAAAA", "V-ÄÖ", "V-\ud800", "V-", "V-" + "A" * 17, "V-A' OR 1=1", "x", "", "V-ſ"]


@pytest.mark.parametrize("text", ODD)
def test_what_has_no_references_shape_is_unknown(world: World, text: str) -> None:
    with world.installation.reading() as session:
        for find in (by_reference, by_code_or_reference):
            with pytest.raises(UnknownVoucher):
                find(session, world.community_id, text)


def test_a_reference_is_found_as_people_write_it(world: World) -> None:
    reference = world.issue().reference
    with world.installation.reading() as session:
        found = by_reference(session, world.community_id, f" {reference.lower()}\n")
    assert found.voucher.reference == reference


@pytest.mark.parametrize("text", ["V-%00AAAAAAA", "%ED%A0%80", "V-%FF", "%00"])
def test_an_odd_address_is_a_page_that_is_not_there(world: World, text: str) -> None:
    world.issue()
    member = wallet_of(world)
    assert member.get(f"/wallet/{text}").status_code == 404
    for path in ("live", "picture", "card.pdf"):
        assert member.get(f"/wallet/{text}/{path}").status_code == 404
    assert member.post(f"/wallet/{text}/reissue").status_code == 404
    stranger = Visitor(world.installation)
    assert stranger.get(f"/wallet/enter/{text}").status_code == 200
    assert stranger.post(f"/wallet/enter/{text}").status_code == 410
    assert stranger.get(f"/V/{text}").status_code == 404


@pytest.mark.parametrize("name", ["\x00", "1\x00", "\udcff"])
def test_a_name_that_can_be_nobodys_is_unknown(world: World, name: str) -> None:
    world.issue()
    with world.installation.reading() as session, pytest.raises(UnknownMember):
        members.find(session, world.community_id, "sample", name)
    with world.installation.reading() as session, pytest.raises(UnknownMember):
        members.find(session, world.community_id, name, "1")
