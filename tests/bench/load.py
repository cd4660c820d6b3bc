"""The load process: redeems the tokens it reads from standard input, and prints how long it took.

A process of its own, so that it shares nothing with what is measured; asyncio's bare streams, so
that it takes little of the machine.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4


def main() -> None:
    order: dict[str, Any] = json.load(sys.stdin)
    json.dump(asyncio.run(_redeem_all(order)), sys.stdout)


async def _redeem_all(order: dict[str, Any]) -> dict[str, Any]:
    requests = iter([_request(token, order) for token in order["tokens"]])
    took: list[float] = []
    streams = [
        await asyncio.open_connection("127.0.0.1", order["port"]) for _ in range(order["clients"])
    ]
    began = time.perf_counter()
    await asyncio.gather(*(_client(*stream, requests, took) for stream in streams))
    seconds = time.perf_counter() - began
    for _, writer in streams:
        writer.close()
    return {"seconds": seconds, "took": took}


async def _client(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    requests: Iterator[bytes],
    took: list[float],
) -> None:
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        took.append(time.perf_counter() - began)
        if b" 200 " not in head[:20] or json.loads(body)["verdict"] != "redeemed":
            raise RuntimeError(f"not redeemed: {head[:20]!r} {body[:300]!r}")


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise RuntimeError(f"an answer without a length: {head!r}")


def _request(token: str, order: dict[str, Any]) -> bytes:
    asked = {"attempt_id": str(uuid4()), "token": token, "mode": "redeem"}
    body = json.dumps({**asked, "scanned_at": datetime.now(UTC).isoformat()})
    return (
        f"POST /api/v1/scans HTTP/1.1\r\nHost: 127.0.0.1:{order['port']}\r\n"
        f"Authorization: Bearer {order['bearer']}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


if __name__ == "__main__":
    main()
