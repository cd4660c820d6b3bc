"""Pages with forms: what a form comes to, and the page again where something refuses it."""

from collections.abc import Callable
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.console.frame import frame
from app.http import caller, installation
from app.refusals import Refused

Change = Callable[[Session, int, dict[str, Any]], Any]
"""What a form asks for: in a transaction, in this community, with `actor` and `now`."""
Page = Callable[[str], str]
"""The page with a complaint, which may be empty."""


def answer(
    change: Change,
    page: Page,
    endpoint: str,
    shown: Callable[[Any], AnyResponse | None] = lambda _made: None,
) -> AnyResponse:
    """Does what a form asks for and leads to the page at `endpoint`, or to what is `shown` of it.

    What refuses it is told on the page.
    """
    ours, how = frame().community.id, {"actor": caller().actor, "now": clock.now()}
    try:
        with installation().unit_of_work() as session:
            made = change(session, ours, how)
    except Refused as refused:
        return refusal(refused, page)
    return shown(made) or redirect(url_for(endpoint), 303)


def refusal(refused: Refused, page: Page) -> AnyResponse:
    """The page with what refused a form."""
    return Response(page(str(refused)), refused.status)


def render(template: str, complaint: str, **content: Any) -> str:
    """The page, with what was typed still in its forms, or what a link fills in."""
    return render_template(
        template,
        **content,
        complaint=complaint,
        typed=request.form or request.args,
        zone=frame().zone,
        now=clock.now(),
    )
