"""Organisers sign in by a link that works once, and out again."""

from datetime import timedelta

import pytest
from click.testing import CliRunner

from app import clock
from app.cli import command_line
from app.refusals import Refused
from tests.support.installations import World
from tests.support.pages import Visitor, new_link


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation)


def test_looking_at_a_link_does_not_use_it_up(visitor: Visitor) -> None:
    link = new_link(visitor.installation)
    for _ in range(3):
        page = visitor.get(link)
        assert page.status_code == 200
        assert '<form method="post">' in page.text
    assert visitor.get("/console").status_code == 401
    assert visitor.post(link).status_code == 303


def test_using_a_link_signs_this_browser_in(visitor: Visitor) -> None:
    answer = visitor.post(new_link(visitor.installation, "Mara"))
    assert answer.location == "/console"
    page = visitor.get("/console")
    assert page.status_code == 200
    assert "Signed in as <strong>Mara</strong>" in page.text


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(visitor: Visitor) -> None:
    answer = visitor.post(new_link(visitor.installation))
    (cookie,) = answer.headers.getlist("Set-Cookie")
    flags = {part.strip() for part in cookie.split(";")[1:]}
    assert {"HttpOnly", "SameSite=Lax", "Secure", "Path=/"} <= flags


def test_a_link_works_once(visitor: Visitor) -> None:
    link = new_link(visitor.installation)
    visitor.post(link)
    other = Visitor(visitor.installation)
    second = other.post(link)
    assert second.status_code == 410
    assert "This link was used or is too old" in second.text
    assert "Set-Cookie" not in second.headers
    assert '<form method="post">' not in other.get(link).text
    assert "signed in already" not in other.get(link).text
    assert "signed in already" in visitor.get(link).text  # and the way to the console


def test_a_link_that_never_was_one_is_refused(visitor: Visitor) -> None:
    assert visitor.post("/sign-in/made-up").status_code == 410
    assert "used or is too old" in visitor.get("/sign-in/made-up").text


def test_a_link_lasts_a_day(visitor: Visitor) -> None:
    link, now = new_link(visitor.installation), clock.now()
    with clock.standing_at(now + timedelta(hours=24, seconds=1)):
        assert visitor.post(link).status_code == 410
    with clock.standing_at(now + timedelta(hours=23, minutes=59)):
        assert visitor.post(link).status_code == 303


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_another_sites_page_cannot_use_a_link(visitor: Visitor, origin: str | None) -> None:
    link = new_link(visitor.installation)
    refused = visitor.post(link, origin=origin)
    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers
    assert visitor.post(link).status_code == 303


def test_our_own_pages_let_the_browser_say_that_they_are_ours(visitor: Visitor) -> None:
    # With the policy "no-referrer" browsers send the Origin "null" with a form.
    page = visitor.get(new_link(visitor.installation))
    assert '<meta name="referrer" content="same-origin">' in page.text


def test_signing_out_ends_the_session_and_not_only_the_cookie(visitor: Visitor) -> None:
    visitor.sign_in()
    cookie = visitor.client.get_cookie("keepsake_organiser", domain="keepsake.example")
    assert cookie is not None
    assert visitor.post("/sign-out").location == "/sign-in"
    assert visitor.get("/console").status_code == 401
    thief = Visitor(visitor.installation)
    thief.client.set_cookie(cookie.key, cookie.value, domain="keepsake.example")
    assert thief.get("/console").status_code == 401


def test_signing_out_here_leaves_other_browsers_signed_in(visitor: Visitor) -> None:
    other = Visitor(visitor.installation).sign_in()
    visitor.sign_in().post("/sign-out")
    assert other.get("/console").status_code == 200


def test_another_sites_page_cannot_sign_anybody_out(visitor: Visitor) -> None:
    visitor.sign_in()
    assert visitor.post("/sign-out", origin="https://evil.example").status_code == 403
    assert visitor.get("/console").status_code == 200


def test_a_session_lasts_two_weeks(visitor: Visitor) -> None:
    visitor.sign_in()
    now = clock.now()
    with clock.standing_at(now + timedelta(days=13, hours=23)):
        assert visitor.get("/console").status_code == 200
    with clock.standing_at(now + timedelta(days=14, minutes=1)):
        assert visitor.get("/console").status_code == 401


@pytest.mark.parametrize("path", ["/console", "/console/overview/panels"])
def test_organisers_pages_refuse_anybody(visitor: Visitor, path: str) -> None:
    refused = visitor.get(path)
    assert refused.status_code == 401
    assert 'href="/sign-in"' in refused.text


def test_the_front_door_leads_to_where_people_belong(visitor: Visitor) -> None:
    assert visitor.get("/").location == "/sign-in"
    assert "keepsake sign-in NAME" in visitor.get("/sign-in").text
    assert visitor.sign_in().get("/").location == "/console"


def test_the_command_prints_a_link_that_works(visitor: Visitor) -> None:
    commands = command_line(visitor.installation)
    said = CliRunner().invoke(commands, ["sign-in", "Noor"], obj=visitor.installation)
    link = said.stdout.strip().removeprefix(visitor.address)
    assert visitor.post(link).status_code == 303
    assert "Noor" in visitor.get("/console").text


def test_whoever_starts_the_installation_gets_a_fresh_link(visitor: Visitor) -> None:
    addresses = visitor.installation.plugins.addresses
    told = [pair for address in addresses for pair in address(visitor.installation)]
    link = dict(told)["Organisers' console"].removeprefix(visitor.address)
    assert visitor.post(link).status_code == 303


def test_a_discord_account_belongs_to_one_organiser(visitor: Visitor) -> None:
    commands = command_line(visitor.installation)

    def add(name: str) -> BaseException | None:
        words = ["organisers", "add", name, "--discord", "7"]
        return CliRunner().invoke(commands, words, obj=visitor.installation).exception

    assert add("Mara") is None
    assert add("Mara") is None
    refusal = add("Noor")
    assert isinstance(refusal, Refused)
    assert str(refusal) == "The Discord account 7 is Mara's already."
