"""The programme's section `[partners.KEY]`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.communities.settings import CommunitySection
from app.programme.sections import Name, NamedTables, Programme, Table
from fulfilment.partners.addresses import checked
from fulfilment.partners.models import HOUSE, Partner


class PartnerSettings(Table):
    """`[partners.KEY]`: who makes a perk, and where they are told of orders."""

    name: Name
    webhook_url: Annotated[str, AfterValidator(checked)]
    """HTTPS; `{public_url}` at its beginning stands for this installation's own address."""


class PartnersSection(NamedTables[PartnerSettings]):
    """`[partners.KEY]`: the partners themselves; `webhooks` adds what is sent to them."""

    def __init__(self) -> None:
        super().__init__("partners", PartnerSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Every partner that a perk names is in the programme."""
        partners = self.of(programme)
        for key, perk in programme.get("perks", {}).items():
            if perk.partner is not None and perk.partner not in partners:
                yield perk.partner, f"this table is missing; key partner of [perks.{key}] names it"

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Makes and renames partners; one that is no longer named is withdrawn, never deleted."""
        community_id = CommunitySection().id_of(session, programme)
        known = {
            partner.key: partner
            for partner in session.scalars(
                select(Partner).where(Partner.community_id == community_id)
            )
        }
        wanted = self.of(programme)
        for key, settings in wanted.items():
            partner = known.get(key)
            if partner is None:
                partner = Partner(community_id=community_id, key=key, created_at=now)
                session.add(partner)
            partner.name, partner.withdrawn_at = settings.name, None
        session.flush()
        session.execute(
            update(Partner)
            .where(Partner.community_id == community_id, Partner.key.not_in([HOUSE, *wanted]))
            .where(Partner.withdrawn_at.is_(None))
            .values(withdrawn_at=now)
        )
