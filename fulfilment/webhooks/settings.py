"""What the programme's section `[partners.KEY]` means for webhooks."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.communities import places
from app.programme.sections import Programme
from fulfilment.partners import finding
from fulfilment.partners.settings import PartnersSection
from fulfilment.webhooks import endpoints


class PartnersWithWebhooks(PartnersSection):
    """`[partners.KEY]` with an endpoint for each; its secret is made once and then stays."""

    def apply(self, session: Session, programme: Programme, now: datetime) -> None:
        """Brings up the partners, then their endpoints."""
        super().apply(session, programme, now)
        community = places.community(session, programme["community"].key)
        for key, settings in self.of(programme).items():
            partner = finding.partner(session, community.id, key)
            endpoints.bring_up(session, partner, settings.webhook_url, now=now)
        session.flush()
