"""`/api/v1/links`: codes that platforms show to their people, and those that they enter there."""

from typing import Annotated, Any, Required

from flask import Blueprint, Response, jsonify
from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from app import clock
from app.achievements.linking import joining
from app.activity.formats import faults
from app.activity.formats.cloudevents import DisplayName
from app.activity.formats.ndjson import Identifier
from app.activity.sources.keys import keeping
from app.activity.sources.keys.keeping import Sender
from app.clock import as_text
from app.communities.linking import codes
from app.communities.linking.codes import Account
from app.http import BadRequest, admits, caller, installation, json_body

blueprint = Blueprint("links", __name__, url_prefix="/api/v1/links")


@with_config(ConfigDict(extra="forbid"))
class Asked(TypedDict, total=False):
    """Whom it is about: what the source calls them, as in events' `subject`."""

    member: Required[Identifier]
    member_name: DisplayName | None


@with_config(ConfigDict(extra="forbid"))
class Confirmed(Asked):
    """And what they entered there."""

    code: Required[Annotated[str, StringConstraints(min_length=1, max_length=40)]]


_read_asked, _read_confirmed = TypeAdapter(Asked), TypeAdapter(Confirmed)


@blueprint.post("")
@admits("source")
def show_code() -> tuple[Response, int]:
    """A code for who has an account there to enter here, within a quarter of an hour, once."""
    sender: Sender = caller().about
    asked, now = _body(_read_asked), clock.now()
    with installation().unit_of_work() as session:
        keeping.admit(session, sender, now=now)
        account = _account(sender, asked)
        shown = codes.for_account(session, sender.community_id, account, now=now)
    answer = jsonify(code=shown.in_parts, expires_at=as_text(shown.until))
    answer.headers["Cache-Control"] = "no-store"
    return answer, 201


@blueprint.post("/confirm")
@admits("source")
def confirm() -> Response:
    """Links an account there to who was shown this code here."""
    sender: Sender = caller().about
    asked = _body(_read_confirmed)
    linked = joining.enter_elsewhere(
        installation(),
        sender.community_id,
        _account(sender, asked),
        asked["code"],
        lambda session, now: keeping.admit(session, sender, now=now),
    )
    return jsonify(linked=True, was_linked=linked.was_linked)


def _account(sender: Sender, asked: Any) -> Account:
    return Account(sender.source, asked["member"], asked.get("member_name"))


def _body(adapter: TypeAdapter[Any]) -> Any:
    try:
        return adapter.validate_python(json_body())
    except ValidationError as error:
        key, _, said = faults.first_of(error)
        raise BadRequest(f"Key {key}: {said}." if key else f"The body: {said}.") from error
