"""What stands around every page of the organisers': whose console, the menu, who is signed in."""

from dataclasses import dataclass
from typing import cast
from zoneinfo import ZoneInfo

from flask import g, request, url_for

from app.communities.models import Community
from app.console.panels import Panel, standing
from app.http import caller, installation

OVERVIEW = "console.overview"


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu."""

    title: str
    address: str
    here: str = ""
    """What `aria-current` says: `page`, or `true` on the other pages of the same matter."""


@dataclass(frozen=True)
class Frame:
    """The frame of the page that is asked for."""

    community: Community
    zone: ZoneInfo
    menu: list[MenuEntry]
    signed_in_as: str


def frame() -> Frame:
    """The frame for the organiser who asks; put together once a request."""
    if "frame" not in g:
        g.frame = _put_together()
    return cast(Frame, g.frame)


def _put_together() -> Frame:
    who = caller()
    with installation().reading() as session:
        community = session.get_one(Community, who.community_id)
        panels = standing(session, installation().plugins.panels, community.id)
    overview = MenuEntry("Overview", url_for(OVERVIEW), _here(OVERVIEW, alone=True))
    menu = [overview, *(_entry(panel) for panel in panels)]
    return Frame(community, ZoneInfo(community.timezone), menu, str(who.about or "organiser"))


def _entry(panel: Panel) -> MenuEntry:
    if panel.page is None:
        return MenuEntry(panel.title, f"{url_for(OVERVIEW)}#panel-{panel.name}")
    return MenuEntry(panel.title, url_for(panel.page), _here(panel.page))


def _here(endpoint: str, *, alone: bool = False) -> str:
    if request.endpoint == endpoint:
        return "page"
    is_of_it = request.blueprint == endpoint.rpartition(".")[0]
    return "true" if is_of_it and not alone else ""
