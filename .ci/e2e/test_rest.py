"""A REST API as an HTTP server."""

import http.client
import json
import os
import re
from urllib.parse import urlsplit

import pytest
import requests

from dev import Dev
from source_app import SourceApp


@pytest.fixture(scope="module")
def partners(tmp_path_factory):
    folder = tmp_path_factory.mktemp("partners")
    app = SourceApp(folder, "partners")
    with Dev("partners", folder / "state", workspace=app.folder) as server:
        yield server


def refusal(reply):
    return reply.status_code, reply.headers.get("x-amzn-errortype"), reply.text


def test_a_path_or_method_that_is_not_there_misses_a_token(partners):
    for method, path in [("GET", "/nowhere"), ("POST", "/people/ann"), ("GET", "/people/ann/more"), ("GET", "/")]:
        reply = partners.request(method, path)
        expected = (403, "MissingAuthenticationTokenException", '{"message":"Missing Authentication Token"}')
        assert refusal(reply) == expected, (method, path)
    reply = partners.request("GET", "/nowhere", token="x")
    assert reply.status_code == 403 and "not a valid" not in reply.text and "Authorization header" in reply.text


def test_a_reply_says_which_request_it_is_of(partners):
    reply = partners.request("GET", "//people/caf%C3%A9%2F1/")
    assert (reply.status_code, reply.text) == (200, "caf\u00e9/1 at /people/caf%C3%A9%2F1/ of default")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", reply.headers["x-amzn-requestid"])
    assert re.fullmatch(r"[\w+/-]{15}=", reply.headers["x-amz-apigw-id"])
    assert reply.headers["x-amzn-trace-id"].startswith("Root=1-")


@pytest.mark.parametrize("size", [0, 1, 65_536, 3 * 1024 * 1024])
def test_a_body_comes_back_byte_for_byte(partners, size):
    sent = os.urandom(size)
    reply = partners.request("POST", "/echo", data=sent, headers={"content-type": "application/octet-stream"})
    assert reply.status_code == 200 and reply.content == sent


def test_a_body_that_is_too_long_is_refused(partners):
    reply = partners.request("POST", "/echo", data=b"a" * (10 * 1024 * 1024 + 1))
    assert (reply.status_code, reply.text) == (413, "HTTP content length exceeded 10485760 bytes.")
    reply = partners.request("POST", "/echo", data=b"a" * (8 * 1024 * 1024))
    assert refusal(reply) == (413, "RequestTooLargeException", '{"message":"Request Too Long"}')


def test_members_are_let_in_with_their_id_token(partners):
    tokens = partners.sign_up("Member", "ann@example.com")
    reply = partners.request("GET", "/me", token=tokens["IdToken"])
    assert reply.status_code == 200 and reply.json()["exp"] > 1_700_000_000
    assert partners.request("GET", "/me", headers={"authorization": tokens["IdToken"]}).status_code == 200
    unauthorized = (401, "UnauthorizedException", '{"message":"Unauthorized"}')
    assert refusal(partners.request("GET", "/me", token=tokens["AccessToken"])) == unauthorized
    assert refusal(partners.request("GET", "/me", token=tokens["IdToken"] + "x")) == unauthorized
    assert refusal(partners.request("GET", "/me")) == unauthorized


def test_partners_are_let_in_by_the_authorizer(partners):
    reply = partners.request("GET", "/feed", token="secret of 7")
    assert (reply.status_code, reply.json()) == (200, {"name": "7", "regions": ["eu"]})
    status, kind, body = refusal(partners.request("GET", "/feed", token="guess"))
    assert (status, kind) == (403, "AccessDeniedException") and "with an explicit deny" in body
    assert refusal(partners.request("GET", "/feed")) == (401, "UnauthorizedException", '{"message":"Unauthorized"}')


def test_the_key_is_in_the_banner(partners):
    key = re.search(r"API key +Partners +(\S+)", partners.banner).group(1)
    assert partners.request("GET", "/keyed", headers={"x-api-key": key}).text == "let in"
    reply = partners.request("GET", "/keyed", headers={"x-api-key": key[:-1]})
    assert refusal(reply) == (403, "ForbiddenException", '{"message":"Forbidden"}')


@pytest.mark.parametrize("path", ["/panic", "/sleep"])
def test_a_handler_that_fails_is_a_bad_gateway(partners, path):
    expected = (502, "InternalServerErrorException", '{"message": "Internal server error"}')
    assert refusal(partners.request("GET", path)) == expected


