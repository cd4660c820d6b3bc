"""Addresses that webhooks may be sent to, as the programme writes them."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

OWN = "{public_url}"
"""Stands for this installation's own address, which may change from start to start."""
LONGEST = 2000

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = rf"\[[0-9a-f:.]+\]|{_LABEL}(?:\.{_LABEL})*"
_PATH = r"[/?][!-~]*"
_ADDRESS = re.compile(
    rf"(?P<scheme>https?)://(?P<host>{_HOST})(?::[0-9]{{1,5}})?(?:{_PATH})?", re.IGNORECASE
)


def checked(address: str) -> str:
    """The address as it was given; raises `ValueError` with a sentence where it may not be used.

    Narrow on purpose: what passes is read alike by every parser, so that nothing that looks like
    a loopback address is sent elsewhere.
    """
    if len(address) > LONGEST:
        raise ValueError(f"an address has at most {LONGEST} characters")
    if address.startswith(OWN):
        _check_path(address.removeprefix(OWN))
        return address
    _check_foreign(address)
    return address


def resolved(address: str, public_url: str) -> str:
    """The address with this installation's own in place of `{public_url}`."""
    return address.replace(OWN, public_url, 1)


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine, told without asking for names."""
    if host is None or host.lower() == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_path(path: str) -> None:
    if not re.fullmatch(_PATH, path) or set(path) & set("#{}"):
        raise ValueError(f"{OWN} is followed by a path, as in {OWN}/webhooks")


def _check_foreign(address: str) -> None:
    if "@" in address.partition("://")[2].partition("/")[0]:
        raise ValueError("no name and no password may stand in the address")
    if OWN in address:
        raise ValueError(f"{OWN} stands at the beginning or nowhere")
    found = _ADDRESS.fullmatch(address)
    if found is None or set(address) & set("#{}") or not _has_possible_host(address):
        raise ValueError("this is not an address such as https://partner.example/webhooks")
    if found["scheme"].lower() == "http" and not is_loopback(found["host"].strip("[]")):
        raise ValueError("the address must begin with https://; http:// is for this machine alone")


def _has_possible_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.port != 0 and bool(parts.hostname)
    except ValueError:
        return False
