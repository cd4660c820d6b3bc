"""The files that the kiosk's pages load, and what keeps them on the device."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app.http import admits
from kiosk.installing import files

blueprint = Blueprint("kiosk_files", __name__, url_prefix="/kiosk")


@blueprint.get("/manifest.webmanifest")
@admits("anybody")
def manifest() -> AnyResponse:
    """What makes the kiosk installable."""
    kind = "application/manifest+json"
    return send_from_directory(files.STATIC, "manifest.webmanifest", mimetype=kind, max_age=0)


@blueprint.get("/worker.js")
@admits("anybody")
def worker() -> Response:
    """The service worker, which may also serve the page: `/kiosk`, with no slash at its end."""
    answer = Response(files.worker(), mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = "/kiosk"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@blueprint.get("/static/<path:name>")
@admits("anybody")
def static(name: str) -> AnyResponse:
    """Our own scripts and styles."""
    return send_from_directory(files.STATIC, name, max_age=0)


@blueprint.get("/vendor/zxing/<path:name>")
@admits("anybody")
def reader(name: str) -> AnyResponse:
    """The code reader, as npm installed it: from here, never from its own network of copies."""
    return _installed(files.READER, files.READER_FILES, name)


@blueprint.get("/vendor/ed25519/<path:name>")
@admits("anybody")
def signatures(name: str) -> AnyResponse:
    """What checks a voucher's signature on the device, as npm installed it."""
    return _installed(files.SIGNATURES, files.SIGNATURE_FILES, name)


def _installed(folder: Path, names: tuple[str, ...], name: str) -> AnyResponse:
    if name not in names:
        raise NotFound
    if not folder.is_dir():
        raise NotFound("Not installed: run `npm ci` where package.json lies.")
    # Asked for again each time, so that an upgrade never mixes an old script with a new wasm.
    return send_from_directory(folder, name, max_age=0)
