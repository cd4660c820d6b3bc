"""Scaled out: two web processes and two workers, as on two machines, on the oldest PostgreSQL."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from app.ports import wait_until_answered
from tests.support.installations import PROGRAMME
from tests.support.installed import Installed
from tests.support.postgres import PostgresServer
from tests.support.web import Partner, free_port

WITH_PARTNER = (
    PROGRAMME.replace("[perks.pin]\n", '[perks.pin]\npartner = "pinworks"\n')
    + '[partners.pinworks]\nname = "Pinworks"\nwebhook_url = "{address}"\n'
)
OLDEST = 16
VOUCHERS, SCANS = 12, 64


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Installed]:
    with PostgresServer().start(OLDEST) as server:
        found = Installed(tmp_path, server.create_database("many"))
        yield found


def test_two_machines_redeem_a_voucher_once_and_tell_the_partner_once(
    installed: Installed,
) -> None:
    partner, ports = Partner(), (free_port(), free_port())
    with ExitStack() as stack:
        address = stack.enter_context(partner.listening())
        programme = WITH_PARTNER.replace("{address}", address)
        (installed.folder / "programme.toml").write_text(programme, "utf-8")
        installed.run("migrate")
        bearer = installed.answer("devices", "add", "--station", "popup")["bearer"]
        vouchers = installed.answer(
            "vouchers", "issue", "--perk", "pin", "--member", "7", "--count", str(VOUCHERS)
        )
        for port in ports:
            stack.enter_context(installed.process("web", port))
        for _ in range(2):
            stack.enter_context(installed.process("worker", free_port()))
        assert all(wait_until_answered("127.0.0.1", port, within=60) for port in ports)
        scan = stack.enter_context(scanning(bearer, ports))
        answers = scan(
            [
                attempt(voucher["token"])
                for _ in range(SCANS // VOUCHERS + 1)
                for voucher in vouchers
            ]
        )
        redeemed = Counter(
            told["voucher"]["reference"] for told in answers if told["verdict"] == "redeemed"
        )
        assert redeemed == {voucher["reference"]: 1 for voucher in vouchers}
        assert {told["verdict"] for told in answers} == {"redeemed", "already_redeemed"}

        again = [attempt(vouchers[0]["token"], mode="check")] * 16
        told = scan(again)
        assert len({one.pop("replayed") for one in told}) == 2
        assert all(one == told[0] for one in told)

        wait_for(lambda: len(partner.received) >= VOUCHERS)
        wait_for(lambda: is_sealed(installed.run("audit", "verify")))
    ids = Counter(headers["webhook-id"] for headers, _ in partner.received)
    assert (len(ids), set(ids.values())) == (VOUCHERS, {1})


def is_sealed(told: str) -> bool:
    assert told.startswith("Intact.")
    return told.strip().endswith(" 0 not yet sealed.")


def attempt(token: str, mode: str = "redeem") -> dict[str, str]:
    now = datetime.now(UTC).isoformat()
    return {"attempt_id": str(uuid4()), "token": token, "mode": mode, "scanned_at": now}


@contextmanager
def scanning(
    bearer: str, ports: tuple[int, ...]
) -> Iterator[Callable[[list[dict[str, str]]], list[dict[str, Any]]]]:
    """Sends attempts at once, each to the other process than the one before."""
    with (
        httpx2.Client(headers={"Authorization": f"Bearer {bearer}"}) as client,
        ThreadPoolExecutor(16) as threads,
    ):

        def post(numbered: tuple[int, dict[str, str]]) -> dict[str, Any]:
            number, body = numbered
            port = ports[number % len(ports)]
            answer = client.post(f"http://127.0.0.1:{port}/api/v1/scans", json=body)
            assert answer.status_code == 200, answer.text
            told: dict[str, Any] = answer.json()
            return told

        yield lambda bodies: list(threads.map(post, enumerate(bodies)))


def wait_for(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.1)
