"""Sending one message to one address. Knows nothing of jobs and of the database."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.metadata import version
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx2

from app import clock
from app.deadline import Deadline
from fulfilment.partners.addresses import is_loopback
from fulfilment.webhooks import schedule, sentences

SECONDS = 15.0
MOST_BYTES = 16 * 1024
"""So much of an answer is read and kept."""


@dataclass(frozen=True)
class Answer:
    """What came of an attempt: `error` is None where the partner took the message."""

    status: int | None
    error: str | None
    ms: int
    response: str | None = None
    asked: timedelta | None = None
    """The pause that the partner asked for."""


def post(
    address: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    partner: str,
    seconds: float = SECONDS,
) -> Answer:
    """Posts a body and says what came of it; the whole of it takes at most `seconds`.

    Redirects are not followed: the partner's address is the one that the organisers named.
    """
    began = time.monotonic()
    with Deadline(seconds) as deadline:
        try:
            status, text, retry_after = _exchange(address, body, headers, deadline, seconds)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            late = deadline.passed or isinstance(error, httpx2.TimeoutException)
            told = (
                sentences.too_slow(partner, seconds) if late else sentences.failed(partner, error)
            )
            return Answer(None, told, _ms_since(began))
    error_told = None if 200 <= status < 300 else sentences.answered(partner, status)
    asked = schedule.asked_by(retry_after, now=clock.now())
    return Answer(status, error_told, _ms_since(began), text, asked)


def _exchange(
    address: str, body: bytes, headers: Mapping[str, str], deadline: Deadline, seconds: float
) -> tuple[int, str, str | None]:
    with (
        _client(address, seconds) as client,
        client.stream(
            "POST",
            address,
            content=body,
            headers={**_own_headers(), **headers},
            extensions={"trace": deadline.watch},
        ) as response,
    ):
        return response.status_code, _beginning(response), response.headers.get("retry-after")


def _beginning(response: httpx2.Response) -> str:
    """The first bytes of an answer. Its status counts even where the rest does not arrive."""
    kept = b""
    try:
        for piece in response.iter_raw():
            kept += piece
            if len(kept) >= MOST_BYTES:
                break
    except httpx2.HTTPError:
        pass
    # PostgreSQL stores no NUL in a text.
    return kept[:MOST_BYTES].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _client(address: str, seconds: float) -> httpx2.Client:
    # A proxy of the environment leads out of the house, and never to this very machine.
    outside = not is_loopback(urlsplit(address).hostname)
    return httpx2.Client(
        verify=_trust(), trust_env=outside, timeout=seconds, follow_redirects=False
    )


@cache
def _trust() -> SSLContext:
    return httpx2.create_ssl_context()


@cache
def _own_headers() -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": f"Keepsake/{version('keepsake')}",
        # What is kept of the answer is to be readable.
        "Accept-Encoding": "identity",
    }


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
