"""Hands a browser's requests on to the preview they belong to.

Each preview is its own small server on its own port, and refuses to be framed. Here they come
together under one address: what the page asks of `/api/` carries the secret of its preview, by
which it is told apart, and everything else they serve is the same for all.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import web

from bot.stage.windows import Window

CAPABILITY = "X-Simcord-Capability"

_PLAIN_PICTURES = {"image/png", "image/jpeg", "image/webp"}

_TOLD_ON = ("Content-Type", CAPABILITY, "X-Simcord-Context")
_KEPT_BACK = {"content-length", "transfer-encoding", "connection", "x-frame-options", "date"}

Turn = Callable[[Callable[[], Awaitable[web.Response]]], Awaitable[web.Response]]
"""Runs one thing while nothing else touches the simulated Discord."""


class Relay:
    """Passes requests on to the windows' previews."""

    def __init__(
        self, client: aiohttp.ClientSession, windows: Sequence[Window], take_turn: Turn
    ) -> None:
        self._client = client
        self._windows = windows
        self._take_turn = take_turn

    async def api(self, request: web.Request) -> web.Response:
        """What a page reads or does; what it does is given a turn."""
        window = self.window_of(request)
        body = await request.read()
        if request.path.startswith("/api/assets/"):
            return await self._picture(window, request)
        if request.method != "POST":
            return await self._forward(window, request, body)
        return await self._take_turn(lambda: self._act(window, request, body))

    def window_of(self, request: web.Request) -> Window:
        """The window whose secret the request carries."""
        capability = request.headers.get(CAPABILITY)
        for window in self._windows:
            if window.capability == capability:
                return window
        raise web.HTTPUnauthorized(text="This page belongs to an earlier start; load it again.")

    async def shared(self, request: web.Request) -> web.Response:
        """A script, style or font, which all previews have alike."""
        answer = await self._forward(self._windows[0], request, b"")
        if request.path.startswith("/fonts/"):
            # 30 MB of them: once for all places, not once for each.
            answer.headers["Cache-Control"] = "max-age=86400"
            answer.headers.popall("Pragma", None)
        return answer

    async def page(self, window: Window, extra_head: str) -> web.Response:
        """The preview's own page with something added to its head, fit to be framed by ours."""
        async with self._client.get(f"{window.address}/") as answer:
            html = (await answer.text()).replace("</head>", f"{extra_head}</head>", 1)
            headers = _passed_back(answer.headers)
        headers.pop("Content-Type", None)
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def _picture(self, window: Window, request: web.Request) -> web.Response:
        """The file as it is, where a browser can show it.

        A preview would decode it first, in a process of its own for each picture and page and one
        after the other: a wallet of twenty cards took seconds, and the ninth that waits is refused.
        """
        if not request.query:
            plain = await self._forward(window, request, b"", query="download=1")
            if plain.content_type in _PLAIN_PICTURES:
                plain.headers["Content-Disposition"] = "inline"
                return plain
        return await self._forward(window, request, b"")

    async def _act(self, window: Window, request: web.Request, body: bytes) -> web.Response:
        """Does it; once more where only the page's picture of the channel was out of date."""
        answer = await self._forward(window, request, body)
        revision = _newer_revision(answer)
        if revision is None or request.content_type != "application/json":
            return answer
        again = json.dumps(json.loads(body) | {"published_revision": revision})
        return await self._forward(window, request, again.encode())

    async def _forward(
        self, window: Window, request: web.Request, body: bytes, *, query: str | None = None
    ) -> web.Response:
        told = {name: request.headers[name] for name in _TOLD_ON if name in request.headers}
        asked = request.query_string if query is None else query
        url = f"{window.address}{request.path}?{asked}"
        async with self._client.request(
            request.method, url, data=body or None, headers=told
        ) as answer:
            content = await answer.read()
            headers = _passed_back(answer.headers)
            return web.Response(status=answer.status, body=content, headers=headers)


def _passed_back(headers: Mapping[str, str]) -> dict[str, str]:
    kept = {name: text for name, text in headers.items() if name.lower() not in _KEPT_BACK}
    policy = kept.get("Content-Security-Policy", "")
    if policy:
        allowed = policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
        kept["Content-Security-Policy"] = allowed
    return kept


def _newer_revision(answer: web.Response) -> int | None:
    """The revision an action should have named, where it was refused for naming another."""
    if answer.status != HTTPStatus.OK or answer.content_type != "application/json":
        return None
    receipt: dict[str, Any] = json.loads(answer.body or b"{}")  # type: ignore[arg-type]
    codes = {entry.get("code") for entry in receipt.get("diagnostics", [])}
    if receipt.get("rejected") is True and "stale-revision" in codes:
        return int(receipt["revision"])
    return None
