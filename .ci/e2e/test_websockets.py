"""A WebSocket API behind a port, with the clients `websockets` and boto3."""

import json
import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dev import Dev, eventually
from packages import installed
from source_app import SourceApp


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chat")
    app = SourceApp(folder, "chat")
    with Dev("chat", folder / "state", workspace=app.folder) as server:
        server.app = app
        server.desk = re.search(r"API Desk +(ws://\S+)", server.banner).group(1)
        yield server


def enter(chat, name, path="/default", **keywords):
    headers = {"Authorization": f"Bearer secret-of-{name}"}
    return connect(chat.url + path, additional_headers=headers, max_size=None, **keywords)


def connection_id(chat, name):
    guests = chat.client("dynamodb").scan(TableName="chat-Guest")["Items"]
    return next(guest["connection"]["S"] for guest in guests if guest["name"]["S"] == name)


def closed(socket):
    with pytest.raises(ConnectionClosed) as ended:
        socket.recv(timeout=10)
    return ended.value.rcvd.code


def test_what_one_says_all_get(chat):
    assert chat.url.startswith("ws://")
    with enter(chat, "ann") as ann, enter(chat, "bob", path="/") as bob:
        ann.send(json.dumps({"action": "say", "text": "good morning"}))
        for socket in (ann, bob):
            assert json.loads(socket.recv(timeout=10)) == {"text": "good morning"}


def test_who_is_not_let_in_gets_a_status(chat):
    for headers, path, status in [
        ({}, "/", 401),
        ({"Authorization": "Bearer of bad news"}, "/", 403),
        ({"Authorization": "Bearer secret-of-ann"}, "/?room=closed", 423),
        ({"Authorization": "Bearer secret-of-ann"}, "/elsewhere", 403),
    ]:
        with pytest.raises(InvalidStatus) as refused:
            connect(chat.url + path, additional_headers=headers)
        assert refused.value.response.status_code == status, path
    assert requests.get(chat.url.replace("ws:", "http:"), timeout=10).status_code == 426


