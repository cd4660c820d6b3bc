"""The programme's section `[items.KEY]`: what lies in stock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.settings import CommunitySection
from app.programme.sections import Key, Name, NamedTables, Programme, Table
from app.stock.models import StockLevel


class ItemSettings(Table):
    """`[items.KEY]`: something of which there are only so many."""

    name: Name
    variants: tuple[Key, ...] = ()
    """Sizes or colours, each counted by itself."""
    low: Annotated[int, Field(ge=0, le=1_000_000)] | None = None
    """From how many free ones down, in one place, organisers are told."""


class ItemsSection(NamedTables[ItemSettings]):
    """`[items.KEY]`."""

    def __init__(self) -> None:
        super().__init__("items", ItemSettings)

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Makes a level for each variant in each station; none is ever taken away."""
        community_id = CommunitySection().id_of(session, programme)
        levels = {
            (level.item, level.variant, level.place): level
            for level in session.scalars(
                select(StockLevel).where(StockLevel.community_id == community_id)
            )
        }
        for key, low in self._wanted(programme):
            level = levels.get(key)
            if level is None:
                item, variant, place = key
                level = StockLevel(community_id=community_id, on_hand=0)
                level.item, level.variant, level.place = item, variant, place
                session.add(level)
            level.low = low
        session.flush()

    def _wanted(self, programme: Programme) -> Iterable[tuple[tuple[str, str, str], int | None]]:
        for item, settings in self.of(programme).items():
            for variant in settings.variants or ("",):
                for place in programme["stations"]:
                    yield (item, variant, place), settings.low
