"""Is a port free, and does somebody answer on it?"""

import socket
import time

from app.refusals import Refused


class PortTaken(Refused):
    """Somebody listens on the port already."""

    code = "port_taken"


def refuse_taken(host: str, port: int, setting: str = "PORT") -> None:
    """Raises `PortTaken` with a sentence that says what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Port {port} on {host} is in use or not allowed ({error.strerror}): "
                f"stop what listens there, or choose another with {setting}."
            ) from error


def wait_until_answered(host: str, port: int, *, within: float) -> bool:
    """Whether somebody accepts connections there before the time is up."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        try:
            with socket.create_connection((host, port), timeout=0.5):
                return True
        except OSError:
            time.sleep(0.05)
    return False
