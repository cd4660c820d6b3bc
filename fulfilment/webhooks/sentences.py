"""Why a message did not arrive, in one sentence that a person can act on."""

import os
import socket
import ssl
from collections.abc import Iterator

import httpx2


def answered(partner: str, status: int) -> str:
    """For an answer that is not a success."""
    return f"The partner {partner} answered {status}."


def too_slow(partner: str, seconds: float) -> str:
    """For an answer that did not come in time."""
    return f"The partner {partner} did not answer within {seconds:g} seconds."


def failed(partner: str, error: Exception) -> str:
    """For a request that got no answer."""
    # Whether the end of a connection comes as such or as a reset depends on what was still unread.
    is_cut = any(isinstance(one, ConnectionResetError | BrokenPipeError) for one in _causes(error))
    if is_cut or (isinstance(error, httpx2.RemoteProtocolError) and "disconnected" in str(error)):
        return f"The partner {partner} closed the connection without an answer."
    if isinstance(error, httpx2.RemoteProtocolError):
        return f"The partner {partner} answered something that is not HTTP."
    return f"The partner {partner} cannot be reached: {_reason(error)}."


def _reason(error: Exception) -> str:
    cause = next((one for one in _causes(error) if isinstance(one, OSError)), None)
    match cause:
        case socket.gaierror():
            return "its host's name is not known"
        case ssl.SSLCertVerificationError():
            return f"its certificate is not trusted ({cause.verify_message.rstrip('.')})"
        case ssl.SSLError():
            return "no secure connection could be made"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
    return str(error).rstrip(".") or type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
