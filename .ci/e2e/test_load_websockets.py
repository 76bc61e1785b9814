"""Half of a thousand connections are WebSockets, and of both kinds some clients are slow, silent or gone: each message of the others has
its answer, once; who does not read holds nobody up; each end is told; nothing leaks."""

import asyncio
import json
import socket
import sys
import time
from urllib.parse import urlsplit

import pytest
from websockets.asyncio.client import connect

from dev import Dev, eventually
from load import Client, aborting, open_files, resident, silent, slow
from source_app import SourceApp

ROUNDS = 2
# Those who connect: 500 with requests, and 500 that stay.
STEADY, SILENT, ABORTING, SLOW = 380, 50, 50, 20
GUESTS, DEAF, EAGER, HALF, VANISHING, ABORTED = 366, 4, 2, 42, 43, 43
TURNS, AT_ONCE = 3, 5  # messages of a guest one after the other, and without waiting for the answers
MANY = 600  # messages of a client that does not read meanwhile: more than all buffers on the way hold
MOST_CALLS = 500


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crowd")
    app = SourceApp(folder, "crowd")
    with Dev("crowd", folder / "state", workspace=app.folder) as server:
        server.hall = server._printed(r"API Hall +(ws://\S+)")
        yield server


def enter(hall, name, **keywords):
    return connect(f"{hall}/?name={name}", ping_interval=None, open_timeout=90, close_timeout=90, max_size=None, **keywords)


def repeat(text):
    return json.dumps({"action": "repeat", "text": text})


async def steady(address, together, number):
    await together.wait()  # a connection on which nothing is asked for half a minute is closed
    async with Client(address) as client:
        for turn in range(TURNS):
            said = f"{number}/{turn}".encode()
            client.send("POST", "/echo", body=said)
            assert await client.receive() == (200, said)
    return TURNS


async def guest(hall, name, together):
    """Says something again and again, and gets each answer, its own, once."""
    async with enter(hall, name) as socket:
        await together.wait()
        for turn in range(TURNS):
            said = repeat(f"{name}/{turn}")
            await socket.send(said)
            assert await socket.recv() == said
        said = [repeat(f"{name}/at once/{turn}") for turn in range(AT_ONCE)]
        await asyncio.gather(*map(socket.send, said))
        assert sorted([await socket.recv() for _ in said]) == said
        await socket.send(repeat("the last"))
        assert await socket.recv() == repeat("the last")
    assert socket.close_code == 1000
    return TURNS + AT_ONCE + 1


async def eager(hall, name, together):
    """Says more than any buffer holds before it hears the first answer."""

    async def say(socket):
        for text in said:
            await socket.send(text)

    said = [repeat(f"{turn:04}" + "x" * 30_000) for turn in range(MANY)]
    async with enter(hall, name, **of_few_bytes(hall)) as socket:
        await together.wait()
        saying = asyncio.create_task(say(socket))
        await asyncio.wait({saying}, timeout=1)  # or as much of it as is taken
        assert sorted([await socket.recv() for _ in said]) == said
        await saying
    return MANY


async def deaf(hall, name, together, called):
    """Hears nothing while all are called, and then whatever could be kept for it."""
    async with enter(hall, name, **of_few_bytes(hall)) as socket:
        await together.wait()
        taken_by_all = await called
        return await heard(socket, taken_by_all)


async def keen(hall, together, called):
    """Is called as the deaf are, and listens."""
    async with enter(hall, "call/keen") as socket:
        await together.wait()
        hearing = asyncio.create_task(heard(socket, None))
        await called
        await socket.send(repeat("the last"))
        return await hearing


async def heard(socket, at_least):
    """The numbers of the calls that came before the answer to one's own message."""
    if at_least is not None:
        await socket.send(repeat("the last"))
    numbers = []
    while (text := await socket.recv()) != repeat("the last"):
        numbers.append(int(json.loads(text)["text"][:4]))
    assert numbers == sorted(set(numbers)), "each once, and in order"
    assert set(numbers) >= set(at_least or []), "what was taken comes"
    return numbers


async def caller(hall, together):
    """Calls until those who do not listen can take no more, and a few times more. Returns which calls all could take."""
    async with enter(hall, "caller") as socket:
        await together.wait()
        answers = []
        while answers.count("all") == len(answers) or len(answers) < answers.index(FULL) + 5:
            assert len(answers) < MOST_CALLS, "what waits for a client that does not read has no bound"
            text = f"{len(answers):04}" + "x" * 30_000
            await socket.send(json.dumps({"action": "call", "to": "call/", "text": text}))
            answers.append(await socket.recv())
        assert set(answers) == {"all", FULL}
    return [number for number, answer in enumerate(answers) if answer == "all"], len(answers)


