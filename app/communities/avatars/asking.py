"""Asking Discord's servers for one avatar. Knows nothing of jobs and of the database."""

from functools import cache
from importlib.metadata import version
from ipaddress import ip_address
from ssl import SSLContext
from urllib.parse import urlsplit

import httpx2

from app.communities.avatars.pictures import SIDE
from app.deadline import Deadline

SECONDS = 5.0
MOST_BYTES = 512 * 1024


class Unreachable(Exception):
    """No answer now: it may come later. The text says why."""


class NotThere(Exception):
    """There is no such picture, or none that is taken; the text says why."""


def ask(server: str, path: str, *, seconds: float = SECONDS) -> bytes:
    """What the server has at an avatar's path; the whole of it takes at most `seconds`.

    Redirects are not followed: nobody but the server that was named is asked. Raises
    `Unreachable`, and `NotThere` where asking again would not help.
    """
    address = f"{server}/{path}.webp?size={SIDE}"
    with Deadline(seconds) as deadline:
        try:
            with (
                _client(server, seconds) as client,
                client.stream(
                    "GET", address, headers=_headers(), extensions={"trace": deadline.watch}
                ) as response,
            ):
                _look_at(response.status_code)
                content = _all_of(response)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            late = deadline.passed or isinstance(error, httpx2.TimeoutException)
            told = f"not within {seconds:g} seconds" if late else str(error) or type(error).__name__
            raise Unreachable(f"The avatar could not be fetched: {told}.") from error
    if deadline.passed:
        # Where the length was not told, a connection that was broken looks like the end.
        raise Unreachable(f"The avatar could not be fetched: not within {seconds:g} seconds.")
    return content


def _look_at(status: int) -> None:
    if status == httpx2.codes.TOO_MANY_REQUESTS or status >= 500:
        raise Unreachable(f"The avatar could not be fetched: Discord answered {status}.")
    if status != httpx2.codes.OK:
        raise NotThere(f"answered {status}")


def _all_of(response: httpx2.Response) -> bytes:
    content = b""
    for piece in response.iter_raw():
        content += piece
        if len(content) > MOST_BYTES:
            raise NotThere(f"more than {MOST_BYTES // 1024} kB")
    return content


def _client(server: str, seconds: float) -> httpx2.Client:
    # A proxy of the environment leads out of the house, and never to this very machine.
    return httpx2.Client(
        verify=_trust(), trust_env=not _is_here(server), timeout=seconds, follow_redirects=False
    )


def _is_here(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@cache
def _trust() -> SSLContext:
    return httpx2.create_ssl_context()


@cache
def _headers() -> dict[str, str]:
    return {
        "Accept": "image/webp",
        # What is counted is what arrives.
        "Accept-Encoding": "identity",
        "User-Agent": f"Keepsake/{version('keepsake')}",
    }
