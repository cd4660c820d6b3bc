"""What every page and API shares: problem details, who acts, same-origin checks, headers."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, g, jsonify, render_template, request
from flask.json.provider import JSONProvider
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, NotFound

from app import json_text
from app.actor import Actor
from app.faults import sentence_of
from app.installation import Installation
from app.refusals import Refused

P = ParamSpec("P")
R = TypeVar("R")

ANYBODY, SOURCES = frozenset({"anybody"}), frozenset({"source"})


@dataclass(frozen=True)
class Caller:
    """Who makes a request: the actor that the record will name, and the roles that admit."""

    actor: Actor
    roles: frozenset[str]
    community_id: int | None = None
    by_cookie: bool = False
    """A browser sends cookies by itself, so such a caller's writes must come from our pages."""
    about: Any = None
    """What the authenticating package knows of the caller: a device, an organiser."""


NOBODY = Caller(Actor("anybody", "-"), ANYBODY)


@dataclass(frozen=True)
class Admission:
    """Which roles a view admits."""

    roles: frozenset[str] = field(default_factory=frozenset)
    rechecks: bool = False
    """The view asks again, in its own transaction, whether the caller still stands: so it may be
    told from memory who calls."""


class NotSignedIn(Refused):
    """The request names nobody who is known here."""

    code = "not_signed_in"
    status = 401


class KeyMissing(NotSignedIn):
    """A source's key is missing, or none that works."""


class NotAllowed(Refused):
    """Who asks is known, but may not do this."""

    code = "not_allowed"
    status = 403


class ForeignOrigin(NotAllowed):
    """A write came from another site's page."""

    code = "foreign_origin"


def installation() -> Installation:
    """The installation that serves the current request."""
    return cast(Installation, current_app.extensions["keepsake"])


def caller() -> Caller:
    """Who makes the current request, asked of each plugged-in authenticator once."""
    if "caller" not in g:
        g.caller = _authenticate(installation(), request)
    return cast(Caller, g.caller)


def admits(*roles: str, rechecks: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Lets a view be used by these roles alone; `anybody` for who is not signed in.

    Every route must carry it: `factory.create_app` refuses to start with one that does not.
    """
    admission = Admission(frozenset(roles), rechecks)

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            _admit(admission)
            return view(*args, **kwargs)

        guarded.admission = admission  # type: ignore[attr-defined]
        return guarded

    return decorate


def json_body() -> dict[str, Any]:
    """The request's JSON object; raises `BadRequest` for anything else."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise BadRequest("The body must be one JSON object.")
    return body


class BadRequest(Refused):
    """The request cannot be understood."""

    code = "bad_request"


class PlainJson(JSONProvider):
    """Flask's JSON by `json_text`, keys in the order that they were written in."""

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """As `json_text.to_text()`."""
        return json_text.to_text(obj)

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """As `json_text.read()`."""
        return json_text.read(s)


def set_up(app: Flask) -> None:
    """Sets the application's JSON, and adds error answers and security headers to it."""
    app.json = PlainJson(app)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_busy)
    app.after_request(_add_headers)


def problem(status: int, code: str, sentence: str, **fields: Any) -> Response:
    """RFC 9457 problem details."""
    answer = jsonify(_details(status, code, sentence, fields))
    answer.status_code = status
    answer.content_type = "application/problem+json"
    return answer


def problem_details(error: Refused) -> dict[str, Any]:
    """What `problem()` says of an error, for an answer that has several."""
    return _details(error.status, error.code, str(error), error.fields)


def _details(status: int, code: str, sentence: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "about:blank", "title": code, "status": status, "detail": sentence, **fields}


def check_origin() -> None:
    """Raises `ForeignOrigin` unless the browser says that a page of ours sent the request."""
    origin = request.headers.get("Origin")
    ours = {request.host, urlsplit(installation().settings.public_url).netloc}
    if origin is None or urlsplit(origin).netloc not in ours:
        raise ForeignOrigin("This request did not come from a page of this site.")


def _admit(admission: Admission) -> None:
    if "caller" not in g:
        g.caller = _authenticate(installation(), request, remembered=admission.rechecks)
    who = caller()
    writes = request.method not in ("GET", "HEAD", "OPTIONS")
    if writes and who.by_cookie:
        check_origin()
    if admission.roles & (who.roles | ANYBODY):
        return
    if who is NOBODY:
        if admission.roles == SOURCES:
            raise KeyMissing("This needs a source's key that works: `Authorization: Bearer KEY`.")
        raise NotSignedIn("Sign in first.")
    raise NotAllowed("This is not for you.")


def _authenticate(owner: Installation, req: Request, *, remembered: bool = False) -> Caller:
    for authenticator in owner.plugins.authenticators:
        found = authenticator(owner, req, remembered=remembered)
        if found is not None:
            return cast(Caller, found)
    return NOBODY


def wants_json() -> bool:
    """True for the API's paths and for who asks for JSON."""
    if request.path.startswith(("/api/", "/.well-known/")):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json" and request.accept_mimetypes[best] > 0


def _refused(error: Refused) -> Response:
    answer = _answer(error.status, error.code, str(error), error.fields)
    if isinstance(error, KeyMissing):
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def _http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return cast(Response, error.get_response())
    code = error.name.lower().replace(" ", "_")
    sentence = error.description or error.name
    if sentence == NotFound.description:
        sentence = "There is no page at this address."
    return _answer(error.code or 500, code, sentence, {})


def _database_busy(error: OperationalError) -> Response:
    current_app.logger.error("%s", sentence_of(error))
    return _answer(503, "database_unavailable", "The database is not available just now.", {})


def _answer(status: int, code: str, sentence: str, fields: dict[str, Any]) -> Response:
    if wants_json():
        return problem(status, code, sentence, **fields)
    page = render_template("public/refused.html", status=status, sentence=sentence)
    return Response(page, status=status)


def _add_headers(answer: Response) -> Response:
    headers = answer.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault(
        "Content-Security-Policy",
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "
        "style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'",
    )
    if answer.mimetype == "text/html":
        headers.setdefault("Cache-Control", "no-store")
    return answer
