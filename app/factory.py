"""`create_app()`: the web application of one installation."""

import sys
from pathlib import Path
from typing import Any

from flask import Flask, Response, send_from_directory

from app import clock, http
from app.config import load_settings
from app.installation import Installation, open_installation
from app.programme.applying import ready
from app.refusals import Refused

ROOT = Path(__file__).resolve().parent.parent
STATIC = Path(__file__).resolve().parent / "static"
STATIC_SECONDS = 300
"""Short, as names stay the same from version to version; then the browser asks by ETag."""
MOST_BYTES = 2 * 1024 * 1024


class RouteWithoutRoles(Refused):
    """A route does not say who may use it."""

    code = "route_without_roles"


def create_app(installation: Installation) -> Flask:
    """Registers everything that is plugged in.

    Raises `RouteWithoutRoles` where a view says nothing of who may use it.
    """
    app = Flask(
        "keepsake", template_folder=str(ROOT / "templates"), static_folder=None, root_path=str(ROOT)
    )
    app.extensions["keepsake"] = installation
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    app.jinja_env.filters["moment"] = clock.as_text
    app.jinja_env.globals["caller"] = http.caller
    http.set_up(app)
    installation.plugins.add_pages()
    for set_up in installation.plugins.set_ups:
        set_up(app, installation.settings)
    app.add_url_rule("/static/<path:filename>", "static", _static)
    for blueprint in installation.plugins.blueprints:
        app.register_blueprint(blueprint)
    _check_routes(app)
    return app


def _static(filename: str) -> Response:
    return send_from_directory(STATIC, filename, max_age=STATIC_SECONDS)


# Not by `admits`, which would ask the database who looks at a stylesheet.
_static.admission = http.Admission(http.ANYBODY)  # type: ignore[attr-defined]


TURN_SECONDS = 0.02
"""How long a thread of the web process may go on before it lets another one in, four times what
Python does by itself: one judges for all who wait (see `voucher.scans.judgement.desk`), and whoever
takes the interpreter from it only goes back to waiting."""


def serve() -> Any:
    """The application for a WSGI server's process, with its settings from the environment."""
    sys.setswitchinterval(TURN_SECONDS)
    installation = open_installation(load_settings())
    ready(installation)
    for check in installation.plugins.start_checks:
        check(installation)
    return create_app(installation)


def _check_routes(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if not hasattr(view, "admission"):
            raise RouteWithoutRoles(f"The route {rule.rule} does not say who may use it.")
