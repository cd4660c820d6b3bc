"""The gateway: what is told to a bot is numbered and kept, and told again to one that resumes."""

import asyncio
import json
import zlib
from collections import deque
from typing import Any

from aiohttp import web

from tests.support.gateway.town import Town
from tests.support.gateway.words import APPLICATION_ID, GUILD_ID, Payload, bot

TOKEN = "a-token-of-the-tests"
KEPT = 5_000
"""What was told and can be told again."""
HEARTBEAT_MS = 41_250
DISPATCH, HEARTBEAT, IDENTIFY, RESUME = 0, 1, 2, 6
INVALID, HELLO, HEARTBEAT_ACK = 9, 10, 11
WRONG_TOKEN = 4004

CONTENT = 1 << 15
INTENTS = {
    "MESSAGE_CREATE": 1 << 9,
    "MESSAGE_DELETE": 1 << 9,
    "MESSAGE_REACTION_ADD": 1 << 10,
    "MESSAGE_REACTION_REMOVE": 1 << 10,
    "TYPING_START": 1 << 11,
}
"""What must have been asked for that it is told; the rest is always."""


class Line:
    """One connection, compressed as a whole where the bot asked for it. Order is kept."""

    def __init__(self, request: web.Request, socket: web.WebSocketResponse):
        self._socket, self._transport = socket, request.transport
        compressed = request.query.get("compress") == "zlib-stream"
        self._stream = zlib.compressobj() if compressed else None
        self._waiting: asyncio.Queue[str] = asyncio.Queue()

    def put(self, text: str) -> None:
        """Sends it after what was put before."""
        self._waiting.put_nowait(text)

    def say(self, op: int, data: Any = None) -> None:
        """Something that is no dispatch, so without a number."""
        self.put(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def cut(self) -> None:
        """Ends the connection as a broken network does: nobody is told."""
        if self._transport is not None:
            self._transport.abort()

    async def write_for_ever(self) -> None:
        """Writes until it is cancelled, or the other side is gone."""
        while True:
            text = await self._waiting.get()
            try:
                if self._stream is None:
                    await self._socket.send_str(text)
                else:
                    packed = self._stream.compress(text.encode())
                    await self._socket.send_bytes(packed + self._stream.flush(zlib.Z_SYNC_FLUSH))
            except ConnectionError:
                return


class Session:
    """What one bot was told since it came."""

    def __init__(self, number: int, intents: int, line: Line):
        self.id, self.line = f"session-{number}", line
        self._intents, self._number = intents, 0
        self._told: deque[tuple[int, str]] = deque(maxlen=KEPT)

    def tell(self, event: str, data: Payload) -> None:
        """Tells it, or keeps it until the bot resumes, as far as the bot wants to know of it."""
        wanted = INTENTS.get(event, 0)
        if wanted & self._intents != wanted:
            return
        if event == "MESSAGE_CREATE" and not self._intents & CONTENT:
            data = data | {"content": ""}
        self._number += 1
        text = json.dumps({"op": DISPATCH, "t": event, "s": self._number, "d": data})
        self._told.append((self._number, text))
        self.line.put(text)

    def tell_again(self, line: Line, after: int) -> None:
        """Goes on with a new connection, behind the number that the bot has."""
        self.line = line
        for number, text in self._told:
            if number > after:
                line.put(text)
        self.tell("RESUMED", {"_trace": []})


class Gateway:
    """Where bots connect."""

    def __init__(self, town: Town):
        self._town = town
        self._sessions: dict[str, Session] = {}
        self._lines: set[Line] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.identified = self.resumed = 0
        self.told_twice = 0
        """How many that it has already a bot that resumes is told all the same."""

    def tell(self, event: str, data: Payload) -> None:
        """Tells every bot."""
        for session in self._sessions.values():
            session.tell(event, data)

    def cut(self) -> None:
        """Cuts all connections; nobody comes in again until `let_in()`."""
        self._open.clear()
        for line in self._lines:
            line.cut()

    def let_in(self) -> None:
        """Lets bots connect again."""
        self._open.set()

    def forget(self) -> None:
        """No session can be resumed any more."""
        self._sessions.clear()

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        """Serves one connection to its end."""
        await self._open.wait()
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        line = Line(request, socket)
        writes = asyncio.create_task(line.write_for_ever())
        self._lines.add(line)
        line.say(HELLO, {"heartbeat_interval": HEARTBEAT_MS})
        try:
            async for frame in socket:
                if frame.type is web.WSMsgType.TEXT:
                    await self._hear(line, socket, json.loads(frame.data), request.host)
        finally:
            self._lines.discard(line)
            writes.cancel()
        return socket

    async def _hear(
        self, line: Line, socket: web.WebSocketResponse, heard: Payload, host: str
    ) -> None:
        op, data = heard["op"], heard["d"]
        if op == HEARTBEAT:
            line.say(HEARTBEAT_ACK)
        elif op in (IDENTIFY, RESUME) and data["token"] != TOKEN:
            await socket.close(code=WRONG_TOKEN)
        elif op == IDENTIFY:
            self._identify(line, data["intents"], host)
        elif op == RESUME:
            session = self._sessions.get(data["session_id"])
            if session is None:
                line.say(INVALID, False)
            else:
                self.resumed += 1
                session.tell_again(line, data["seq"] - self.told_twice)

    def _identify(self, line: Line, intents: int, host: str) -> None:
        self.identified += 1
        session = Session(self.identified, intents, line)
        self._sessions = {session.id: session}
        ready = {
            "v": 10,
            "user": bot(),
            "guilds": [{"id": str(GUILD_ID), "unavailable": True}],
            "session_id": session.id,
            "resume_gateway_url": f"ws://{host}/gateway",
            "application": {"id": str(APPLICATION_ID), "flags": 0},
        }
        session.tell("READY", ready)
        session.tell("GUILD_CREATE", self._town.guild())
