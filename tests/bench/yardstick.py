"""The fixed yardstick: the least that a redemption must do, in a bare psycopg loop."""

import threading
import time
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

CONNECTIONS = 16
TABLES = """
CREATE TABLE bare_voucher (id bigint PRIMARY KEY, uses int NOT NULL, taken int NOT NULL);
CREATE TABLE bare_scan (id uuid PRIMARY KEY, voucher_id bigint NOT NULL, answer text NOT NULL);
CREATE TABLE bare_entry (id uuid PRIMARY KEY, voucher_id bigint NOT NULL, data text NOT NULL);
"""
TAKE = "UPDATE bare_voucher SET taken = taken + 1 WHERE id = %s AND taken < uses"
SCAN = "INSERT INTO bare_scan VALUES (%s, %s, %s)"
ENTRY = "INSERT INTO bare_entry VALUES (%s, %s, %s)"
TEXT = "x" * 400


class Yardstick:
    """Tables of its own on the server that is measured."""

    def __init__(self, url: str, most: int):
        address = make_url(url).set(drivername="postgresql")
        self._address = address.render_as_string(hide_password=False)
        self._next = 1
        with psycopg.connect(self._address, autocommit=True) as connection:
            for table in TABLES.strip().split("\n"):
                connection.execute(table)
            connection.execute(
                "INSERT INTO bare_voucher SELECT n, 1, 0 FROM generate_series(1, %s) n", (most,)
            )

    def rate(self, each: int) -> float:
        """Transactions a second, with `each` of them on every connection."""
        connections = [psycopg.connect(self._address, autocommit=True) for _ in range(CONNECTIONS)]
        done: list[int] = []
        threads = [
            threading.Thread(target=self._loop, args=(one, self._next + at * each, each, done))
            for at, one in enumerate(connections)
        ]
        self._next += CONNECTIONS * each
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        for one in connections:
            one.close()
        if sum(done) != CONNECTIONS * each:
            raise RuntimeError(f"only {sum(done)} of {CONNECTIONS * each} were taken")
        return CONNECTIONS * each / seconds

    @staticmethod
    def _loop(
        connection: psycopg.Connection[tuple[object, ...]], first: int, count: int, done: list[int]
    ) -> None:
        taken = 0
        for voucher in range(first, first + count):
            with connection.transaction():
                taken += connection.execute(TAKE, (voucher,)).rowcount
                connection.execute(SCAN, (uuid4(), voucher, TEXT))
                connection.execute(ENTRY, (uuid4(), voucher, TEXT))
        done.append(taken)
