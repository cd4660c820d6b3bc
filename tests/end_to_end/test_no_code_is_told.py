"""A voucher's code is a bearer secret: no log, no entry, no webhook and no referrer has it."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from app import clock
from app.clock import as_text
from app.ports import wait_until_answered
from tests.support.browser import open_browser
from tests.support.installations import PROGRAMME
from tests.support.installed import Installed
from tests.support.web import Partner, free_port
from voucher.token import parse_code

WITH_PARTNER = (
    PROGRAMME.replace("[perks.pin]\n", '[perks.pin]\npartner = "pinworks"\nuses = 2\n')
    + '[partners.pinworks]\nname = "Pinworks"\nwebhook_url = "{address}"\n'
)
ITS_OWN = {"voucher": {"code", "token"}}
"""Where the code itself must lie."""


@pytest.fixture
def installed(tmp_path: Path) -> Installed:
    found = Installed(tmp_path, f"sqlite:///{tmp_path / 'keepsake.sqlite3'}")
    found.environment["KEEPSAKE_LOG_LEVEL"] = "DEBUG"
    return found


@pytest.mark.long
def test_nothing_but_the_voucher_has_its_code(installed: Installed) -> None:
    partner, port = Partner(), free_port()
    with ExitStack() as stack:
        address = stack.enter_context(partner.listening())
        programme = WITH_PARTNER.replace("{address}", address)
        (installed.folder / "programme.toml").write_text(programme, "utf-8")
        installed.environment["PUBLIC_URL"] = f"http://127.0.0.1:{port}"
        installed.run("migrate")
        vouchers = installed.answer(
            "vouchers", "issue", "--perk", "pin", "--member", "7", "--count", "3"
        )
        log = stack.enter_context((installed.folder / "processes.log").open("wb"))
        stack.enter_context(installed.process("web", port, log))
        stack.enter_context(installed.process("worker", free_port(), log))
        assert wait_until_answered("127.0.0.1", port, within=60)
        new = _live_through_it_all(installed, port, vouchers)
        referrers = _look_at_public_page(f"http://127.0.0.1:{port}", vouchers[1]["token"])
        _wait_for(partner, 2)
    secrets = [secret for one in (*vouchers, *new) for secret in _secrets(one)]
    told = {
        "a log": (installed.folder / "processes.log").read_bytes().decode(),
        "a referrer": "\n".join(referrers),
        "a webhook": "\n".join(f"{headers} {body!r}" for headers, body in partner.received),
        **dict(_rows(installed.folder / "keepsake.sqlite3")),
    }
    assert told["a log"]
    assert referrers
    found = {where for where, text in told.items() for secret in secrets if secret in text.upper()}
    assert found == set()


def _wait_for(partner: Partner, messages: int) -> None:
    deadline = time.monotonic() + 60
    while len(partner.received) < messages:
        assert time.monotonic() < deadline, "the partner was not told"
        time.sleep(0.1)


def _live_through_it_all(
    installed: Installed, port: int, vouchers: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Scans of every kind, moves of every kind; returns what was issued anew."""
    device = installed.answer("devices", "add", "--station", "popup")
    mia = installed.answer("operators", "add", "Mia", "--role", "steward")["id"]
    first, second, third = vouchers
    altered = first["token"][:-1] + ("A" if first["token"][-1] != "A" else "B")
    with httpx2.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {device['bearer']}"},
    ) as client:

        def post(path: str = "", **asked: Any) -> str:
            attempt = str(uuid4())
            body = {"attempt_id": attempt, "scanned_at": as_text(clock.now()), "operator": mia}
            client.post(f"/api/v1/scans{path}", json=body | asked)
            return attempt

        redeemed = post(mode="redeem", token=first["token"])
        client.post(
            f"/api/v1/scans/{redeemed}/undo", json={"reason": "the wrong one", "operator": mia}
        )
        post(mode="redeem", code=first["code"], uses=2)
        post(mode="redeem", code=first["code"])
        held = post(mode="hold", token=second["token"])
        client.post(f"/api/v1/scans/{held}/confirm", json={})
        for shown in (altered, first["token"].lower(), f"x{first['code']}", first["url"]):
            post(mode="check", token=shown)
        post(mode="redeem", token=first["token"], odd="key")
        client.post("/api/v1/scans/batch", json={"scans": [{"code": first["code"]}, first["code"]]})
        client.get(f"/V/{first['token']}")
        client.get(f"/V/{altered}")
        client.get(f"/api/v1/scans/{first['code']}")
    why = ("--reason", "for the test")
    installed.answer("vouchers", "void", third["reference"], *why)
    installed.answer("vouchers", "restore", third["code"], *why)
    new = [installed.answer("vouchers", "reissue", third["reference"], *why)["new"]]
    new.append(installed.answer("vouchers", "refund", second["code"], *why)["new"])
    installed.answer("keys", "revoke", "1", *why)
    return new


def _look_at_public_page(address: str, token: str) -> list[str]:
    """What a browser tells of the page it came from, as it goes on from a voucher's address."""
    sent: list[str] = []
    with open_browser() as browser:
        page = browser.new_page()
        page.on("request", lambda request: sent.append(request.headers.get("referer", "none")))
        page.goto(f"{address}/V/{token}")
        page.get_by_role("link", name="Sign in").click()
        page.wait_for_load_state()
    return sent


def _secrets(voucher: dict[str, Any]) -> Iterator[str]:
    """Every way in which a code, or the token that has it, may be written."""
    code = parse_code(voucher["code"])
    body, signature = voucher["token"].split(".")
    yield from (voucher["code"], voucher["code"].replace("-", ""), code.hex().upper())
    yield from (body, signature)


def _rows(database: Path) -> Iterator[tuple[str, str]]:
    """Every table's content as text."""
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        rows = connection.execute(f'SELECT * FROM "{table}"').fetchall()
        told = [
            value.hex() if isinstance(value, bytes) else str(value)
            for row in rows
            for column, value in zip(row.keys(), row, strict=True)
            if column not in ITS_OWN.get(table, ())
        ]
        yield f"table {table}", "\n".join(told)
    connection.close()
