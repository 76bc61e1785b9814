"""What the commands ask of AWS: remembered, and refused where a test says so."""

import io
import re
from urllib.parse import parse_qs, quote

# The actions of IAM that S3's requests are, by method and whether there is an object.
S3 = {("HEAD", False): "ListBucket", ("HEAD", True): "GetObject", ("GET", True): "GetObject", ("PUT", True): "PutObject"}
REQUEST_ID = "c6104cbe-af31-11e0-8154-cbc7ccf896c7"


class Requests:
    """Before what moto serves. Only what the AWS SDK for Rust sends is looked at: the tests themselves use another."""

    def __init__(self, backends):
        self.backends = backends
        self.used = []
        self.refusals = []

    def __call__(self, environ, start_response):
        if "aws-sdk-rust" not in environ.get("HTTP_USER_AGENT", ""):
            return self.backends(environ, start_response)
        service, action = _action(environ)
        self.used.append(f"{service}:{action}")
        for refusal in self.refusals:
            if refusal["action"] == f"{service}:{action}":
                return _refused(service, refusal, environ, start_response)
        return self.backends(environ, start_response)


def _action(environ):
    """By what the request is signed for, and by what each protocol calls an operation."""
    service = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", "")).group(1)
    if service == "s3":
        has_key = "/" in environ["PATH_INFO"].strip("/")
        return service, S3[environ["REQUEST_METHOD"], has_key]
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return service, target.partition(".")[2]
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(body)
    return service, parse_qs(body.decode())["Action"][0]


def _refused(service, refusal, environ, start_response):
    code, status = refusal["code"], refusal.get("status", 403)
    message = refusal.get("message", code)
    if service == "logs":
        content, body = "application/x-amz-json-1.1", f'{{"__type": "{code}", "message": "{message}"}}'
    elif service == "s3":
        content, body = "application/xml", f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    else:
        error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        content, body = "text/xml", f"<ErrorResponse>{error}<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
    headers = [("Content-Type", content), *((name, quote(value)) for name, value in refusal.get("headers", {}).items())]
    start_response(f"{status} Refused", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body.encode()]
