"""The programme's section `[perks.KEY]`, and the reward channel that gives one."""

import logging
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.communities.settings import CommunitySection, HoursLines, RedeemedWhen
from app.config import Settings
from app.programme.sections import Key, Name, NamedTables, Programme, Table
from app.refusals import Refused
from voucher.perks.models import PICKUP, Perk
from voucher.perks.pictures import path_of

Line = Annotated[str, Field(min_length=1, max_length=120)]
Moment = Annotated[
    AwareDatetime, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))
]
"""A date and time with its offset, as TOML writes them: `2026-12-05T10:00:00+01:00`."""

log = logging.getLogger(__name__)

SAME = (
    "name",
    "kind",
    "hand_over",
    "redeemed_when",
    "coupon",
    "staff_note",
    "identity",
    "minimum_age",
    "live",
    "window_hours",
    "window_starts",
    "fixed_from",
    "fixed_until",
    "window_policy",
    "missed",
    "uses",
    "item",
    "stock_taken",
    "partner",
    "offline",
)
"""What a perk's row says in the settings' own words."""


class UnknownPerk(Refused):
    """The programme has no such perk."""

    code = "unknown_perk"
    status = 404


class ContentSettings(Table):
    """One kind of thing in what is fetched."""

    item: Line
    variant: Annotated[str, Field(max_length=40)] = ""
    quantity: Annotated[int, Field(ge=1, le=100)] = 1


class PerkSettings(Table):
    """`[perks.KEY]`: what a voucher is for."""

    name: Name
    kind: Literal["item", "pickup", "priority_entry", "early_access", "discount"] = "item"
    hand_over: Line | None = None
    redeemed_when: RedeemedWhen | None = None
    """`confirmed`: it is kept for two minutes while staff hand it over, and counts once they say
    so. As the station says unless given."""
    contents: Annotated[tuple[ContentSettings, ...], Field(max_length=20)] = ()
    """What is fetched of a pickup, where it is not the perk itself."""
    coupon: Line | None = None
    """What a discount shows to the shop."""
    picture: Path | None = None
    staff_note: Annotated[str, Field(max_length=200)] | None = None
    identity: bool = False
    """Whether staff must confirm who stands there."""
    minimum_age: Annotated[int, Field(ge=1, le=99)] | None = None
    live: bool = False
    """Whether a picture is not enough: only the wallet page's changing code is."""
    window_hours: Annotated[int, Field(ge=1, le=24 * 366)] = 72
    window_starts: Literal["issue", "opening"] = "issue"
    """Whether the window begins at once, or when one of its stations opens next."""
    fixed_from: Moment | None = None
    fixed_until: Moment | None = None
    """Dates that are the same for every voucher, in place of hours from issue."""
    window_policy: Literal["stretch", "refuse"] = "stretch"
    """What becomes of a window in which no station opens."""
    missed: Literal["lost", "ask", "renew"] = "ask"
    """What a member can do who missed the window: nothing, ask an organiser, renew it once."""
    reminders: Annotated[
        tuple[Annotated[int, Field(ge=1, le=24 * 7)], ...], Field(max_length=4)
    ] = (
        24,
        2,
    )
    """How many hours before a voucher's end its member is reminded of it."""
    closed: HoursLines = ()
    """When no station hands it over."""
    uses: Annotated[int, Field(ge=1, le=1000)] = 1
    """How often one voucher can be redeemed: three for a drink card. Those issued keep theirs."""
    stations: tuple[Key, ...] | None = None
    item: Key | None = None
    """What of the stock it is; without it there is no end of it."""
    variant: Key | None = None
    stock_taken: Literal["issue", "redemption"] = "issue"
    """Whether one is promised with each voucher, or who comes first is served."""
    limit: Annotated[int, Field(ge=1, le=1000)] | None = None
    """How many a member gets each season, or ever where the programme has none."""
    partner: Key | None = None
    offline: bool = True
    """Whether a kiosk without a network may hand it over."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.kind == "discount") != (self.coupon is not None):
            raise ValueError("kind discount and coupon come together")
        if self.contents and self.kind != PICKUP:
            raise ValueError("contents are for kind pickup")
        if (self.fixed_from is None) != (self.fixed_until is None):
            raise ValueError("fixed_from and fixed_until come together")
        if self.fixed_from is None or self.fixed_until is None:
            return self
        if self.fixed_until <= self.fixed_from:
            raise ValueError("fixed_until must be later than fixed_from")
        if {"window_hours", "window_starts"} & self.model_fields_set:
            raise ValueError("fixed dates leave nothing for window_hours and window_starts to say")
        return self


class PerksSection(NamedTables[PerkSettings]):
    """`[perks.KEY]`."""

    def __init__(self) -> None:
        super().__init__("perks", PerkSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Every station and item that a perk names is in the programme."""
        for key, settings in self.of(programme).items():
            for station in settings.stations or ():
                if station not in programme["stations"]:
                    yield key, f"key stations: there is no [stations.{station}]"
            if sentence := _wrong_item(settings, programme):
                yield key, sentence

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
            _tell_missing(session.info["settings"], key, settings.picture)
            session.flush()
        session.execute(
            update(Perk)
            .where(Perk.community_id == community_id, Perk.key.not_in(list(wanted)))
            .where(Perk.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )


def perk(session: Session, community_id: int, key: str) -> Perk:
    """The perk of this key, unless it was withdrawn; raises `UnknownPerk`."""
    found = perk_ever(session, community_id, key)
    if found.withdrawn_at is not None:
        raise UnknownPerk(f"The programme has no perk {key} any more.")
    return found


def perk_ever(session: Session, community_id: int, key: str) -> Perk:
    """The perk of this key, withdrawn or not; raises `UnknownPerk` where there never was one."""
    found = session.scalar(select(Perk).where(Perk.community_id == community_id, Perk.key == key))
    if found is None:
        raise UnknownPerk(f"The programme has no perk {key}.")
    return found


def _wrong_item(settings: PerkSettings, programme: Programme) -> str | None:
    if settings.item is None:
        return "key variant: it is of no item" if settings.variant else None
    item = programme["items"].get(settings.item)
    if item is None:
        return f"key item: there is no [items.{settings.item}]"
    if (settings.variant or "") in (item.variants or ("",)):
        return None
    known = ", ".join(item.variants) or "none"
    return f"key variant: [items.{settings.item}] has these variants: {known}"


def _next_number(session: Session) -> int:
    # Rows are never deleted, so the highest number is the last one given out.
    return (session.scalar(select(func.max(Perk.number))) or 0) + 1


def _bring_up(perk: Perk, settings: PerkSettings) -> None:
    for name in SAME:
        setattr(perk, name, getattr(settings, name))
    perk.closed = list(settings.closed)
    perk.contents = [one.model_dump() for one in settings.contents] or None
    perk.reminders = list(settings.reminders)
    perk.stations = list(settings.stations) if settings.stations is not None else None
    perk.picture = str(settings.picture) if settings.picture is not None else None
    perk.variant, perk.member_limit = settings.variant or "", settings.limit
    perk.withdrawn_at = None


def _tell_missing(installed: Settings, key: str, picture: Path | None) -> None:
    if picture is not None and not path_of(installed, picture).is_file():
        log.warning("The picture %s of perk %s is missing.", picture, key)
