"""A browser's view of the pages, without a browser: cookies, Origin and what it accepts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread
from typing import Any

from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app import clock
from app.access import signing_in
from app.factory import create_app
from app.installation import Installation


class Visitor:
    """One browser at an installation's public address."""

    def __init__(self, installation: Installation):
        self.installation = installation
        self.address = installation.settings.public_url
        self.client = create_app(installation).test_client()

    def get(self, path: str) -> TestResponse:
        """Opens an address."""
        return self.client.get(
            path, base_url=self.address, headers={"Accept": "text/html"}, buffered=True
        )

    def post(self, path: str, origin: str | None = "own", **form: str) -> TestResponse:
        """Sends a form: from our own page, unless another `origin` is given, or None."""
        headers = {"Accept": "text/html"}
        if origin is not None:
            headers["Origin"] = self.address if origin == "own" else origin
        return self.client.post(path, base_url=self.address, headers=headers, data=form)

    def sign_in(self, name: str = "Mara") -> "Visitor":
        """Signs this browser in by a fresh link."""
        answer = self.post(new_link(self.installation, name))
        assert answer.status_code == 303
        return self


def new_link(installation: Installation, name: str = "Mara") -> str:
    """The path of a fresh one-time link for an organiser of community 1."""
    with installation.unit_of_work() as session:
        now = clock.now()
        organiser = signing_in.organiser(session, 1, name, now=now)
        return f"/sign-in/{signing_in.new_link(session, organiser.id, now=now)}"


def with_settings(installation: Installation, **settings: Any) -> Installation:
    """The same installation with some settings changed."""
    return replace(installation, settings=installation.settings.model_copy(update=settings))


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serves a WSGI application on loopback and gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
