"""A member comes in by a link that works once, stays in that browser, and goes out again."""

from datetime import timedelta

import pytest
from pydantic import SecretStr

from app import clock
from app.communities import members
from tests.app.access.test_discord_login import ACCOUNT, FakeDiscord, go_to_discord
from tests.support.installations import World
from tests.support.pages import Visitor, served, with_settings
from tests.voucher.wallet.conftest import link_for, wallet_of


def test_looking_at_a_link_does_not_use_it_up(world: World, visitor: Visitor) -> None:
    world.issue()
    link = link_for(world)
    for _ in range(3):
        assert '<form method="post">' in visitor.get(link).text
    assert visitor.get("/wallet/").status_code == 401
    assert visitor.post(link).location == "/wallet/"
    assert visitor.get("/wallet/").status_code == 200


def test_a_link_works_once_and_for_minutes(world: World, visitor: Visitor) -> None:
    world.issue()
    link, late = link_for(world), link_for(world)
    visitor.post(link)
    other = Visitor(world.installation)
    second = other.post(link)
    assert second.status_code == 410
    assert "This link was used or is too old" in second.text
    assert "Set-Cookie" not in second.headers
    with clock.standing_at(clock.now() + timedelta(minutes=16)):
        assert other.post(late).status_code == 410
        assert '<form method="post">' not in other.get(late).text


def test_a_link_can_lead_to_a_voucher_and_nowhere_else(world: World, visitor: Visitor) -> None:
    reference = world.issue().reference
    link = link_for(world, voucher=reference)
    assert visitor.post(link).location == f"/wallet/{reference}"
    for elsewhere in ("//evil.example", "../console", "https://evil.example"):
        answer = Visitor(world.installation).post(f"{link_for(world)}?voucher={elsewhere}")
        assert answer.location == "/wallet/"


def test_another_sites_page_cannot_use_a_link(world: World, visitor: Visitor) -> None:
    world.issue()
    link = link_for(world)
    assert visitor.post(link, origin="https://evil.example").status_code == 403
    assert visitor.post(link).status_code == 303


def test_the_cookie_is_out_of_reach_and_goes_to_the_wallet_alone(
    world: World, visitor: Visitor
) -> None:
    world.issue()
    (cookie,) = visitor.post(link_for(world)).headers.getlist("Set-Cookie")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/wallet"} <= flags


def test_a_member_is_no_organiser_and_an_organiser_no_member(world: World) -> None:
    reference = world.issue().reference
    member = wallet_of(world)
    assert member.get("/console").status_code == 401
    organiser = Visitor(world.installation).sign_in()
    assert organiser.get("/wallet/").status_code == 401
    assert organiser.get(f"/wallet/{reference}/card.pdf").status_code == 403
    assert organiser.post(f"/wallet/{reference}/reissue").status_code == 403


def test_who_is_both_has_each_right_in_its_place(world: World) -> None:
    world.issue()
    both = wallet_of(world).sign_in()
    assert both.get("/console").status_code == 200
    assert both.get("/wallet/").status_code == 200


def test_signing_out_ends_the_session_and_not_only_the_cookie(world: World) -> None:
    world.issue()
    visitor = wallet_of(world)
    cookie = visitor.client.get_cookie("keepsake_wallet", "keepsake.example", "/wallet")
    assert cookie is not None
    assert visitor.post("/wallet/sign-out").location == "/wallet/"
    assert visitor.get("/wallet/").status_code == 401
    thief = Visitor(world.installation)
    thief.client.set_cookie(cookie.key, cookie.value, domain="keepsake.example", path="/wallet")
    assert thief.get("/wallet/").status_code == 401


def test_another_sites_page_cannot_sign_anybody_out(world: World) -> None:
    world.issue()
    visitor = wallet_of(world)
    assert visitor.post("/wallet/sign-out", origin="https://evil.example").status_code == 403
    assert visitor.get("/wallet/").status_code == 200


def test_a_session_lasts_ninety_days(world: World) -> None:
    world.issue()
    visitor, now = wallet_of(world), clock.now()
    with clock.standing_at(now + timedelta(days=89)):
        assert visitor.get("/wallet/").status_code == 200
    with clock.standing_at(now + timedelta(days=90, minutes=1)):
        assert visitor.get("/wallet/").status_code == 401


def test_a_page_says_whose_wallet_it_is_and_none_where_it_is_nobodys(world: World) -> None:
    world.issue()
    first, second = wallet_of(world), wallet_of(world)
    named = [one.get("/wallet/").headers["Keepsake-Wallet"] for one in (first, second)]
    assert len(set(named)) == 2
    assert "none" not in named
    first.post("/wallet/sign-out")
    assert first.get("/wallet/").headers["Keepsake-Wallet"] == "none"


@pytest.mark.parametrize("account", [ACCOUNT, "1"])
def test_a_member_signs_in_by_discord_where_it_is_set_up(world: World, account: str) -> None:
    world.issue(member=ACCOUNT, source=members.DISCORD)
    discord = FakeDiscord()
    discord.account = {"id": account}
    with served(discord.app) as address:
        visitor = Visitor(
            with_settings(
                world.installation,
                discord_client_id="1234",
                discord_client_secret=SecretStr("a secret"),
                discord_oauth_url=address,
            )
        )
        assert "/sign-in/by-discord?to=wallet" in visitor.get("/wallet/").text
        answer = visitor.get(go_to_discord(visitor, "?to=wallet"))
    if account == ACCOUNT:
        assert answer.location == "/wallet/"
        assert "Pin" in visitor.get("/wallet/").text
        assert visitor.get("/console").status_code == 401
    else:
        assert answer.status_code == 403
        assert "keepsake_wallet" not in str(answer.headers)