def test_a_message_comes_back_whole(chat):
    with enter(chat, "ann") as ann:
        around = len('{"action": "echo", "text": ""}')
        for length in (0, 1, 32_000, 32_768, 100_000, 131_072 - around):
            text = json.dumps({"action": "echo", "text": "\u00e9" * (length // 2)}, ensure_ascii=False)
            parts = [text[at : at + 10_000] for at in range(0, len(text), 10_000)]
            ann.send(iter(parts))
            assert ann.recv(timeout=10) == text
        ann.send('{"action": "long"}')
        frames = list(ann.recv_streaming())
        assert "".join(frames) == "x" * 100_000 and max(map(len, frames)) <= 32_768


def test_what_no_route_takes_and_what_fails_is_told(chat):
    with enter(chat, "ann") as ann:
        for sent, words in [("no JSON", "Forbidden"), ('{"action": "fail"}', "Internal server error")]:
            ann.send(sent)
            received = ann.recv(timeout=10)
            assert re.fullmatch(
                r'\{"message": "' + words + r'", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}', received
            ), received


@pytest.mark.parametrize(
    "message, code",
    [
        ("x" * 32_769, 1009),
        (["x" * 32_768] * 4 + ["x"], 1009),
        (b"bytes", 1003),
        ([b"by", b"tes"], 1003),
        ('{"action": "leave"}', 1000),
    ],
    ids=["frame", "message", "binary", "binary in parts", "by the application"],
)
def test_an_end_from_the_api_has_its_code(chat, message, code):
    with enter(chat, "eve") as eve:
        own = connection_id(chat, "eve")
        before = len(chat.log)
        eve.send(message)
        if code == 1000:
            assert eve.recv(timeout=10) == "bye"
        assert closed(eve) == code
        chat.logged(re.escape(own) + rf" has left: {code}", before)


@pytest.mark.parametrize(
    "frame, code",
    [
        (b"\x81\x02hi", 1002),
        (b"\xc1\x82\0\0\0\0hi", 1002),
        (b"\x83\x82\0\0\0\0hi", 1002),
        (b"\x80\x82\0\0\0\0hi", 1002),
        (b"\x09\x80\0\0\0\0", 1002),
        (b"\x89\xfe\x00\x7e\0\0\0\0" + b"x" * 126, 1002),
        (b"\x88\x81\0\0\0\0x", 1002),
        (b"\x81\x82\0\0\0\0\xff\xfe", 1007),
        (b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 1009),
    ],
    ids="unmasked bit opcode continuation ping-in-parts long-ping short-close no-utf-8 exabytes".split(),
)
def test_a_client_that_breaks_the_protocol_is_told_by_the_code(chat, frame, code):
    with enter(chat, "eve") as eve:
        before = len(chat.log)
        own = connection_id(chat, "eve")
        eve.socket.sendall(frame)
        assert closed(eve) == code
        chat.logged(re.escape(own) + rf" has left: {code}", before)


def test_a_ping_is_answered_and_a_pong_that_nobody_asked_for_is_ignored(chat):
    with enter(chat, "ann") as ann:
        assert ann.ping(b"still there?").wait(10)
        ann.pong(b"by the way")
        ann.send('{"action": "echo"}')
        assert ann.recv(timeout=10) == '{"action": "echo"}'


def test_the_application_chooses_a_subprotocol(chat):
    for offered, chosen in [(["chat.v1", "chat.v2"], "chat.v1"), (["x", "chat.v2"], "chat.v2"), (["x"], None), (None, None)]:
        with enter(chat, "ann", subprotocols=offered) as ann:
            assert ann.subprotocol == chosen


def test_what_is_too_much_is_told_on_the_connection(chat):
    with enter(chat, "ann") as ann:
        for _ in range(3):
            ann.send('{"action": "rare"}')
        answers = sorted(ann.recv(timeout=10) for _ in range(3))
        assert "rare" in answers
        refused = next(answer for answer in answers if answer != "rare")
        assert re.fullmatch(
            r'\{"message": "Too Many Requests", "connectionId":"[\w-]{15}=", "requestId":"[\w-]{15}="\}', refused
        ), refused


def knock(chat, sign, key="local", secret="local"):
    """Connects to the API whose callers sign."""
    url = chat.desk + "/default"
    request = AWSRequest("GET", url.replace("ws:", "http:"))
    sign(Credentials(key, secret), "execute-api", "us-east-1").add_auth(request)
    headers = {name: value for name, value in request.headers.items() if name.lower() != "host"}
    query = urlsplit(request.url).query
    return connect(f"{url}?{query}" if query else url, additional_headers=headers)


@pytest.mark.parametrize("sign", [SigV4Auth, SigV4QueryAuth])
def test_who_signs_may_connect(chat, sign):
    with knock(chat, sign) as socket:
        socket.send('{"header": {"kind": "me"}}')
        assert socket.recv(timeout=10) == "arn:aws:iam::000000000000:root slow"
        for text in ('{"header": {"kind": "$connect"}}', '{"header": "me"}', '{"header.kind": "me"}', "[]", "", "{"):
            socket.send(text)
            assert json.loads(socket.recv(timeout=10))["message"] == "Forbidden", text
    for key, secret in [("local", "wrong"), ("AKIAIOSFODNN7EXAMPLE", "local")]:
        with pytest.raises(InvalidStatus) as refused:
            knock(chat, sign, key, secret)
        assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        connect(chat.desk + "/default")
    assert refused.value.response.status_code == 403


def test_an_end_from_the_client_reaches_the_handler(chat):
    before = len(chat.log)
    with enter(chat, "ann") as ann:
        ann.close(4001, "enough")
        assert ann.protocol.close_rcvd.code == 4001  # the API answers with a close frame of its own
    chat.logged(r'has left: 4001 \\*"enough', before)
    before = len(chat.log)
    with enter(chat, "ann") as ann:
        ann.socket.close()
    chat.logged(r"has left: 1006", before)
    assert eventually(lambda: chat.client("dynamodb").scan(TableName="chat-Guest")["Count"] == 0)


def management(url):
    return boto3.client(
        "apigatewaymanagementapi",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
        config=Config(retries={"total_max_attempts": 1}),
    )


def test_boto3_sends_to_a_connection_asks_for_it_and_closes_it(chat):
    for url in (chat.aws_url, chat.aws_url + "/default", chat.url.replace("ws:", "http:") + "/default"):
        client = management(url)
        with enter(chat, "zoe") as zoe:
            own = connection_id(chat, "zoe")
            client.post_to_connection(ConnectionId=own, Data=b"hello")
            assert zoe.recv(timeout=10) == "hello"
            described = client.get_connection(ConnectionId=own)
            assert described["Identity"]["SourceIp"] == "127.0.0.1"
            assert described["Identity"]["UserAgent"].startswith("Python")
            assert described["ConnectedAt"] <= described["LastActiveAt"]
            longest = "x" * 128 * 1024
            client.post_to_connection(ConnectionId=own, Data=longest)
            assert zoe.recv(timeout=10) == longest
            client.delete_connection(ConnectionId=own)
            assert closed(zoe) == 1000
        with pytest.raises(client.exceptions.GoneException):
            client.post_to_connection(ConnectionId=own, Data=b"too late")
        with pytest.raises(ClientError) as refused:
            client.post_to_connection(ConnectionId="nobody", Data=b"x")
        assert refused.value.response["Error"]["Code"] == "BadRequestException"
        with pytest.raises(client.exceptions.PayloadTooLargeException):
            client.post_to_connection(ConnectionId=own, Data=b"x" * (128 * 1024 + 1))


def test_who_signs_with_no_key_of_the_account_reaches_no_connection(chat):
    forged = {
        "x-amz-date": "20200101T000000Z",
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAX/20200101/eu-west-9/any/aws4_request, "
        "SignedHeaders=host, Signature=00",
    }
    with enter(chat, "eve") as eve:
        path = "/default/@connections/" + connection_id(chat, "eve").replace("=", "%3D")
        for url in (chat.url.replace("ws:", "http:"), chat.aws_url):
            answer = requests.post(url + path, headers=forged, data="evil", timeout=10)
            assert answer.status_code == 403, answer.text
            assert requests.delete(url + path, headers=forged, timeout=10).status_code == 403
        eve.send(json.dumps({"action": "echo", "text": "still there"}))
        assert json.loads(eve.recv(timeout=10))["text"] == "still there"


def test_the_port_of_an_api_leads_to_no_other_api_of_the_account(chat):
    url = chat.url.replace("ws:", "http:")
    keys = {"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=00"}
    headers = {"x-amz-target": "DynamoDB_20120810.Scan", "x-amz-date": "20200101T000000Z", **keys}
    for method, path in (("PUT", "/x/@connections/y"), ("POST", "/%zz/@connections/y"), ("POST", "/2015-03-31/@connections/y")):
        answer = requests.request(method, url + path, headers=headers, data='{"TableName": "chat-Guest"}', timeout=10)
        assert answer.status_code in (403, 426), answer.text
        assert "Items" not in answer.text


def test_many_connections_at_once_miss_nothing(chat):
    with ExitStack() as stack:
        sockets = [stack.enter_context(enter(chat, f"guest{number}")) for number in range(50)]
        for number, socket in enumerate(sockets):
            socket.send(json.dumps({"action": "echo", "text": number}))
        for number, socket in enumerate(sockets):
            assert json.loads(socket.recv(timeout=30))["text"] == number


def test_whoever_the_application_closes_is_told_so_each_time(chat):
    def leave(number):
        with enter(chat, f"guest{number}") as socket:
            socket.send('{"action": "leave"}')
            assert socket.recv(timeout=30) == "bye"
            return closed(socket)

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(leave, range(1000))) == {1000}


def test_the_client_ws_speaks_with_the_application(chat):
    folder = installed("e2e-ws-node", ["ws@8.18.3"])
    script = folder / "talk.mjs"
    script.write_text((Path(__file__).parent / "ws.mjs").read_text())
    talk = subprocess.run(["node", script, chat.url + "/default"], capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(talk.stdout) == {
        "protocol": "chat.v2",
        "extensions": "",
        "pong": "still there?",
        "echo": True,
        "refused": 401,
        "binary": [1003, "Binary is not supported"],
        "left": [1000, "Connection Closed Normally"],
    }


def test_a_connection_outlives_a_change_of_the_source(chat):
    with enter(chat, "ann") as ann, enter(chat, "bob") as bob:
        chat.app.edit('"x".repeat(100_000)', '"a new version".into()')

        def answer():
            ann.send('{"action": "long"}')
            return ann.recv(timeout=60)

        eventually(lambda: answer() == "a new version", 300)
        bob.send(json.dumps({"action": "say", "text": "still here"}))
        for socket in (ann, bob):
            assert json.loads(socket.recv(timeout=10)) == {"text": "still here"}
