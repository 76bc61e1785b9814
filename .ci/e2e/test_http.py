"""The gateway as an HTTP server."""

import json
import os
import socket
from urllib.parse import urlsplit

import pytest

MEGABYTE = 1024 * 1024


def talk(server, *sent, until=b"\r\n\r\n"):
    """Sends bytes as they are and returns what comes back, up to the end of a head and of its body."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        for data in sent:
            connection.sendall(data)
        return read_reply(connection, until)


def read_reply(connection, until=b"\r\n\r\n"):
    data = b""
    while until not in data:
        received = connection.recv(65536)
        assert received, f"the connection ended after {data!r}"
        data += received
    return data.decode("latin-1")


def test_a_route_that_is_not_there_and_a_method_that_is_not_are_404(shop):
    for method, path in [("GET", "/nothing"), ("PUT", "/health"), ("POST", "/health"), ("GET", "/health/"), ("GET", "//health")]:
        reply = shop.request(method, path)
        assert (reply.status_code, reply.json()) == (404, {"message": "Not Found"}), (method, path)
        assert reply.headers["apigw-requestid"]


def test_a_head_request_is_another_method(shop):
    reply = shop.request("HEAD", "/health")
    assert (reply.status_code, reply.content) == (404, b"")


def test_without_cors_there_is_none(shop):
    headers = {"origin": "https://example.com", "access-control-request-method": "GET"}
    preflight = shop.request("OPTIONS", "/health", headers=headers)
    assert preflight.status_code == 404
    for reply in (preflight, shop.request("GET", "/health", headers=headers)):
        assert not [name for name in reply.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("size", [0, 1, 65_536, 700_000, 3 * MEGABYTE])
def test_a_body_comes_back_byte_for_byte(faults, size):
    sent = os.urandom(size)
    reply = faults.request("POST", "/echo", data=sent, headers={"content-type": "application/octet-stream"})
    assert reply.status_code == 200 and reply.content == sent


def test_text_of_any_script_comes_back(faults):
    sent = "caf\u00e9 \u4e2d\u6587 \U0001f600 \"\\\u0000\u2028".encode() * 1000
    for kind in ("text/plain; charset=utf-8", "application/json", "application/octet-stream", None):
        headers = {"content-type": kind} if kind else {}
        assert faults.request("POST", "/echo", data=sent, headers=headers).content == sent, kind


def test_a_chunked_body_arrives(faults):
    pieces = [b"a" * 1000, b"b" * 70_000, b"", b"c"]
    reply = faults.request("POST", "/echo", data=(piece for piece in pieces if piece))
    assert reply.content == b"".join(pieces)


def test_a_body_of_more_than_ten_megabytes_is_refused(faults):
    for body in (b"x" * (10 * MEGABYTE + 1), (b"x" * MEGABYTE for _ in range(11))):
        reply = faults.request("POST", "/echo", data=body)
        assert (reply.status_code, reply.json()) == (413, {"message": "Request Entity Too Large"})


def test_a_client_that_asks_whether_to_go_on_is_told_to(faults):
    head = b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n"
    address = urlsplit(faults.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(head)
        assert read_reply(connection).startswith("HTTP/1.1 100 ")
        connection.sendall(b"hello")
        reply = read_reply(connection, b"hello")
    assert reply.startswith("HTTP/1.1 200 ")


def test_a_connection_is_kept(shop):
    address = urlsplit(shop.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        for _ in range(3):
            connection.sendall(b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n")
            assert read_reply(connection, b"\r\n\r\nok").startswith("HTTP/1.1 200 ")


def test_what_is_no_http_hurts_nobody(shop):
    for nonsense in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
        assert talk(shop, nonsense).startswith("HTTP/1.1 400")
    assert shop.request("GET", "/health").text == "ok"


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ("/path/a%20b", "a b"),
        ("/path/a+b", "a+b"),
        ("/path/caf%C3%A9", "caf\u00e9"),
        ("/path/%F0%9F%98%80", "\U0001f600"),
        ("/path/100%25", "100%"),
        ("/path/a%3Fb%23c", "a?b#c"),
        ("/files/a/b/c", "a/b/c /files/a/b/c"),
    ],
)
def test_a_path_is_decoded(faults, sent, expected):
    request = f"GET {sent} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode()
    address = urlsplit(faults.url)
    with socket.create_connection((address.hostname, address.port), timeout=20) as connection:
        connection.sendall(request)
        received = b""
        while data := connection.recv(65536):
            received += data
    head, _, body = received.partition(b"\r\n\r\n")
    assert (head.split()[1], body.decode()) == (b"200", expected)


def test_a_path_with_a_broken_escape_is_a_bad_request(faults):
    assert talk(faults, b"GET /path/%ZZ HTTP/1.1\r\nhost: a\r\n\r\n").startswith("HTTP/1.1 400")


def test_headers_are_bounded(shop):
    reply = shop.request("GET", "/health", headers={"x-long": "x" * 20_000})
    assert reply.status_code in (431, 494)


def test_a_problem_says_what_is_wrong(shop, ann):
    reply = shop.request("POST", "/orders", ann["IdToken"], data=json.dumps({"item": 7, "total_cents": 1}))
    assert reply.status_code in (400, 415)
    reply = shop.request("POST", "/orders", ann["IdToken"], json={"item": 7, "total_cents": 1})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
    assert "item" in reply.json()["detail"] and reply.json()["requestId"]
