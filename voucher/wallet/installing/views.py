"""What a phone needs to keep the wallet like an app: manifest, service worker, scripts, icons."""

from pathlib import Path

from flask import Blueprint, send_from_directory
from werkzeug.wrappers import Response as AnyResponse

from app.http import admits

STATIC = Path(__file__).resolve().parent.parent / "static"

blueprint = Blueprint("wallet_files", __name__, url_prefix="/wallet")


@blueprint.get("/manifest.webmanifest")
@admits("anybody")
def manifest() -> AnyResponse:
    """What makes the wallet installable."""
    kind = "application/manifest+json"
    return send_from_directory(STATIC, "manifest.webmanifest", mimetype=kind, max_age=0)


@blueprint.get("/worker.js")
@admits("anybody")
def worker() -> AnyResponse:
    """The service worker; it lies here because it may serve what lies below, and nothing else."""
    return send_from_directory(STATIC, "worker.js", max_age=0)


@blueprint.get("/static/<path:name>")
@admits("anybody")
def static(name: str) -> AnyResponse:
    """The wallet's own scripts, styles and icons."""
    return send_from_directory(STATIC, name, max_age=0)
