"""A thousand connections at once, some of whose clients are slow, silent or gone: no reply is lost, nobody waits for them, nothing leaks."""

import asyncio
import os
import socket
import statistics
import struct
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from dev import eventually

MEGABYTE = 1024 * 1024
STEADY, SILENT, HESITANT, ABORTING, SLOW = 640, 100, 100, 130, 30
ROUNDS = 2
REQUESTS = 3  # of each steady client


class Client:
    """A connection that is kept, without a library between."""

    def __init__(self, address, receive_buffer=None):
        self.address, self.receive_buffer = address, receive_buffer

    async def __aenter__(self):
        connection = socket.socket()
        connection.setblocking(False)
        if self.receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self.receive_buffer)
        await asyncio.get_running_loop().sock_connect(connection, self.address)
        limit = self.receive_buffer or 65_536
        self.reader, self.writer = await asyncio.open_connection(sock=connection, limit=limit)
        return self

    async def __aexit__(self, *_):
        self.writer.close()

    def send(self, method, path, token=None, body=b""):
        lines = [f"{method} {path} HTTP/1.1", "host: a", f"content-length: {len(body)}", "content-type: application/octet-stream"]
        lines += [f"authorization: Bearer {token}"] if token else []
        self.writer.write("\r\n".join([*lines, "", ""]).encode() + body)

    async def receive(self, piece=None, pause=0.0):
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        length = int(head.partition("content-length:")[2].split()[0])
        body = b""
        while len(body) < length:
            received = await self.reader.read(min(piece or length, length - len(body)))
            assert received, f"the connection ended {length - len(body)} bytes early"
            body += received
            await asyncio.sleep(pause)
        return int(head.split()[1]), body


async def steady(address, token, number):
    """Asks again and again, and gets each answer, its own."""
    async with Client(address) as client:
        for turn in range(REQUESTS):
            said = f"{number}/{turn}".encode()
            client.send("POST", "/echo", body=said)
            assert await client.receive() == (200, said)
        client.send("GET", "/members", token)
        status, _ = await client.receive()
        assert status == 200
        client.send("GET", "/members", f"{token}x")
        status, _ = await client.receive()
        assert status == 401
    return REQUESTS + 2


async def silent(address, over):
    async with Client(address):
        await over.wait()
    return 0


async def version(client):
    """Whether the application has said which it is; others may have edited it before."""
    status, body = await client.receive()
    return status == 200 and body.startswith(b"version ")


async def hesitant(address):
    """Sends a request in pieces."""
    async with Client(address) as client:
        for piece in (b"GET /ver", b"sion HTTP/1.1\r\nho", b"st: a\r\n", b"\r\n"):
            client.writer.write(piece)
            await asyncio.sleep(0.3)
        assert await version(client)
    return 1


async def aborting(address):
    """Announces four megabytes, sends some, and hangs up without a farewell."""
    client = await Client(address).__aenter__()
    client.writer.write(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 4000000\r\n\r\n" + b"x" * 100_000)
    await asyncio.sleep(0.2)
    client.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.writer.transport.abort()
    return 0


async def slow(address):
    """Asks for much and takes it in sips."""
    async with Client(address, receive_buffer=16_384) as client:
        sent = os.urandom(MEGABYTE)
        client.send("POST", "/echo", body=sent)
        assert await client.receive(piece=32_768, pause=0.02) == (200, sent)
    return 1


async def bystander(address, over):
    """How long somebody else waits for an answer meanwhile."""
    waits = []
    async with Client(address) as client:
        while not over.is_set():
            began = time.monotonic()
            client.send("GET", "/version")
            assert await version(client)
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.05)
    return waits


async def rush(address, token):
    over = asyncio.Event()
    waiting = asyncio.create_task(bystander(address, over))
    resting = [asyncio.create_task(silent(address, over)) for _ in range(SILENT)]
    busy = [steady(address, token, number) for number in range(STEADY)]
    busy += [hesitant(address) for _ in range(HESITANT)]
    busy += [aborting(address) for _ in range(ABORTING)]
    busy += [slow(address) for _ in range(SLOW)]
    answers = await asyncio.wait_for(asyncio.gather(*busy), 120)
    over.set()
    await asyncio.gather(*resting)
    return sum(answers), await waiting


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def resident(server):
    """Megabytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read from /proc")
def test_a_thousand_connections_of_which_some_are_slow_and_some_are_gone(faults):
    token = faults.sign_up("Member", "load@example.com")["IdToken"]
    parts = urlsplit(faults.url)
    address = (parts.hostname, parts.port)
    asyncio.run(rush(address, token))  # what the first one leaves is there to be used again: environments that wait, memory
    files, memory = open_files(faults), resident(faults)
    for _ in range(ROUNDS):
        answers, waits = asyncio.run(rush(address, token))
        assert answers == STEADY * (REQUESTS + 2) + HESITANT + SLOW
        assert statistics.median(waits) < 2, waits
        print(f"{answers} answers, bystander {statistics.median(waits):.3f} s, most {max(waits):.3f} s, {resident(faults)} MB")
    eventually(lambda: open_files(faults) < files + 100)  # some more environments may wait
    assert resident(faults) < memory + 64, f"{memory} MB became {resident(faults)} MB"
