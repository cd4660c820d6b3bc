"""The HTTP API: as much of it as the bot asks for."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.support.gateway.sessions import TOKEN, Gateway
from tests.support.gateway.town import Town
from tests.support.gateway.words import APPLICATION_ID, GUILD_ID, Payload, bot, snowflake, written

API = "/api/v10"
DIRECT, NOBODY = GUILD_ID + 2, {"message": "401: Unauthorized", "code": 0}


@dataclass
class Asked:
    """An interaction and what became of it; times are `time.perf_counter()`'s."""

    what: str
    sent: float
    acknowledged: float | None = None
    answered: float | None = None
    texts: list[str] = field(default_factory=list)


class Api:
    """Answers the bot, and keeps what it said."""

    def __init__(self, town: Town, gateway: Gateway):
        self._town, self._gateway = town, gateway
        self.commands: list[str] = []
        self.asked: dict[str, Asked] = {}
        """By the interaction's token."""
        self.letters = 0
        """Direct messages that the bot wrote."""
        self.unknown: list[str] = []
        """What it asked for that is not here."""

    def application(self) -> web.Application:
        """All routes, and the gateway."""
        made = web.Application(middlewares=[self._check])
        made.add_routes(
            [
                web.get("/gateway", self._gateway.connect),
                web.get(f"{API}/gateway", self._where),
                web.get(f"{API}/users/@me", self._me),
                web.get(f"{API}/oauth2/applications/@me", self._program),
                web.put(f"{API}/applications/{{id}}/commands", self._sync),
                web.get(f"{API}/channels/{{place}}/messages", self._history),
                web.post(f"{API}/channels/{{place}}/messages", self._write),
                web.get(f"{API}/users/{{id}}", self._user),
                web.post(f"{API}/users/@me/channels", self._direct),
                web.post(f"{API}/interactions/{{id}}/{{token}}/callback", self._acknowledge),
                web.post(f"{API}/webhooks/{{id}}/{{token}}", self._answer),
            ]
        )
        return made

    def ask(self, what: str, kind: int, data: Payload, by: int) -> str:
        """Lets somebody use the bot; returns the token by which `asked` has it."""
        told = self._town.interaction(kind, data, by, self._town.channels[0])
        self.asked[told["token"]] = Asked(what, time.perf_counter())
        self._gateway.tell("INTERACTION_CREATE", told)
        token: str = told["token"]
        return token

    @web.middleware
    async def _check(self, request: web.Request, handler: Any) -> web.StreamResponse:
        free = request.path == "/gateway" or "/callback" in request.path
        free = free or "/webhooks/" in request.path
        if not free and request.headers.get("Authorization") != f"Bot {TOKEN}":
            return _json(NOBODY, status=401)
        try:
            answer: web.StreamResponse = await handler(request)
        except web.HTTPNotFound:
            self.unknown.append(f"{request.method} {request.path}")
            return _json({"message": "404: Not Found", "code": 0}, status=404)
        return answer

    async def _where(self, request: web.Request) -> web.Response:
        return _json({"url": f"ws://{request.host}/gateway"})

    async def _me(self, _: web.Request) -> web.Response:
        return _json(bot())

    async def _program(self, _: web.Request) -> web.Response:
        told = {
            "id": str(APPLICATION_ID),
            "name": "Keepsake",
            "icon": None,
            "description": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "",
            "team": None,
            "flags": 0,
            "owner": bot(),
        }
        return _json(told)

    async def _sync(self, request: web.Request) -> web.Response:
        given = await request.json()
        self.commands = [one["name"] for one in given]
        own = {"application_id": str(APPLICATION_ID), "version": "1"}
        more = {"default_member_permissions": None, "description": ""}
        return _json([more | own | one | {"id": str(snowflake()), "nsfw": False} for one in given])

    async def _history(self, request: web.Request) -> web.Response:
        kept = self._town.history[int(request.match_info["place"])]
        after, most = int(request.query.get("after", 0)), int(request.query.get("limit", 50))
        later = [message for message in kept if int(message["id"]) > after]
        return _json(later[:most][::-1])

    async def _user(self, request: web.Request) -> web.Response:
        return _json(bot() | {"id": request.match_info["id"], "bot": False})

    async def _direct(self, request: web.Request) -> web.Response:
        to = (await request.json())["recipient_id"]
        people = [bot() | {"id": str(to), "bot": False}]
        told = {"id": str(DIRECT), "type": 1, "last_message_id": None, "recipients": people}
        return _json(told)

    async def _write(self, request: web.Request) -> web.Response:
        self.letters += 1
        text = (await _said(request)).get("content") or ""
        place = int(request.match_info["place"])
        return _json(written(place, bot(), text))

    async def _acknowledge(self, request: web.Request) -> web.Response:
        one = self.asked[request.match_info["token"]]
        one.acknowledged = time.perf_counter()
        given = await _said(request)
        if "data" in given and given["data"].get("content"):
            one.answered = one.acknowledged
            one.texts.append(given["data"]["content"])
        told = {"interaction": {"id": request.match_info["id"], "type": 2}}
        return _json(told)

    async def _answer(self, request: web.Request) -> web.Response:
        one = self.asked[request.match_info["token"]]
        one.answered = one.answered or time.perf_counter()
        text = (await _said(request)).get("content") or ""
        one.texts.append(text)
        place = self._town.channels[0]
        return _json(written(place, bot(), text))


def _json(told: Any, status: int = 200) -> web.Response:
    # Told to be in no charset, as Discord does: discord.py takes anything else for text.
    body = json.dumps(told).encode()
    return web.Response(body=body, content_type="application/json", status=status)


async def _said(request: web.Request) -> Payload:
    """What the bot says: as JSON, or as a form with files."""
    if request.content_type == "application/json":
        said: Payload = await request.json()
        return said
    form = await request.post()
    given: Payload = json.loads(str(form["payload_json"]))
    return given
