"""The programme's sections `[community]` and `[stations.…]`."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.communities import hours, quiet, zones
from app.communities.models import Community, Station
from app.programme.sections import Colour, Day, Key, Name, NamedTables, Programme, Table


def _known_zone(name: str) -> str:
    if not zones.is_zone(name):
        raise ValueError(f"{name} is not a time zone, such as Europe/Berlin")
    return name


def _readable(lines: tuple[str, ...]) -> tuple[str, ...]:
    hours.read(lines)
    return lines


def _quiet(hours: str) -> str:
    quiet.read(hours)
    return hours


QuietHours = Annotated[str, AfterValidator(_quiet)]
"""As `app.communities.quiet` reads them."""

HoursLines = Annotated[tuple[str, ...], AfterValidator(_readable)]
"""As `app.communities.hours` reads them."""

Zone = Annotated[str, AfterValidator(_known_zone)]
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(9999, 1, 1, tzinfo=UTC)
RedeemedWhen = Literal["scanned", "confirmed"]
GuildId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


class CommunitySettings(Table):
    """`[community]`: whose programme this is."""

    key: Key
    name: Name
    timezone: Zone = "UTC"
    primary: Colour = "#4338CA"
    accent: Colour = "#F59E0B"
    guilds: tuple[GuildId, ...] = ()
    """Ids of its Discord servers; none named means every server that the bot is in."""
    quiet_hours: QuietHours = quiet.USUAL
    """When nobody is reminded of anything."""
    deleted_within_minutes: Annotated[int, Field(ge=0, le=1440)] = 10
    """A message that is deleted so soon after it was written does not count; 0: it always does."""
    event_minutes: Annotated[int, Field(ge=1, le=240)] = 5
    """So many minutes in its channel make somebody one who attended an event there."""
    external_events: bool = True
    """Whether an event elsewhere counts for who said that they come: Discord knows no more."""
    avatars: bool = True
    """Whether desks are shown members' pictures; if not, none is collected."""


class StationSettings(Table):
    """`[stations.KEY]`: where vouchers are redeemed."""

    name: Name
    timezone: Zone | None = None
    """The community's zone unless given."""
    address: str | None = None
    hours: HoursLines | None = None
    """When it is open; always unless given."""
    closed: HoursLines = ()
    """When it is not, whatever its hours say."""
    offline_allowance: Annotated[int, Field(ge=0, le=10_000)] = 200
    """How many hand-overs each of its devices may make without a network."""
    offline_hours: Annotated[int, Field(ge=1, le=24 * 7)] = 12
    """For how long after it last heard from the server: a week at most, as keys are kept for eight
    days after the end of what they signed."""
    redeemed_when: RedeemedWhen = "scanned"
    """Whether a scan redeems at once, or staff say afterwards whether it was handed over."""
    operators: Literal["optional", "required"] = "optional"
    """Whether somebody has to be signed in on a device before it scans."""


class CommunitySection:
    """`[community]`, the one section that every programme must have."""

    name = "community"

    def validate(self, content: Any) -> CommunitySettings:
        """The table; raises pydantic's `ValidationError`."""
        return CommunitySettings.model_validate(content or {})

    def is_applied(self, session: Session, programme: Programme) -> bool:
        """It is."""
        return True

    def windows(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Counts nothing."""
        return ()

    def metrics(self, programme: Programme) -> Mapping[str, Any]:
        """Implies none."""
        return {}

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Nothing in it depends on other sections."""
        return ()

    def id_of(self, session: Session, programme: Programme) -> int | None:
        """The id of the community that this programme is for, if it stands in the database."""
        return session.scalar(select(Community.id).where(Community.key == programme[self.name].key))

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Makes the community, or brings what is said of it up to the programme."""
        settings: CommunitySettings = programme[self.name]
        community = session.scalar(select(Community).where(Community.key == settings.key))
        if community is None:
            community = Community(key=settings.key)
            session.add(community)
        community.name, community.timezone = settings.name, settings.timezone
        community.primary_colour, community.accent_colour = settings.primary, settings.accent
        community.quiet_hours = settings.quiet_hours
        session.flush()


class StationsSection(NamedTables[StationSettings]):
    """`[stations.KEY]`."""

    def __init__(self) -> None:
        super().__init__("stations", StationSettings)

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Makes and renames stations; one that is no longer named is withdrawn, never deleted."""
        community = session.scalars(
            select(Community).where(Community.key == programme["community"].key)
        ).one()
        wanted = self.of(programme)
        known = {
            station.key: station
            for station in session.scalars(
                select(Station).where(Station.community_id == community.id)
            )
        }
        for key, settings in wanted.items():
            station = known.get(key)
            if station is None:
                station = Station(community_id=community.id, key=key)
                session.add(station)
            station.name, station.address = settings.name, settings.address
            station.timezone = settings.timezone or community.timezone
            station.hours = list(settings.hours) if settings.hours is not None else None
            station.closed = list(settings.closed)
            station.offline_allowance = settings.offline_allowance
            station.offline_hours = settings.offline_hours
            station.redeemed_when = settings.redeemed_when
            station.operators_required = settings.operators == "required"
            station.withdrawn_at = None
        session.flush()
        session.execute(
            update(Station)
            .where(Station.community_id == community.id, Station.key.not_in(list(wanted)))
            .where(Station.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )


class SeasonSettings(Table):
    """`[seasons.KEY]`: a time that is looked at by itself, from a day to a day, both in it."""

    name: Name
    begins: Day
    ends: Day

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("a season ends on the day it begins, or later")
        return self


class SeasonsSection(NamedTables[SeasonSettings]):
    """`[seasons.KEY]`."""

    def __init__(self) -> None:
        super().__init__("seasons", SeasonSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """No day is in two seasons."""
        seasons = sorted(self.of(programme).items(), key=lambda one: one[1].begins)
        for (_, first), (key, second) in itertools.pairwise(seasons):
            if second.begins <= first.ends:
                yield key, f"key begins: {first.name} ends on {first.ends} only"


def season_of(programme: Programme, moment: datetime) -> tuple[datetime, datetime] | None:
    """The season that a moment lies in, or the time between two: from its start to its end.

    In the community's zone; None where the programme has no seasons.
    """
    zone = ZoneInfo(programme["community"].timezone)
    seasons: dict[str, SeasonSettings] = programme["seasons"]
    if not seasons:
        return None
    cuts = sorted(
        datetime.combine(day, time(), zone)
        for season in seasons.values()
        for day in (season.begins, season.ends + timedelta(days=1))
    )
    begins = max((cut for cut in cuts if cut <= moment), default=FIRST_MOMENT)
    return begins, min((cut for cut in cuts if cut > moment), default=LAST_MOMENT)
