"""The server's process: does what it reads, a JSON object a line, and answers in the same way.

It ends with its standard input, so with who started it.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from tests.support.gateway.api import Api
from tests.support.gateway.sessions import Gateway
from tests.support.gateway.town import BUTTON, Town
from tests.support.gateway.words import Payload

Command = Callable[..., Awaitable[Any]]
COMMAND = 2


class Serving:
    """A town with its gateway and API, and what can be done in it."""

    def __init__(self, town: Town):
        self.town, self.gateway = town, Gateway(town)
        self.api = Api(town, self.gateway)

    async def post(self, place: int, by: int, text: str) -> Payload:
        """Somebody writes in a channel or thread; returns the message."""
        message = self.town.message(self.town.places[place], by, text)
        self.gateway.tell("MESSAGE_CREATE", message)
        return message

    async def delete(self, message: Payload) -> None:
        """A message is deleted."""
        self.gateway.tell("MESSAGE_DELETE", self.town.deletion(message))

    async def react(self, message: Payload, by: int, emoji: str, added: bool = True) -> None:
        """Somebody reacts to a message, or takes it back."""
        event = "MESSAGE_REACTION_ADD" if added else "MESSAGE_REACTION_REMOVE"
        self.gateway.tell(event, self.town.reaction(message, by, emoji, added=added))

    async def command(self, name: str, by: int, options: list[Payload] | None = None) -> str:
        """Somebody uses a slash command; returns by what `asked` knows it."""
        data = {"id": "1", "name": name, "type": 1, "options": options or []}
        return self.api.ask(name, COMMAND, data, by)

    async def press(self, custom_id: str, by: int) -> str:
        """Somebody presses a button; returns by what `asked` knows it."""
        return self.api.ask("button", BUTTON, {"custom_id": custom_id, "component_type": 2}, by)

    async def asked(self, token: str) -> Payload:
        """What became of an interaction."""
        return asdict(self.api.asked[token])

    async def cut(self, told_twice: int = 0) -> None:
        """The network breaks; a bot that resumes hears its last `told_twice` events again."""
        self.gateway.told_twice = told_twice
        self.gateway.cut()

    async def let_in(self) -> None:
        """The network is there again."""
        self.gateway.let_in()

    async def forget(self) -> None:
        """What bots may resume is forgotten."""
        self.gateway.forget()

    async def state(self) -> Payload:
        """How often a bot came and resumed, and what it asked for."""
        gateway, api = self.gateway, self.api
        return {
            "identified": gateway.identified,
            "resumed": gateway.resumed,
            "commands": api.commands,
            "letters": api.letters,
            "unknown": api.unknown,
        }


async def serve(serving: Serving, more: dict[str, Command] | None = None) -> None:
    """Listens on a port of its own choice, prints it, and obeys until standard input ends."""
    runner = web.AppRunner(serving.api.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    _say(runner.addresses[0][1])
    heard = asyncio.StreamReader(limit=1 << 24)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(heard), sys.stdin)
    while line := await heard.readline():
        asked: Payload = json.loads(line)
        name = asked.pop("do")
        does = (more or {}).get(name) or getattr(serving, name)
        _say(await does(**asked))
    await runner.cleanup()


def _say(what: Any) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(serve(Serving(Town(channels=3, threads=1))))
