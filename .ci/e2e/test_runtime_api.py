"""The application's binary against a Runtime API that knows nothing of Skyloom."""

import json
import os
import queue
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from dev import TARGET

BINARY = os.environ.get("ORDERS_BINARY", TARGET / "debug" / "orders")
PREFIX = "/2018-06-01/runtime"


class RuntimeApi(ThreadingHTTPServer):
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.events, self.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def invoke(self, event):
        request_id = os.urandom(8).hex()
        self.events.put((request_id, json.dumps(event).encode()))
        kind, answered, body = self.answers.get(timeout=30)
        assert answered == request_id
        return kind, json.loads(body)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        assert self.path == f"{PREFIX}/invocation/next"
        request_id, event = self.server.events.get()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", request_id)
        self.send_header("Lambda-Runtime-Deadline-Ms", "4102444800000")
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:f")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0")
        self.send_header("Content-Length", str(len(event)))
        self.end_headers()
        self.wfile.write(event)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])) if "Content-Length" in self.headers else self.chunks()
        _, _, rest = self.path.partition(f"{PREFIX}/invocation/")
        request_id, _, kind = rest.partition("/")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.answers.put((kind, request_id, body))

    def chunks(self):
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_):
        pass


def lambda_variables(name, runtime_api):
    return {
        "_HANDLER": name,
        "AWS_LAMBDA_RUNTIME_API": runtime_api,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/01/01/[$LATEST]0",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "LAMBDA_TASK_ROOT": "/var/task",
    }


@pytest.fixture
def function():
    """Starts the binary as the function of that name, with the variables that Lambda sets."""
    processes = []

    def start(name, **variables):
        api = RuntimeApi()
        environment = {**lambda_variables(name, f"127.0.0.1:{api.server_port}"), **variables}
        processes.append(subprocess.Popen([str(BINARY)], env=environment))
        return api

    yield start
    for process in processes:
        process.kill()
        process.wait()


def http_event(method, path, route, claims=None, **members):
    authorizer = {"authorizer": {"jwt": {"claims": claims, "scopes": None}}} if claims else {}
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "id.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api-id",
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": route,
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
            **authorizer,
        },
        "isBase64Encoded": False,
        **members,
    }


def test_the_binary_answers_one_event_after_another(function):
    api = function("health")
    for _ in range(3):
        kind, answer = api.invoke(http_event("GET", "/health", "GET /health"))
        assert (kind, answer["statusCode"], answer["body"]) == ("response", 200, "ok")


def test_the_binary_says_that_an_event_is_none_and_goes_on(function):
    api = function("health")
    kind, answer = api.invoke({"what": "is this"})
    assert (kind, set(answer) >= {"errorType", "errorMessage"}) == ("error", True)
    assert api.invoke(http_event("GET", "/health", "GET /health"))[0] == "response"


def test_the_binary_uses_the_tables_that_its_variables_name(function, shop):
    variables = {"AWS_ENDPOINT_URL": shop.aws_url, "SKYLOOM_TABLE_Order": "orders-Order"}
    api = function("place_order", **variables)
    claims = {"sub": "carl", "email": "carl@example.com", "token_use": "id"}
    body = json.dumps({"item": "a lamp", "total_cents": 4900})
    kind, answer = api.invoke(http_event("POST", "/orders", "POST /orders", claims, body=body))
    assert (kind, answer["statusCode"]) == ("response", 201), answer
    order = json.loads(answer["body"])
    key = {"shopper": {"S": "carl"}, "id": {"S": order["id"]}}
    assert shop.client("dynamodb").get_item(TableName="orders-Order", Key=key)["Item"]["status"] == {"S": "open"}


def test_a_binary_that_is_no_function_says_so():
    run = subprocess.run([str(BINARY)], env={}, capture_output=True, text=True, timeout=30)
    assert run.returncode != 0 and "manifest" in run.stderr
    unknown = lambda_variables("unknown", "127.0.0.1:9")
    run = subprocess.run([str(BINARY)], env=unknown, capture_output=True, text=True, timeout=30)
    assert run.returncode != 0 and "unknown" in run.stderr