def test_pages_of_the_origins_that_may_call_are_told_so(partners):
    for origin in ["https://a.example", "https://b.example"]:
        for method, path, status in [("OPTIONS", "/me", 204), ("GET", "/me", 401), ("GET", "/people/ann", 200)]:
            reply = partners.request(method, path, headers={"origin": origin})
            assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (status, origin), (method, path)
    reply = partners.request("GET", "/people/ann", headers={"origin": "https://evil.example"})
    assert "access-control-allow-origin" not in reply.headers


def url_of(server, name):
    """Where a function of that name has its own URL."""
    return re.search(rf"URL {name} +(http://\S+)", server.banner).group(1)


@pytest.mark.parametrize(("name", "path"), [("relay", None), ("rest", "/relay")])
def test_a_reply_is_sent_while_it_is_made(partners, name, path):
    address = f"{url_of(partners, 'relay')}/any" if path is None else partners.url + path
    with requests.get(address, stream=True, timeout=60) as reply:
        assert reply.status_code == 200 and reply.headers["transfer-encoding"] == "chunked"
        parts = reply.iter_content(chunk_size=None)
        assert next(parts) == b"ready"
        # The handler waits for this, and so for somebody who has read its first words.
        partners.client("dynamodb").put_item(TableName="partners-Signal", Item={"name": {"S": name}})
        assert b"".join(parts) == b", steady, go"


def test_a_reply_that_fails_in_the_midst_is_not_taken_for_whole(partners):
    connection = http.client.HTTPConnection(urlsplit(url_of(partners, "half")).netloc, timeout=60)
    connection.request("GET", "/")
    with pytest.raises(http.client.IncompleteRead) as broken:
        connection.getresponse().read()
    assert broken.value.partial == b"half"
    partners.logged("on purpose")


def test_a_reply_that_breaks_off_harms_no_other(partners):
    """The process that broke off dies, and no other request is given to it meanwhile."""
    address = urlsplit(url_of(partners, "half")).netloc
    for _ in range(5):
        connection = http.client.HTTPConnection(address, timeout=60)
        connection.request("GET", "/")
        reply = connection.getresponse()
        with pytest.raises(http.client.IncompleteRead) as broken:
            reply.read()
        assert (reply.status, broken.value.partial) == (200, b"half")


def url_event():
    """What a function's URL would send."""
    request = {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "boto3"}
    context = {"http": request, "requestId": "id", "routeKey": "$default", "stage": "$default", "time": "", "timeEpoch": 0}
    return {"version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": {},
            "requestContext": context, "isBase64Encoded": False}


def stream_of(server, function, **more):
    payload = json.dumps(url_event()).encode()
    functions = server.client("lambda")
    answer = functions.invoke_with_response_stream(FunctionName=f"partners-{function}", Payload=payload, **more)
    assert (answer["StatusCode"], answer["ExecutedVersion"]) == (200, "$LATEST")
    return iter(answer["EventStream"])


def test_boto3_reads_an_answer_while_it_is_made(partners):
    dynamodb = partners.client("dynamodb")
    dynamodb.delete_item(TableName="partners-Signal", Key={"name": {"S": "relay"}})
    events = stream_of(partners, "relay", LogType="Tail")
    said = b""
    while not said.endswith(b"ready"):
        said += next(events)["PayloadChunk"]["Payload"]
    head, _, _ = said.partition(b"\0" * 8)
    assert json.loads(head)["statusCode"] == 200
    dynamodb.put_item(TableName="partners-Signal", Item={"name": {"S": "relay"}})
    *rest, last = events
    assert b"".join(event["PayloadChunk"]["Payload"] for event in rest) == b", steady, go"
    assert "ErrorCode" not in last["InvokeComplete"] and last["InvokeComplete"]["LogResult"]


def test_boto3_is_told_how_a_stream_ended(partners):
    *_, last = stream_of(partners, "half")
    assert last["InvokeComplete"]["ErrorCode"] == "Unhandled"
    assert json.loads(last["InvokeComplete"]["ErrorDetails"])["errorType"] == "Runtime.ExitError"
    whole = list(stream_of(partners, "keyed"))
    assert b"let in" in whole[0]["PayloadChunk"]["Payload"] and whole[-1] == {"InvokeComplete": {}}
