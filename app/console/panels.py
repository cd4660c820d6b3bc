"""What packages hand over for the overview: panels, each with its numbers and its template."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

Content = Callable[[Session, int, datetime], Mapping[str, Any]]
"""(session, community id, now) → what the panel's template shows, as `content`."""


@dataclass(frozen=True)
class Panel:
    """A part of the organisers' overview. Packages append theirs to `plugins.panels`.

    `content` is asked every few seconds for each organiser who looks, so it counts with a few
    indexed queries and hands out plain values. The template sees `content`, `zone` and `now`.
    """

    name: str
    """Unique, and safe in an address: the panel is `#panel-NAME` on the overview."""
    title: str
    order: int
    """Panels stand by ascending order; those of `app` and `voucher` leave tens between them."""
    template: str
    content: Content
    wide: bool = False
    """Whether it takes the whole width of a large screen."""
    page: str | None = None
    """The endpoint of a page of its own, where there is one: title and menu lead there."""
    stands: Callable[[Session, int], bool] = lambda _session, _community_id: True
    """(session, community id) → whether this community has it at all."""


@dataclass(frozen=True)
class Shown:
    """A panel with its content at a moment."""

    panel: Panel
    content: Mapping[str, Any]


def standing(session: Session, panels: Iterable[Panel], community_id: int) -> list[Panel]:
    """The panels that a community has, as they stand on the page and in the menu."""
    there = [panel for panel in panels if panel.stands(session, community_id)]
    return sorted(there, key=lambda panel: (panel.order, panel.name))


def filled(
    session: Session, panels: Iterable[Panel], community_id: int, now: datetime
) -> list[Shown]:
    """Every panel with its content, in order, all from one state of the record."""
    return [
        Shown(panel, panel.content(session, community_id, now))
        for panel in standing(session, panels, community_id)
    ]
