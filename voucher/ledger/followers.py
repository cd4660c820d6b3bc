"""What follows from an issued voucher: its member is told."""

from datetime import datetime

from app import clock, journal
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob
from app.notices import telling
from app.plugins import JobHandler

VOUCHER_ISSUED = "voucher_issued"


def tell_member(installation: Installation, job: ClaimedJob) -> None:
    """Lays down the notice of a voucher, unless nobody can be told or it has ended."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        telling.tell(
            session,
            fact.community_id,
            fact.data["member"],
            kind=VOUCHER_ISSUED,
            subject=fact.data["voucher"],
            not_after=datetime.fromisoformat(fact.data["valid_until"]),
            now=clock.now(),
        )


HANDLER = JobHandler("voucher.tell_member", "worker", tell_member)
