"""The reward channel `voucher`: a grant gives a perk."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.actor import INTAKE
from app.programme.sections import Key, Programme, Table
from app.rewards.channels import Reward
from voucher.ledger.issuance.orders import Order
from voucher.ledger.issuance.owing import issue_or_owe
from voucher.perks.settings import perk_ever


class VoucherReward(Table):
    """`reward = { channel = "voucher", perk = "…" }`."""

    perk: Key


class VoucherChannel:
    """Issues a voucher for the perk that the achievement names."""

    name = "voucher"

    def validate(self, content: dict[str, Any]) -> VoucherReward:
        """The reward's keys; raises pydantic's `ValidationError`."""
        return VoucherReward.model_validate(content)

    def check(self, settings: VoucherReward, programme: Programme) -> str | None:
        """The perk must be one of the programme's."""
        if settings.perk in programme["perks"]:
            return None
        return f"there is no [perks.{settings.perk}]"

    def describe(self, settings: VoucherReward, programme: Programme) -> str:
        """The perk's name."""
        name: str = programme["perks"][settings.perk].name
        return name

    def issue_all(self, session: Session, rewards: Sequence[Reward]) -> None:
        """Issues the vouchers in the grants' transaction; what cannot be issued is owed."""
        named = {(reward.community_id, reward.settings.perk) for reward in rewards}
        perks = {pair: perk_ever(session, *pair) for pair in sorted(named)}
        orders = [
            Order(
                perks[reward.community_id, reward.settings.perk],
                reward.member_id,
                cause=f"grant:{reward.grant_id}",
                actor=INTAKE,
                at=reward.at,
                look_at=reward.now,
            )
            for reward in rewards
        ]
        issue_or_owe(session, orders)
