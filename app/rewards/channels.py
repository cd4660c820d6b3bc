"""Reward channels: what a grant gives. Each is a strategy that a package hands over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from sqlalchemy.orm import Session

from app.plugins import Plugins
from app.programme.sections import Programme


@dataclass(frozen=True)
class Reward:
    """What is due to a member for a grant."""

    community_id: int
    member_id: int
    achievement: str
    grant_id: int
    at: datetime
    """When the grant was made."""
    now: datetime
    """When it is made in fact: an import dates grants into the past."""
    settings: Any
    """The channel's own settings, as its `validate` returned them."""


class RewardChannel(Protocol):
    """One way of rewarding: a voucher, a role, a coupon."""

    name: str

    def validate(self, content: dict[str, Any]) -> Any:
        """The reward's own keys as the channel's type; raises pydantic's `ValidationError`."""

    def check(self, settings: Any, programme: Programme) -> str | None:
        """A sentence for what is wrong with the settings in this programme, or None."""

    def describe(self, settings: Any, programme: Programme) -> str:
        """What it gives, in words for members."""

    def issue_all(self, session: Session, rewards: Sequence[Reward]) -> None:
        """Gives the rewards, inside the transaction of their grants."""


def channel(plugins: Plugins, name: str) -> RewardChannel:
    """The channel of this name; raises `LookupError` with the names that are known."""
    try:
        return cast(RewardChannel, plugins.reward_channels[name])
    except KeyError:
        known = ", ".join(sorted(plugins.reward_channels)) or "none"
        raise LookupError(f"there is no reward channel {name}; known: {known}") from None
