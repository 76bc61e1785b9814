"""A thousand connections at once, some of whose clients are slow, silent or gone: no reply is lost, nobody waits for them, nothing leaks."""

import asyncio
import statistics
import sys
import time
from urllib.parse import urlsplit

import pytest

from dev import eventually
from load import Client, aborting, open_files, resident, silent, slow

STEADY, SILENT, HESITANT, ABORTING, SLOW = 640, 100, 100, 130, 30
ROUNDS = 2
REQUESTS = 3  # of each steady client


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
