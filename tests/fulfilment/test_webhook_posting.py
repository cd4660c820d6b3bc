"""What comes of a request to a partner that behaves badly."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from fulfilment.webhooks.posting import MOST_BYTES, Answer, post
from tests.fulfilment.partner_server import PartnerServer


def send(address: str, seconds: float = 5.0) -> Answer:
    return post(address, b"{}", {}, partner="Pinworks", seconds=seconds)


@pytest.fixture
def raw() -> Iterator[socket.socket]:
    """A listening socket, for partners that do not speak HTTP as they should."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address_of(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}/"


def serve_once(server: socket.socket, *pieces: bytes, every: float = 0.0) -> None:
    """Takes one request and answers piece by piece."""

    def serve() -> None:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            for piece in pieces:
                try:
                    connection.sendall(piece)
                except OSError:
                    return
                time.sleep(every)

    threading.Thread(target=serve, daemon=True).start()


def test_silence_ends_in_time(raw: socket.socket) -> None:
    answer = send(address_of(raw), seconds=0.3)
    assert answer.error == "The partner Pinworks did not answer within 0.3 seconds."
    assert 300 <= answer.ms < 2000


def test_headers_that_trickle_in_do_not_hold_a_thread(raw: socket.socket) -> None:
    serve_once(raw, b"HTTP/1.1 200 OK\r\n", *[b"X-A: b\r\n"] * 100, every=0.1)
    answer = send(address_of(raw), seconds=0.5)
    assert answer.error == "The partner Pinworks did not answer within 0.5 seconds."
    assert answer.ms < 2000


def test_a_body_that_trickles_in_leaves_the_success_that_its_status_told(
    raw: socket.socket,
) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    serve_once(raw, head, *[b"x"] * 100, every=0.1)
    answer = send(address_of(raw), seconds=0.5)
    assert (answer.status, answer.error) == (200, None)
    assert answer.ms < 2000


def test_only_the_beginning_of_a_large_answer_is_read(partner: PartnerServer) -> None:
    def large(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(500)
        handler.send_header("Content-Length", str(10**9))
        handler.end_headers()
        try:
            for _ in range(1000):
                handler.wfile.write(b"\0" * 10**6)
        except OSError:
            handler.close_connection = True

    partner.answers = [large]
    answer = send(partner.url)
    assert answer.response == "\N{REPLACEMENT CHARACTER}" * MOST_BYTES
    assert answer.status == 500


def test_a_closed_connection_is_told_as_such(raw: socket.socket) -> None:
    serve_once(raw)
    told = send(address_of(raw)).error
    assert told == "The partner Pinworks closed the connection without an answer."


def test_a_connection_that_is_reset_is_told_alike(raw: socket.socket) -> None:
    def reset() -> None:
        line, _ = raw.accept()
        line.recv(1)
        # Closed at once, without waiting for anything: the other end gets a reset.
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        line.close()

    thread = threading.Thread(target=reset)
    thread.start()
    told = send(address_of(raw)).error
    thread.join()
    assert told == "The partner Pinworks closed the connection without an answer."


def test_what_is_not_http_is_told_as_such(raw: socket.socket) -> None:
    serve_once(raw, b"220 mail.example ESMTP\r\n\r\n")
    told = send(address_of(raw)).error
    assert told == "The partner Pinworks answered something that is not HTTP."


def test_https_to_a_server_without_it_is_told_as_such(raw: socket.socket) -> None:
    serve_once(raw, b"HTTP/1.1 400 Bad Request\r\n\r\n")
    told = send(address_of(raw).replace("http:", "https:")).error
    assert told == ("The partner Pinworks cannot be reached: no secure connection could be made.")


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    partner: PartnerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert send(partner.url).status == 200
