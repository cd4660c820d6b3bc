"""The place of a simulated fair: the real server on a port, organisers, and a clock that is set."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from app import clock
from app.actor import COMMAND_LINE
from app.audit import sealing
from app.communities import members
from app.factory import create_app
from app.refusals import Refused
from app.stock import moving
from app.stock.levels import Sort
from kiosk.devices import permitting
from tests.support.installations import NOON, PROGRAMME, World
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued, issue_all
from voucher.ledger.issuance.orders import NotIssued, Order
from voucher.perks.settings import perk

STATIONS = ("popup", "other", "bar")
ALLOWANCE = "offline_allowance = 90\noffline_hours = 3"
BADGES_END = NOON + timedelta(hours=4)
FAIR = (
    PROGRAMME.replace('name = "Pop-up"', f'name = "Pop-up"\n{ALLOWANCE}')
    .replace('name = "Other place"', f'name = "Other place"\n{ALLOWANCE}')
    .replace('name = "Pin"', 'name = "Pin"\nitem = "pin"\nstock_taken = "redemption"')
    .replace('stations = ["popup"]', 'stations = ["popup", "other", "bar"]')
    + f"""
[stations.bar]
name = "Bar"
{ALLOWANCE}

[items.pin]
name = "Pin"

[perks.drinks]
name = "Drinks"
uses = 3

[perks.badge]
name = "Badge"
identity = true
redeemed_when = "confirmed"
fixed_from = {NOON + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}
fixed_until = {BADGES_END:%Y-%m-%dT%H:%M:%SZ}

[perks.bag]
name = "Bag"
offline = false
"""
)
PERKS = ("pin",) * 5 + ("drinks",) * 3 + ("badge",) + ("bag",)
"""Of ten vouchers in turn."""
BATCH = 500
MOVES: dict[str, Callable[..., Any]] = {
    "void": withdrawing.void,
    "restore": withdrawing.restore,
    "reissue": replacing.reissue,
    "refund": lambda session, voucher, **how: replacing.refund(session, voucher, 1, **how).new,
}


class _Quiet(WSGIRequestHandler):
    """Keeps connections, and says nothing."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: Any) -> None:
        """Says nothing."""


class Hall:
    """What is behind the desks. Those before it are in Node, and ask by HTTP."""

    def __init__(self, world: World, devices: int, vouchers: int, pins: int):
        self.world, self.installation = world, world.installation
        self._time, self._lock = ExitStack(), threading.Lock()
        self._stand_at(NOON)
        self.scanners = [
            world.add_device(STATIONS[place % len(STATIONS)], f"Desk {place}")
            for place in range(devices)
        ]
        self.pins = dict.fromkeys(STATIONS, pins)
        self._receive()
        self.issued: list[Issued] = self._issue(vouchers)
        self.revoked: dict[str, datetime] = {}
        self.refused: list[str] = []

    @property
    def devices(self) -> list[dict[str, str]]:
        """What those before the desks must know of them."""
        return [
            {"id": scanner.device_id, "name": scanner.device_name, "bearer": bearer}
            for scanner, bearer in self.scanners
        ]

    @staticmethod
    def first_of(perk_key: str) -> int:
        """The place of a voucher of this perk among those that were issued."""
        return PERKS.index(perk_key)

    @contextmanager
    def open(self) -> Iterator[str]:
        """Serves it, and gives the address; afterwards time is as it was."""
        application = create_app(self.installation)

        def serve(environ: Any, start: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] != "/control":
                return application(environ, start)
            return Response(json.dumps(self._control(json.loads(Request(environ).get_data()))))(
                environ, start
            )

        server = make_server("127.0.0.1", 0, serve, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            self._time.close()

    def _control(self, asked: dict[str, Any]) -> dict[str, Any]:
        if "at" in asked:
            self._stand_at(datetime.fromtimestamp(asked["at"] / 1000, UTC))
        if "seal" in asked:
            sealing.seal_due(self.installation)
        if "revoke" in asked:
            self._revoke(asked["revoke"])
        if "move" not in asked:
            return {}
        try:
            return {"made": self._shown(self._move(asked["move"], self.issued[asked["index"]]))}
        except Refused as refused:
            self.refused.append(refused.code)
            return {"made": None}

    def _stand_at(self, moment: datetime) -> None:
        self._time.close()
        self._time.enter_context(clock.standing_at(moment))

    def _revoke(self, device: str) -> None:
        now = clock.now()
        with self.installation.unit_of_work() as session:
            permitting.revoke(session, self.world.community_id, device, **_by(now))
        self.revoked[device] = now

    def _move(self, kind: str, issued: Issued) -> Issued | None:
        now = clock.now()
        with self.installation.unit_of_work() as session:
            voucher = by_reference(session, self.world.community_id, issued.reference).voucher
            if kind == "extend":
                until = max(voucher.valid_until, now) + timedelta(hours=2)
                extending.extend(session, voucher, until=until, reason="r", **_by(now))
                return None
            made = MOVES[kind](session, voucher, reason="r", **_by(now))
        return made if isinstance(made, Issued) else None

    def _shown(self, made: Issued | None) -> dict[str, Any] | None:
        if made is None or isinstance(made, NotIssued):
            return None
        with self._lock:
            self.issued.append(made)
        return {"token": made.token, "code": made.code}

    def _receive(self) -> None:
        sort = Sort(self.world.community_id, "pin", "")
        with self.installation.unit_of_work() as session:
            for station, count in self.pins.items():
                moving.receive(session, sort, station, count, reason="r", **_by(clock.now()))

    def _issue(self, count: int) -> list[Issued]:
        issued: list[Issued] = []
        for start in range(0, count, BATCH):
            with self.installation.unit_of_work() as session:
                now, community = clock.now(), self.world.community_id
                known = members.ids_of(session, community, "sample", {"1": None}, first_seen=now)
                perks = {key: perk(session, community, key) for key in set(PERKS)}
                orders = [
                    Order(perks[PERKS[place % len(PERKS)]], known["1"], "fair", COMMAND_LINE, now)
                    for place in range(start, min(start + BATCH, count))
                ]
                made = issue_all(session, orders)
                issued += [one for one in made if isinstance(one, Issued)]
        return issued


def _by(now: datetime) -> dict[str, Any]:
    return {"actor": COMMAND_LINE, "now": now}