FULL = "the connection takes no more for now"


def of_few_bytes(hall):
    """A socket that holds little of what its client has not read."""
    parts = urlsplit(hall)
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
    connection.connect((parts.hostname, parts.port))
    return {"sock": connection, "max_queue": 1}


HANDSHAKE = (
    "GET /?name={} HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n"
    "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


async def aborted(address, number):
    """Hangs up within the handshake: before its end, or before the answer."""
    client = await Client(address).__aenter__()
    request = HANDSHAKE.format("aborted").encode()
    client.writer.write(request[: len(request) // (1 + number % 2)])
    await client.writer.drain()
    client.vanish()
    return 0


async def vanishing(address, together, sent):
    """Is gone without a close frame, after bytes that are no whole frame."""
    client = await Client(address).__aenter__()
    client.writer.write(HANDSHAKE.format("vanishing").encode())
    head = await client.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    await together.wait()
    client.writer.write(sent)
    await client.writer.drain()
    client.vanish()
    return 0


HALF_A_FRAME = b"\x81\xfe\x75\x30mask" + b"x" * 1000


async def bystander(address, over):
    """How long somebody else waits for an answer meanwhile."""
    waits = []
    async with Client(address) as client:
        while not over.is_set():
            began = time.monotonic()
            client.send("POST", "/echo", body=b"and I?")
            assert await client.receive() == (200, b"and I?")
            waits.append(time.monotonic() - began)
            await asyncio.sleep(0.05)
    return waits


async def rush(desk, hall_url):
    over = asyncio.Event()
    hall = (urlsplit(hall_url).hostname, urlsplit(hall_url).port)
    together = asyncio.Barrier(STEADY + GUESTS + EAGER + HALF + VANISHING + DEAF + 2)
    waiting = asyncio.create_task(bystander(desk, over))
    resting = [asyncio.create_task(silent(desk, over)) for _ in range(SILENT)]
    calling = asyncio.create_task(caller(hall_url, together))
    called = asyncio.create_task(only_first(calling))
    listening = [asyncio.create_task(deaf(hall_url, f"call/{number}", together, called)) for number in range(DEAF)]
    listening.append(asyncio.create_task(keen(hall_url, together, called)))
    busy = [steady(desk, together, number) for number in range(STEADY)]
    busy += [aborting(desk) for _ in range(ABORTING)]
    busy += [slow(desk) for _ in range(SLOW)]
    busy += [guest(hall_url, f"guest{number}", together) for number in range(GUESTS)]
    busy += [eager(hall_url, f"eager{number}", together) for number in range(EAGER)]
    busy += [aborted(hall, number) for number in range(ABORTED)]
    busy += [vanishing(hall, together, HALF_A_FRAME) for _ in range(HALF)]
    busy += [vanishing(hall, together, b"") for _ in range(VANISHING)]
    async with asyncio.timeout(300):
        answers = sum(await asyncio.gather(*busy))
        *_, keen_heard = await asyncio.gather(*listening)
        taken, calls = await calling
    over.set()
    await asyncio.gather(*resting)
    assert keen_heard == list(range(calls)), "who listens hears every call, whoever else does not"
    return answers, calls, await waiting


async def only_first(calling):
    return (await calling)[0]


def guests(crowd):
    return crowd.client("dynamodb").scan(TableName="crowd-Guest")["Count"]


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read from /proc")
def test_five_hundred_requests_and_five_hundred_connections_of_which_some_are_slow_and_some_are_gone(crowd):
    desk = (urlsplit(crowd.url).hostname, urlsplit(crowd.url).port)
    asyncio.run(rush(desk, crowd.hall))  # what the first one leaves is there to be used again: environments that wait, memory
    eventually(lambda: guests(crowd) == 0)
    files, memory = open_files(crowd), resident(crowd)
    for _ in range(ROUNDS):
        answers, calls, waits = asyncio.run(rush(desk, crowd.hall))
        assert answers == STEADY * TURNS + SLOW + GUESTS * (TURNS + AT_ONCE + 1) + EAGER * MANY
        print(f"{answers} answers, {calls} calls, a bystander waited {max(waits):.3f} s at most, {resident(crowd)} MB")
        eventually(lambda: guests(crowd) == 0)  # each end was told, that of who left without a word, too
    eventually(lambda: open_files(crowd) < files + 100)  # some more environments may wait
    assert resident(crowd) < memory + 64, f"{memory} MB became {resident(crowd)} MB"
