"""`make bench`: ratios to yardsticks measured in the same run, so that machines compare."""

import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from tests.bench import (
    issuing,
    live,
    replays,
    standings,
    steady,
    syncing,
    tokens,
    verdicts,
)
from tests.bench.issuing import Issuing
from tests.bench.live import Live
from tests.bench.places import busy_programme, programme, whole_programme
from tests.bench.redemptions import Load, Till, median_of, open_till
from tests.bench.replays import Measured
from tests.bench.standings import Took
from tests.bench.steady import Steady
from tests.bench.syncing import Syncing
from tests.bench.tokens import Rates
from tests.bench.verdicts import Verdicts
from tests.bench.yardstick import CONNECTIONS, Yardstick
from tests.support.postgres import PostgresServer

ROUNDS, ISSUING_ROUNDS = 5, 3
CLIENTS = {1: 100, 16: 600}
"""How many clients, and how many redemptions they share in a round."""
WARM_UP = 100
EACH = 200
"""Transactions of the yardstick on each of its connections, in a round."""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="keepsake-bench-") as name:
        folder = Path(name)
        _tell_tokens(tokens.measure_cards(ROUNDS), tokens.measure_verifying(ROUNDS))
        _tell_issuing(issuing.measure(folder, ISSUING_ROUNDS))
        _tell_replay("as in the demo", 3, replays.measure(folder / "demo", ROUNDS, programme()))
        busy = "with limits, all windows and twenty achievements"
        _tell_replay(busy, 4, replays.measure(folder / "busy", ROUNDS, busy_programme()))
        _tell_steady(steady.measure())
        _tell_live(live.measure(folder))
        (folder / "bare").mkdir()
        (folder / "whole").mkdir()
        _tell_redeeming("as in the demo", *_redeem(folder / "bare", programme()))
        whole = "from stock, by opening hours and blackouts"
        _tell_redeeming(whole, *_redeem(folder / "whole", whole_programme()))
        _tell_syncing(syncing.measure(folder, ISSUING_ROUNDS))
        _tell_standings(standings.measure(folder))
        _tell_verdicts(verdicts.measure(folder))


def _redeem(folder: Path, text: str) -> tuple[float, dict[tuple[str, int], Load]]:
    vouchers = WARM_UP + ROUNDS * sum(CLIENTS.values())
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer(durable=True).start())
        urls = {
            "SQLite": f"sqlite:///{folder / 'redeeming.sqlite3'}",
            "PostgreSQL": server.create_database("bench"),
        }
        yardstick = Yardstick(
            server.create_database("yardstick"), (ROUNDS + 1) * CONNECTIONS * EACH
        )
        tills: dict[str, Till] = {
            name: stack.enter_context(open_till(folder / name, url, text, vouchers))
            for name, url in urls.items()
        }
        yardstick.rate(EACH)
        for till in tills.values():
            till.redeem(max(CLIENTS), WARM_UP)
        rates: list[float] = []
        loads: dict[tuple[str, int], list[Load]] = {}
        for _ in range(ROUNDS):
            rates.append(yardstick.rate(EACH))
            for name, till in tills.items():
                for clients, count in CLIENTS.items():
                    loads.setdefault((name, clients), []).append(till.redeem(clients, count))
        return median(rates), {key: median_of(found) for key, found in loads.items()}


def _tell_tokens(cards: Rates, verifying: Rates) -> None:
    print(f"Vouchers, a second of one core, median of {ROUNDS}")
    print(
        f"  minted with card  {cards.rate:8.0f}/s  {cards.ratio:.2f} × packing that PNG alone"
        "  (aim: at least 60/s)"
    )
    print(
        f"  verified          {verifying.rate:8.0f}/s  {verifying.ratio:.2f} × its signature alone"
        "  (aim: at least 5000/s)"
    )


def _tell_issuing(found: dict[str, Issuing]) -> None:
    print(f"Issuing {issuing.COUNT} vouchers, {issuing.BATCH} a transaction, ", end="")
    print(f"median of {ISSUING_ROUNDS} (aim: at least 0.33)")
    for engine, rates in found.items():
        print(
            f"  {engine:<10}  bare loop of its SQL {rates.bare:6.0f}/s  issued {rates.rate:6.0f}/s"
            f"  {rates.ratio:.2f} × bare loop"
        )


