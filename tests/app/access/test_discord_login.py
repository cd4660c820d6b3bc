"""Signing in by Discord, against OAuth endpoints on loopback that check what Discord checks."""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import pytest
from flask import Flask, Response, abort, jsonify, redirect, request
from pydantic import SecretStr
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.access import signing_in
from tests.support.installations import World
from tests.support.pages import Visitor, served, with_settings

ACCOUNT = "302050872383242240"
BACK = "https://keepsake.example/sign-in/by-discord/back"


class FakeDiscord:
    """The three endpoints, strict about PKCE, the client and the address to come back to."""

    def __init__(self) -> None:
        self.account: Any = {"id": ACCOUNT, "username": "mara"}
        self.secret = "a secret"
        self.challenges: dict[str, str] = {}
        self.app = Flask(__name__)
        self.app.add_url_rule("/oauth2/authorize", view_func=self.authorize)
        self.app.add_url_rule("/api/oauth2/token", view_func=self.token, methods=["POST"])
        self.app.add_url_rule("/api/users/@me", view_func=self.me)

    def authorize(self) -> AnyResponse:
        asked = request.args
        wanted = {
            "response_type": "code",
            "client_id": "1234",
            "redirect_uri": BACK,
            "scope": "identify",
            "code_challenge_method": "S256",
        }
        if not wanted.items() <= asked.to_dict().items():
            abort(400, f"asked for {asked}")
        code = f"code-{len(self.challenges)}"
        self.challenges[code] = asked["code_challenge"]
        return redirect(f"{BACK}?{urlencode({'code': code, 'state': asked['state']})}")

    def token(self) -> tuple[Response, int]:
        form, client = request.form, request.authorization
        if client is None or (client.username, client.password) != ("1234", self.secret):
            return jsonify(error="invalid_client"), 401
        # A code is good for one token.
        challenge = self.challenges.pop(form["code"], None)
        digest = sha256(form["code_verifier"].encode()).digest()
        proof = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proof != challenge or form["redirect_uri"] != BACK:
            return jsonify(error="invalid_grant"), 400
        return jsonify(access_token="t", token_type="Bearer", expires_in=600, scope="identify"), 200

    def me(self) -> Response:
        if request.headers["Authorization"] != "Bearer t":
            abort(401)
        return jsonify(self.account)


@pytest.fixture
def discord() -> FakeDiscord:
    return FakeDiscord()


@pytest.fixture
def visitor(world: World, discord: FakeDiscord) -> Iterator[Visitor]:
    with world.installation.unit_of_work() as session:
        mara = signing_in.organiser(session, world.community_id, "Mara", now=clock.now())
        mara.discord_id = ACCOUNT
    with served(discord.app) as address:
        yield visitor_of(world, address)


def visitor_of(world: World, discord_address: str) -> Visitor:
    return Visitor(
        with_settings(
            world.installation,
            discord_client_id="1234",
            discord_client_secret=SecretStr("a secret"),
            discord_oauth_url=discord_address,
        )
    )


def go_to_discord(visitor: Visitor, wanted: str = "") -> str:
    """Starts, says yes at Discord, and returns the path that Discord leads back to."""
    there = visitor.get(f"/sign-in/by-discord{wanted}").location
    assert there is not None
    back = httpx2.get(there).headers["location"]
    return str(back).removeprefix("https://keepsake.example")


def refused(answer: TestResponse, status: int) -> str:
    assert answer.status_code == status
    assert "keepsake_organiser" not in str(answer.headers.getlist("Set-Cookie"))
    return answer.text


def test_an_organiser_with_that_account_is_signed_in(visitor: Visitor) -> None:
    answer = visitor.get(go_to_discord(visitor))
    assert answer.location == "/console"
    assert "Signed in as <strong>Mara</strong>" in visitor.get("/console").text


def test_the_way_there_carries_a_state_and_a_challenge_and_no_secret(visitor: Visitor) -> None:
    first, second = (visitor.get("/sign-in/by-discord").location or "" for _ in range(2))
    asked, again = (parse_qs(urlsplit(address).query) for address in (first, second))
    assert len(asked["state"][0]) >= 20
    assert asked["state"] != again["state"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["code_challenge"] != again["code_challenge"]
    assert "secret" not in first


def test_a_wrong_state_is_refused(visitor: Visitor) -> None:
    back = go_to_discord(visitor)
    code = parse_qs(urlsplit(back).query)["code"][0]
    answer = visitor.get(f"/sign-in/by-discord/back?code={code}&state=made-up")
    assert "was not started in this browser" in refused(answer, 400)


@pytest.mark.parametrize("query", ["", "?code=1", "?state=", "?state=x&code="])
def test_a_way_back_without_a_way_there_is_refused(visitor: Visitor, query: str) -> None:
    answer = visitor.get(f"/sign-in/by-discord/back{query}")
    assert "was not started in this browser" in refused(answer, 400)


def test_another_browser_cannot_come_back_with_it(visitor: Visitor, world: World) -> None:
    back = go_to_discord(visitor)
    other = Visitor(visitor.installation)
    assert "was not started in this browser" in refused(other.get(back), 400)


def test_the_way_back_works_once(visitor: Visitor) -> None:
    back = go_to_discord(visitor)
    visitor.get(back)
    visitor.post("/sign-out")
    refused(visitor.get(back), 400)


def test_a_denial_is_told_as_one(visitor: Visitor) -> None:
    there = visitor.get("/sign-in/by-discord").location or ""
    state = parse_qs(urlsplit(there).query)["state"][0]
    answer = visitor.get(f"/sign-in/by-discord/back?error=access_denied&state={state}")
    assert "Discord was told not to say who you are" in refused(answer, 403)


def test_an_account_that_is_no_organisers_is_refused(
    visitor: Visitor, discord: FakeDiscord
) -> None:
    discord.account = {"id": "1", "username": "somebody"}
    answer = visitor.get(go_to_discord(visitor))
    assert "This Discord account is not one of the organisers" in refused(answer, 403)


def test_a_wrong_client_secret_is_told(visitor: Visitor, discord: FakeDiscord) -> None:
    discord.secret = "another secret"
    answer = visitor.get(go_to_discord(visitor))
    assert "Discord did not accept the sign-in" in refused(answer, 502)


@pytest.mark.parametrize("account", [{"error": "?"}, [], "mara", None])
def test_an_answer_of_another_form_is_refused(
    visitor: Visitor, discord: FakeDiscord, account: Any
) -> None:
    discord.account = account
    answer = visitor.get(go_to_discord(visitor))
    assert "Discord did not answer as it should" in refused(answer, 502)


def test_a_discord_that_is_away_is_told(world: World, discord: FakeDiscord) -> None:
    with served(discord.app) as address:
        visitor = visitor_of(world, address)
        back = go_to_discord(visitor)
    answer = visitor.get(back)
    assert "Discord did not answer as it should" in refused(answer, 502)


def test_the_page_offers_discord_only_where_it_is_set_up(visitor: Visitor, world: World) -> None:
    assert "Sign in with Discord" in visitor.get("/sign-in").text
    plain = Visitor(world.installation)
    assert "Sign in with Discord" not in plain.get("/sign-in").text
    assert "is not set up here" in refused(plain.get("/sign-in/by-discord"), 403)


def test_the_cookie_on_the_way_is_guarded_too(visitor: Visitor) -> None:
    answer = visitor.get("/sign-in/by-discord")
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("keepsake_oauth=")
    assert all(flag in cookie for flag in ("HttpOnly", "Secure", "SameSite=Lax"))
