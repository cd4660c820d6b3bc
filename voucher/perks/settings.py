"""The programme's section `[perks.KEY]`, and the reward channel that gives one."""

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.communities.settings import CommunitySection, HoursLines
from app.programme.sections import Key, Name, NamedTables, Programme, Table
from app.refusals import Refused
from voucher.perks.models import Perk

log = logging.getLogger(__name__)


class UnknownPerk(Refused):
    """The programme has no such perk."""

    code = "unknown_perk"
    status = 404


class PerkSettings(Table):
    """`[perks.KEY]`: what a voucher is for."""

    name: Name
    hand_over: Annotated[str, Field(max_length=120)] | None = None
    picture: Path | None = None
    window_hours: Annotated[int, Field(ge=1, le=24 * 366)] = 72
    window_starts: Literal["issue", "opening"] = "issue"
    """Whether the window begins at once, or when one of its stations opens next."""
    closed: HoursLines = ()
    """When no station hands it over."""
    uses: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often one voucher can be redeemed: three for a drink card. Those issued keep theirs."""
    stations: tuple[Key, ...] | None = None
    partner: Key | None = None
    offline: bool = True
    """Whether a kiosk without a network may hand it over."""


class PerksSection(NamedTables[PerkSettings]):
    """`[perks.KEY]`."""

    def __init__(self) -> None:
        super().__init__("perks", PerkSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Every station that a perk names is in the programme."""
        for key, settings in self.of(programme).items():
            for station in settings.stations or ():
                if station not in programme["stations"]:
                    yield key, f"key stations: there is no [stations.{station}]"

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Makes and changes perks; one that is no longer named is withdrawn, its number kept."""
        community_id = CommunitySection().id_of(session, programme)
        known = {
            perk.key: perk
            for perk in session.scalars(select(Perk).where(Perk.community_id == community_id))
        }
        wanted = self.of(programme)
        for key, settings in wanted.items():
            perk = known.get(key)
            if perk is None:
                perk = Perk(number=_next_number(session), community_id=community_id, key=key)
                session.add(perk)
            _bring_up(perk, settings)
            session.flush()
        session.execute(
            update(Perk)
            .where(Perk.community_id == community_id, Perk.key.not_in(list(wanted)))
            .where(Perk.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )


def perk(session: Session, community_id: int, key: str) -> Perk:
    """The perk of this key, unless it was withdrawn; raises `UnknownPerk`."""
    found = session.scalar(
        select(Perk).where(
            Perk.community_id == community_id, Perk.key == key, Perk.withdrawn_at.is_(None)
        )
    )
    if found is None:
        raise UnknownPerk(f"The programme has no perk {key}.")
    return found


def _next_number(session: Session) -> int:
    # Rows are never deleted, so the highest number is the last one given out.
    return (session.scalar(select(func.max(Perk.number))) or 0) + 1


def _bring_up(perk: Perk, settings: PerkSettings) -> None:
    perk.name, perk.hand_over = settings.name, settings.hand_over
    perk.window_hours, perk.offline = settings.window_hours, settings.offline
    perk.window_starts, perk.closed = settings.window_starts, list(settings.closed)
    perk.uses = settings.uses
    perk.stations = list(settings.stations) if settings.stations is not None else None
    perk.partner, perk.withdrawn_at = settings.partner, None
    if settings.picture is not None and not settings.picture.is_file():
        log.warning("The picture %s of perk %s is missing.", settings.picture, perk.key)
