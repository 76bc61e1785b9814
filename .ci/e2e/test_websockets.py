"""A WebSocket API behind a port, with the clients `websockets` and boto3."""

import json
import re

import boto3
import pytest
import requests
from botocore.exceptions import ClientError
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from dev import Dev, eventually
from source_app import SourceApp


@pytest.fixture(scope="module")
def chat(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chat")
    app = SourceApp(folder, "chat")
    with Dev("chat", folder / "state", workspace=app.folder) as server:
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
        for length in (0, 1, 32_000, 32_768, 100_000):
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
    [("x" * 32_769, 1009), (["x" * 30_000] * 5, 1009), (b"bytes", 1003), ('{"action": "leave"}', 1000)],
    ids=["frame", "message", "binary", "by the application"],
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
        assert answer.status_code in (403, 404), answer.text
        assert "Items" not in answer.text


def test_many_connections_at_once_miss_nothing(chat):
    sockets = [enter(chat, f"guest{number}") for number in range(50)]
    try:
        for number, socket in enumerate(sockets):
            socket.send(json.dumps({"action": "echo", "text": number}))
        for number, socket in enumerate(sockets):
            assert json.loads(socket.recv(timeout=30))["text"] == number
    finally:
        for socket in sockets:
            socket.close()
