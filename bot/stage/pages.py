"""The page around the places, and the addresses under which all of it is served."""

from http import HTTPStatus
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.stage.relay import Relay
from bot.stage.stage import Stage
from bot.stage.windows import DIRECT, count_received

_STATIC = Path(__file__).with_name("static")
_IN_THE_FRAME = (
    '<link rel="stylesheet" href="/stage/place.css">'
    '<script type="module" src="/stage/place.js"></script>'
)
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'self'"


def application(stage: Stage, relay: Relay) -> web.Application:
    """All that is served at the stage's address."""
    app = web.Application(client_max_size=32 * 1024 * 1024)
    pages = _Pages(stage, relay)
    app.router.add_get("/", pages.front)
    app.router.add_get("/stage/news", pages.news)
    app.router.add_post("/stage/picture", pages.picture)
    app.router.add_static("/stage/", _STATIC)
    app.router.add_get("/place/{slug}", pages.place)
    app.router.add_route("*", "/api/{rest:.+}", relay.api)
    app.router.add_get("/{shared:.+}", relay.shared)
    return app


class _Pages:
    def __init__(self, stage: Stage, relay: Relay) -> None:
        self._stage = stage
        self._relay = relay
        loader = FileSystemLoader(_STATIC)
        jinja = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
        self._front = jinja.get_template("front.html")

    async def front(self, _request: web.Request) -> web.Response:
        stage = self._stage
        html = self._front.render(
            scene=stage.scene, windows=stage.windows, direct=DIRECT, start=stage.start_id
        )
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return web.Response(text=html, content_type="text/html", headers=headers)

    async def place(self, request: web.Request) -> web.Response:
        for window in self._stage.windows:
            if window.slug == request.match_info["slug"]:
                return await self._relay.page(window, _IN_THE_FRAME)
        raise web.HTTPNotFound(text="There is no such place.")

    async def picture(self, request: web.Request) -> web.Response:
        """Takes a file that the person posts: the preview's own page can only send text."""
        window = self._relay.window_of(request)
        name = request.query.get("name", "picture.png")
        await self._stage.post_file(window, name, await request.read())
        return web.Response(status=HTTPStatus.NO_CONTENT)

    async def news(self, _request: web.Request) -> web.Response:
        """How much the person has received in each place, and since which start."""
        stage = self._stage
        received = {
            window.slug: count_received(stage.env, window, stage.person_id)
            for window in stage.windows
        }
        answer = {"start": stage.start_id, "received": received}
        return web.json_response(answer, headers={"Cache-Control": "no-store"})
