"""`[metrics.KEY.limits]`: what of a member's activity does not count, published like the rest."""

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from app.communities import quiet
from app.programme.sections import Table

Few = Annotated[int, Field(ge=1, le=100_000)]


def _quiet(hours: str) -> str:
    quiet.read(hours)
    return hours


class BurstSettings(Table):
    """A minute far above the member's own past, and above what anybody does in a good talk."""

    times: Annotated[float, Field(ge=1.5, le=100)] = 4
    """How many times the member's usual active minute."""
    at_least: Annotated[int, Field(ge=2, le=1_000)] = 10
    """Fewer events in a minute are never a burst, and only such minutes tell what is usual."""


class ShareSettings(Table):
    """One channel's share of what the member did last."""

    share: Annotated[float, Field(gt=0, lt=1)]
    of_last: Annotated[int, Field(ge=5, le=200)] = 50
    """Of so many events before this one; with fewer before it, all channels are fine."""


class LimitSettings(Table):
    """Each limit that is named holds; an event that breaks one does not count for this metric.

    Whether it counts depends on the member's own earlier events alone, so that the order in which
    they become known does not matter: on those of the metric's kinds, but for `member_days`.
    """

    cooldown_seconds: Annotated[int, Field(ge=1, le=86_400)] | None = None
    """At least so long after the last one that counted."""
    per_hour: Few | None = None
    per_day: Few | None = None
    """At most so much in an hour or day of the community's clock."""
    minimum_length: Annotated[int, Field(ge=1, le=4_000)] | None = None
    """In characters; where the source does not say how long a text was, it is long enough."""
    repeated_hours: Annotated[int, Field(ge=1, le=168)] | None = None
    """The same text again, within so many hours after it."""
    same_member_per_day: Few | None = None
    """At most so many a day with one and the same other member, such as reactions traded."""
    own: bool = True
    """Whether what a member does with their own counts, such as reactions to own messages."""
    channel: ShareSettings | None = None
    account_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    """So old the account must be, where its id tells when it was made."""
    member_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    """So long ago the member's first event must have been, of whatever kind."""
    burst: BurstSettings | None = None
    quiet_hours: Annotated[str, AfterValidator(_quiet)] | None = None
    """When nothing counts, in the community's zone: `23:00-06:00`."""

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one limit")
        return self
