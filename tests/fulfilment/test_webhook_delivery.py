"""Messages reach the partner signed, are tried again by the schedule, and every try is kept."""

import json
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook

from app import clock
from app.installation import Installation
from app.jobs.loop import claim, do, do_due
from app.jobs.models import DONE, DUE, GIVEN_UP, Job
from app.programme.applying import ready
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from tests.fulfilment.conftest import Redeem
from tests.fulfilment.partner_server import PartnerServer

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def lay_down(installation: Installation, redeem: Redeem) -> None:
    """Redeems a voucher and has its message written."""
    redeem()
    while do_due(installation, "worker"):
        pass


def deliver(installation: Installation) -> int:
    return do_due(installation, "webhooks")


def job(installation: Installation) -> Job:
    with installation.reading() as session:
        return session.scalars(select(Job).where(Job.lane == "webhooks")).one()


def attempts(installation: Installation) -> list[WebhookAttempt]:
    with installation.reading() as session:
        return list(session.scalars(select(WebhookAttempt).order_by(WebhookAttempt.number)))


def secret(installation: Installation) -> str:
    with installation.reading() as session:
        return session.scalars(select(WebhookEndpoint.secret)).one()


def test_message_is_verified_by_the_reference_library(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    lay_down(installation, redeem)
    assert deliver(installation) == 1
    told = Webhook(secret(installation)).verify(partner.bodies[0], partner.headers[0])
    with installation.reading() as session:
        order = session.scalars(select(FulfilmentOrder)).one()
        message = session.scalars(select(WebhookMessage)).one()
    assert told["type"] == "order.created"
    assert told["data"] == {
        "order_id": order.id,
        "redemption": str(order.redemption),
        "voucher": order.voucher,
        "perk": {"key": "pin", "name": "Lantern pin “Moth”"},
        "uses": 1,
        "station": "popup",
        "state": "requested",
        "created_at": clock.as_text(order.created_at),
    }
    assert datetime.fromisoformat(told["timestamp"]).tzinfo is not None
    assert partner.bodies[0].decode() == message.body
    assert partner.ids == [message.id]
    assert partner.headers[0]["content-type"] == "application/json"
    assert partner.headers[0]["user-agent"] == "Keepsake/0.1.0"


def test_success_is_kept_and_the_job_is_done(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [204]
    lay_down(installation, redeem)
    deliver(installation)
    [attempt] = attempts(installation)
    assert (attempt.number, attempt.status, attempt.error) == (1, 204, None)
    assert job(installation).state == DONE
    assert deliver(installation) == 0


def test_a_partner_that_is_away_is_named_and_tried_again_later(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.close()
    with clock.standing_at(START):
        lay_down(installation, redeem)
        deliver(installation)
        assert deliver(installation) == 0
    [attempt] = attempts(installation)
    sentence = "The partner Pinworks cannot be reached: connection refused."
    assert (attempt.status, attempt.error) == (None, sentence)
    waiting = job(installation)
    assert (waiting.state, waiting.last_error) == (DUE, sentence)
    assert timedelta(seconds=4) <= waiting.run_at - START <= timedelta(seconds=6)


def test_500_then_200_keeps_the_id_and_signs_the_new_time(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [500, 200]
    with clock.standing_at(START):
        lay_down(installation, redeem)
        deliver(installation)
    assert job(installation).last_error == "The partner Pinworks answered 500."
    with clock.standing_at(START + timedelta(seconds=10)):
        assert deliver(installation) == 1
    assert len(set(partner.ids)) == 1
    assert partner.bodies[0] == partner.bodies[1]
    times = [int(headers["webhook-timestamp"]) for headers in partner.headers]
    assert times[1] - times[0] == 10
    kept = [(one.number, one.status) for one in attempts(installation)]
    assert kept == [(1, 500), (2, 200)]
    assert (job(installation).state, job(installation).last_error) == (DONE, None)


def test_410_gives_the_message_up(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [410]
    lay_down(installation, redeem)
    deliver(installation)
    given_up = job(installation)
    assert given_up.state == GIVEN_UP
    assert given_up.last_error == "The partner Pinworks answered 410."
    assert [one.status for one in attempts(installation)] == [410]


def test_the_tenth_failure_is_the_last(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [503] * 20
    with clock.standing_at(START):
        lay_down(installation, redeem)
    moment = START
    for _ in range(20):
        with clock.standing_at(moment):
            deliver(installation)
        moment = max(moment, job(installation).run_at)
    assert [one.number for one in attempts(installation)] == list(range(1, 11))
    assert job(installation).state == GIVEN_UP
    # 75 h 35 min by the plan, give or take a fifth.
    lasted = attempts(installation)[-1].at - START
    assert timedelta(hours=60) < lasted < timedelta(hours=91)


@pytest.mark.parametrize(("asked", "granted"), [("8", 8), ("3600", 10), ("1", 5)])
def test_retry_after_is_obeyed_from_the_planned_pause_to_twice_it(
    installation: Installation, partner: PartnerServer, redeem: Redeem, asked: str, granted: int
) -> None:
    partner.answers = [(429, {"Retry-After": asked})]
    with clock.standing_at(START):
        lay_down(installation, redeem)
        deliver(installation)
    assert job(installation).run_at - START == timedelta(seconds=granted)


def test_a_redirect_is_not_followed(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [(307, {"Location": partner.url})]
    lay_down(installation, redeem)
    deliver(installation)
    assert len(partner.bodies) == 1
    assert job(installation).last_error == "The partner Pinworks answered 307."


def test_delivery_starts_under_a_fresh_lease(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    with clock.standing_at(START):
        lay_down(installation, redeem)
        [late] = claim(installation, "webhooks")
    with clock.standing_at(START + timedelta(minutes=2)):
        # Another one took it over while the first was busy with its batch.
        deliver(installation)
        assert do(installation, late) is False
    assert len(partner.bodies) == 1


def test_messages_of_one_order_wait_for_each_other(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    partner.answers = [500]
    with clock.standing_at(START):
        lay_down(installation, redeem)
        lay_down(installation, redeem)
        with installation.unit_of_work() as session:
            # As if the second message told what became of the first's order.
            first = session.scalars(
                select(Job.order_key).where(Job.lane == "webhooks").order_by(Job.id).limit(1)
            ).one()
            session.execute(update(Job).where(Job.lane == "webhooks").values(order_key=first))
        assert deliver(installation) == 1
        assert deliver(installation) == 0


def test_a_withdrawn_partner_is_no_longer_told(
    installation: Installation, partner: PartnerServer, redeem: Redeem, programme_file: Path
) -> None:
    lay_down(installation, redeem)
    text = programme_file.read_text("utf-8").replace('partner = "pinworks"\n', "")
    programme_file.write_text(text.partition("[partners.")[0], "utf-8")
    ready(installation)
    deliver(installation)
    assert partner.bodies == []
    assert job(installation).last_error == "The partner Pinworks is no longer in the programme."


def test_the_secret_is_in_no_log(
    installation: Installation,
    partner: PartnerServer,
    redeem: Redeem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    partner.answers = [500, 200]
    lay_down(installation, redeem)
    deliver(installation)
    assert secret(installation) not in caplog.text
    assert secret(installation).removeprefix("whsec_") not in caplog.text


def test_neither_member_nor_code_is_told(
    installation: Installation, partner: PartnerServer, redeem: Redeem
) -> None:
    lay_down(installation, redeem)
    deliver(installation)
    assert b"Mia" not in partner.bodies[0]
    assert set(json.loads(partner.bodies[0])["data"]) == {
        "order_id", "redemption", "voucher", "perk", "uses", "station", "state", "created_at"
    }  # fmt: skip
