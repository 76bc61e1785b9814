"""What the example answers is what its OpenAPI document says, and what the document forbids is refused."""

import json
import subprocess

import pytest
from jsonschema import Draft202012Validator

from dev import ROOT, XTASK

LAMP = {"item": "a lamp", "total_cents": 4900}


@pytest.fixture(scope="module")
def document():
    command = [XTASK, "openapi", "--package", "orders", "--format", "json"]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert "note:" not in printed.stderr  # every type has a schema
    return json.loads(printed.stdout)


@pytest.fixture(scope="module")
def call(shop, document):
    """Sends a request to an operation and checks the reply against what the document says of that."""

    def send(method, path, expected, token=None, body=None, **values):
        operation = document["paths"][path][method]
        reply = shop.request(method.upper(), path.format(**values), token, json=body)
        assert reply.status_code == expected, reply.text
        responses = operation["responses"]
        content = responses.get(str(expected), responses.get("default"))["content"] if expected != 204 else {}
        kind = reply.headers.get("content-type", "").split(";")[0]
        assert bool(reply.content) == bool(content)
        if content:
            value = reply.text if kind.startswith("text/") else reply.json()
            validator(document, content[kind]["schema"]).validate(value)
            return value
        return None

    return send


def validator(document, schema):
    """A reference is into the document, so the document's schemas go with it."""
    return Draft202012Validator({**schema, "components": document["components"]})


def test_every_kind_of_reply_fits(call, ann):
    token = ann["IdToken"]
    assert call("get", "/health", 200) == "ok"
    order = call("post", "/orders", 201, token, LAMP)
    call("get", "/orders", 200, token)
    call("get", "/orders/{id}", 200, token, id=order["id"])
    call("post", "/orders/{id}/pay", 200, token, id=order["id"])
    other = call("post", "/orders", 201, token, LAMP)
    call("delete", "/orders/{id}", 204, token, id=other["id"])


def test_every_kind_of_failure_fits(call, ann):
    token = ann["IdToken"]
    assert call("get", "/orders", 401)["message"] == "Unauthorized"
    assert call("post", "/orders", 400, token, {"item": "a lamp"})["status"] == 400
    assert call("get", "/orders/{id}", 404, token, id="none")["status"] == 404
    assert call("get", "/staff/orders/{status}", 403, token, status="open")["status"] == 403


@pytest.mark.parametrize("body", [{"item": "a lamp"}, {**LAMP, "more": 1}, {**LAMP, "total_cents": -1}, {**LAMP, "item": 5}, []])
def test_what_the_document_forbids_is_refused(shop, document, ann, body):
    content = document["paths"]["/orders"]["post"]["requestBody"]["content"]
    assert not validator(document, content["application/json"]["schema"]).is_valid(body)
    assert shop.request("POST", "/orders", ann["IdToken"], json=body).status_code == 400


def test_parameters_outside_of_their_schema_are_refused(shop, document, ann):
    parameters = {it["name"]: it for it in document["paths"]["/orders"]["get"]["parameters"]}
    assert not validator(document, parameters["limit"]["schema"]).is_valid("many")
    assert shop.request("GET", "/orders?limit=many", ann["IdToken"]).status_code == 400
