"""Clients that are slow, silent or gone, and what a server holds because of them."""

import asyncio
import os
import socket
import struct
from pathlib import Path

MEGABYTE = 1024 * 1024


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

    def vanish(self):
        """Hangs up without a farewell."""
        self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

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


async def silent(address, over):
    async with Client(address):
        await over.wait()
    return 0


async def aborting(address):
    """Announces four megabytes, sends some, and hangs up without a farewell."""
    client = await Client(address).__aenter__()
    client.writer.write(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 4000000\r\n\r\n" + b"x" * 100_000)
    await asyncio.sleep(0.2)
    client.vanish()
    return 0


async def slow(address):
    """Asks for much and takes it in sips."""
    async with Client(address, receive_buffer=16_384) as client:
        sent = os.urandom(MEGABYTE)
        client.send("POST", "/echo", body=sent)
        assert await client.receive(piece=32_768, pause=0.02) == (200, sent)
    return 1


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


def resident(server):
    """Megabytes."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024