def _tell_replay(what: str, aim: int, found: Measured) -> None:
    events = found.events
    print(f"Replay of {events} events {what}, median of {ROUNDS}")
    print(f"(aim: at most {aim}.00 × the bare loop)")
    print(f"  bare loop  {events / found.bare:8.0f}/s")
    print(f"  replay     {events / found.replay:8.0f}/s   {found.ratio:.2f} × its time")


def _tell_steady(found: Steady) -> None:
    print(f"The same {steady.EVENTS:,} events long (aim: at least 0.80, less than 250 MB)")
    print(
        f"  first tenth {found.first:6.0f}/s  last tenth {found.last:6.0f}/s  "
        f"{found.last / found.first:.2f} × the first  {found.megabytes:.0f} MB at most"
    )


def _tell_live(found: dict[str, Live]) -> None:
    print(f"Live intake by the gateway: {live.RATE} events a second for {live.SECONDS} s, ", end="")
    print(f"{live.ASKS} interactions a second")
    print(
        f"(aim: none lost, all in the database {live.BEHIND:.0f} s after the last, none waits for "
        f"more than {live.AGE:.0f} s, acknowledged within {live.ACKNOWLEDGED} ms in the median)"
    )
    for engine, took in found.items():
        print(
            f"  {engine:<10}  {took.rate:5.0f}/s  all {took.behind:.1f} s after the last  "
            f"longest wait {took.age:.1f} s  {took.lost} lost"
        )
        print(
            f"  {'':<10}  {took.asked} interactions  acknowledged {took.acknowledged:.0f} ms  "
            f"p95 {took.late:.0f} ms  answered {took.answered:.0f} ms"
        )
        print(
            f"  {'':<10}  the bot: {took.cpu:.2f} of a core, {took.event_cost:.0f} µs an event, "
            f"{took.ratio:.1f} × a bot that only hears; {took.memory:.0f} MiB"
        )


def _tell_redeeming(what: str, yardstick: float, loads: dict[tuple[str, int], Load]) -> None:
    print(f"Redeeming by HTTP, {what}, median of {ROUNDS}")
    print("(aim: PostgreSQL at 16 clients at least 0.25; SQLite no slower than PostgreSQL)")
    print(f"  yardstick: bare PostgreSQL, {CONNECTIONS} connections  {yardstick:6.0f}/s")
    for (name, clients), load in loads.items():
        print(
            f"  {name:<10} {clients:>2} clients  {load.rate:6.0f}/s  p50 {load.p50:6.1f} ms  "
            f"p99 {load.p99:6.1f} ms  {load.rate / yardstick:.2f} × yardstick"
        )


def _tell_syncing(found: dict[str, Syncing]) -> None:
    print(f"What a device must know of {syncing.COUNT} vouchers, median of {ISSUING_ROUNDS}")
    print("(aim: less than 3 MB and 2 s)")
    for engine, told in found.items():
        print(
            f"  {engine:<10}  snapshot {told.snapshot:5.2f} s  changes {told.changes:5.2f} s  "
            f"{told.megabytes:.2f} MB  nothing new {1000 * told.poll:4.1f} ms  "
            f"{told.ratio:.2f} × a bare read"
        )


def _tell_standings(found: dict[str, dict[str, Took]]) -> None:
    print(f"A leaderboard of {standings.MEMBERS} members, median of {standings.CALLS}")
    print(f"(aim: less than {standings.AIM} ms, also for the last)")
    for engine, by_what in found.items():
        told = "  ".join(
            f"{what} {took.middle:4.1f} ms (the last {took.last:4.1f})"
            for what, took in by_what.items()
        )
        print(f"  {engine:<10}  {told}")


def _tell_verdicts(found: dict[str, Verdicts]) -> None:
    print(f"From the camera's frame to the verdict on the screen, median of {verdicts.COUNT}")
    for how, took in found.items():
        aim = verdicts.AIMS[how]
        print(
            f"  {how:<8} {took.median:4.0f} ms  p90 {took.p90:4.0f} ms  (aim: less than {aim} ms)"
        )


if __name__ == "__main__":
    main()
