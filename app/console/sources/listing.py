"""What organisers see of each source: what it may send, what came of it, and its keys."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.intake import figures
from app.activity.intake.batches import DUPLICATE
from app.activity.intake.figures import Refusals
from app.activity.sources import gaps
from app.activity.sources.declared import SourceSettings
from app.activity.sources.keys import listing as keys
from app.activity.sources.keys.listing import WorkingKey
from app.activity.sources.models import Gap, Source
from app.communities.linking import counting
from app.communities.linking.counting import LinkedAccount
from app.communities.members import OUR_OWN
from app.programme.applying import current

MOST_LINKED = 100
REASONS = {
    "bot": "written by a bot",
    "future": "its time lies in the future",
    "too_old": "its time lies before there were communities",
    "kind_is_a_metric": "its kind is the name of a metric",
    "channel_ignored": "in a channel that does not count",
    "kind_not_allowed": "of a kind that it may not send",
    "wrong_source": "it names another source",
    "missing_field": "an attribute was missing",
    "unknown_key": "with an attribute that is not known",
    "bad_value": "with a value that cannot be",
    "not_json": "its data was no JSON",
    "not_an_object": "it was no JSON object",
}
OWN_NAMES = {"discord": "Discord", "sample": "Sample"}


@dataclass(frozen=True)
class SourceShown:
    """A source, as organisers see it."""

    key: str
    name: str
    settings: SourceSettings | None
    """None where the programme does not name it: our own ones, imports, and what was withdrawn."""
    kinds: dict[str, int]
    """What was taken in and stands, by kind; also kinds of which there is nothing yet."""
    refused: Sequence[Refusals] = ()
    duplicates: int = 0
    heard_at: datetime | None = None
    newest_at: datetime | None = None
    keys: Sequence[WorkingKey] = ()
    linked: int = 0
    accounts: Sequence[LinkedAccount] = ()
    gaps: Sequence[Gap] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        """Whether our own collectors and commands bring it in."""
        return self.settings is None and not self.keys

    @property
    def counted(self) -> int:
        """How many events were taken in and stand."""
        return sum(self.kinds.values())

    @property
    def refusals(self) -> int:
        """How many were refused."""
        return sum(one.events for one in self.refused)


def sources(session: Session, community_id: int, *, now: datetime) -> list[SourceShown]:
    """Those of the programme in its order, then all others of which anything is known."""
    declared: dict[str, SourceSettings] = current(session, community_id)["sources"]
    known = _Known(session, community_id, now)
    every = {**dict.fromkeys(declared), **dict.fromkeys(known.names())}
    return [known.of(key, declared.get(key)) for key in every]


class _Known:
    """All that is known of a community's sources, asked at once."""

    def __init__(self, session: Session, community_id: int, now: datetime):
        self._session, self._community_id = session, community_id
        self.taken = figures.taken_in(session, community_id)
        self.refused = figures.refused(session, community_id)
        self.keys = keys.working(session, community_id, now=now)
        self.linked = counting.linked(session, community_id)
        rows = session.scalars(select(Source).where(Source.community_id == community_id))
        self.heard: dict[str, Any] = {row.source: row for row in rows}
        self.gaps = gaps.gaps_in(session, community_id, None, None)

    def names(self) -> list[str]:
        """Of which anything is known, our own first."""
        found = {*self.taken, *self.refused, *self.keys, *self.linked, *self.heard}
        return sorted(found, key=lambda name: (name not in OUR_OWN, name))

    def of(self, key: str, settings: SourceSettings | None) -> SourceShown:
        """One source."""
        heard, refused = self.heard.get(key), self.refused.get(key, [])
        linked = self.linked.get(key, 0)
        session, community_id = self._session, self._community_id
        return SourceShown(
            key,
            settings.name if settings else OWN_NAMES.get(key, key),
            settings,
            dict.fromkeys(settings.kinds if settings else (), 0) | self.taken.get(key, {}),
            [one for one in refused if one.reason != DUPLICATE],
            figures.duplicates(refused),
            heard.heard_at if heard else None,
            heard.newest_at if heard else None,
            self.keys.get(key, ()),
            linked,
            counting.of_source(session, community_id, key, limit=MOST_LINKED) if linked else (),
            [gap for gap in self.gaps if gap.source == key],
        )
