"""A runtime client that does as the event says: the stand-in for an application's binary."""

import http.client
import json
import os
import signal
import socket
import sys
import time

mode = os.environ.get("MODE", "")
api = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def request(method, path, body=None, headers={}, chunked=False):
    api.request(method, "/2018-06-01/runtime/" + path, body, headers, encode_chunked=chunked)
    response = api.getresponse()
    return response.status, dict((k.lower(), v) for k, v in response.getheaders()), response.read()


if mode == "exit":
    print("cannot go on", file=sys.stderr)
    sys.exit(7)
if mode == "init-error":
    request("POST", "init/error", json.dumps({"errorType": "NoTable", "errorMessage": "where is it?"}))
    sys.exit(1)

handled = 0
while True:
    _, headers, event = request("GET", "invocation/next")
    event, handled = json.loads(event), handled + 1
    invocation = "invocation/" + headers["lambda-runtime-aws-request-id"]
    answer = json.dumps(event)
    match event.get("do"):
        case "count":
            answer = json.dumps({"handled": handled, "pid": os.getpid()})
        case "variables":
            answer = json.dumps(dict(os.environ))
        case "headers":
            answer = json.dumps(headers)
        case "log":
            print("to stdout", flush=True)
            print("to stderr \u2615", file=sys.stderr, flush=True)
        case "fail":
            body = json.dumps({"errorType": "Broken", "errorMessage": "as told", "stackTrace": []})
            request("POST", invocation + "/error", body, {"Lambda-Runtime-Function-Error-Type": "Broken"})
            continue
        case "exit":
            print("last words", flush=True)
            sys.exit(event["code"])
        case "abort":
            os.kill(os.getpid(), signal.SIGABRT)
        case "break-off":
            # The head and a part of a body that was to be longer, and then the end.
            head = "POST /2018-06-01/runtime/%s/response HTTP/1.1\r\nhost: a\r\ncontent-length: 9\r\n" % invocation
            api.sock.sendall((head + "lambda-runtime-function-response-mode: streaming\r\n\r\nhalf").encode())
            api.close()
            sys.exit(1)
        case "wait-for":
            with socket.create_connection(("127.0.0.1", event["port"])) as test:
                test.recv(1)
            print("it goes on", flush=True)
        case "hang":
            time.sleep(3600)
        case "large":
            answer = json.dumps("a" * 7_000_000)
        case "chunks":
            chunks = (b"a" * 1000 for _ in range(1000))
            headers = {"Transfer-Encoding": "chunked", "Lambda-Runtime-Function-Response-Mode": "streaming"}
            request("POST", invocation + "/response", chunks, headers, True)
            continue
        case "wrong-id":
            status, _, body = request("POST", "invocation/another/response", "{}")
            answer = json.dumps([status, json.loads(body)])
    request("POST", invocation + "/response", answer)
    if event.get("do") == "answer-and-exit":
        sys.exit(0)
