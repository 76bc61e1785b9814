"""An application whose handlers misbehave, and whose source changes while it is served."""

import json
import os
import subprocess
import time

import pytest

from dev import TARGET, XTASK, eventually


def test_a_handler_that_panics_is_an_error_of_its_own_call_only(faults):
    for _ in range(2):
        reply = faults.request("GET", "/panic")
        assert (reply.status_code, reply.json()["message" if "message" in reply.json() else "title"]) == (
            500,
            "Internal Server Error",
        )
        assert "on purpose" not in reply.text
    assert "on purpose" in faults.log
    assert faults.request("GET", "/version").status_code == 200


@pytest.mark.parametrize("path", ["/sleep", "/spin"])
def test_a_handler_that_takes_too_long_is_stopped(faults, path, together):
    started = time.monotonic()
    slow, quick = together(lambda: faults.request("GET", path), lambda: faults.request("GET", "/version"))
    assert slow.status_code == 500 and slow.json() == {"message": "Internal Server Error"}
    assert quick.status_code == 200
    assert time.monotonic() - started < 15
    name = {"/sleep": "sleeps", "/spin": "spins"}[path]
    # A process that spins would burn a processor for ever.
    eventually(lambda: name not in running(faults))


def running(server):
    """The names of the functions that have a process."""
    names = []
    for pid in server.children():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                names += [pair[9:].decode() for pair in file.read().split(b"\0") if pair.startswith(b"_HANDLER=")]
        except OSError:
            pass  # it has ended meanwhile
    return names


@pytest.mark.parametrize("path", ["/exit", "/abort"])
def test_a_process_that_dies_is_replaced(faults, path):
    for _ in range(2):
        reply = faults.request("GET", path)
        assert (reply.status_code, reply.json()) == (500, {"message": "Internal Server Error"})
    assert faults.request("GET", "/version").status_code == 200


def test_a_process_that_dies_is_said_so_to_who_called_it(faults):
    called = faults.client("lambda").invoke(FunctionName="faults-aborts_when_called", Payload=b"{}")
    error = json.loads(called["Payload"].read())
    assert (called["FunctionError"], error["errorType"]) == ("Unhandled", "Runtime.ExitError")
    assert "signal: aborted" in error["errorMessage"] or "signal 6" in error["errorMessage"]


def test_an_answer_of_more_than_six_megabytes_is_none(faults):
    reply = faults.request("GET", "/huge")
    assert (reply.status_code, reply.json()) == (500, {"message": "Internal Server Error"})
    assert faults.request("GET", "/version").status_code == 200


def test_a_handler_that_may_read_cannot_write(faults):
    notes = faults.client("dynamodb")
    log = len(faults.log)
    assert faults.request("POST", "/sneak/1").status_code == 500
    refusal = faults.logged("AccessDeniedException.*|.*not authorized to perform.*", log).group(0)
    assert "dynamodb:PutItem" in refusal and "faults-sneak" in refusal
    assert faults.request("POST", "/notes/2").status_code == 204
    assert [item["id"]["S"] for item in notes.scan(TableName="faults-Note")["Items"]] == ["2"]


def statements_of(template, function):
    """What the role of a function lets it do, except for writing its own log."""
    role, _ = template["Resources"][function]["Properties"]["Role"]["Fn::GetAtt"]
    policies = template["Resources"][role]["Properties"]["Policies"]
    statements = [it for policy in policies for it in policy["PolicyDocument"]["Statement"]]
    return [it for it in statements if not it["Action"][0].startswith("logs:")]


def test_the_template_of_a_handler_that_reads_has_nothing_that_writes(faults_app):
    printed = subprocess.run(
        [XTASK, "template", "--format", "json"],
        cwd=faults_app.folder,
        env={**os.environ, "CARGO_TARGET_DIR": str(TARGET)},
        check=True,
        capture_output=True,
    )
    template = json.loads(printed.stdout)
    [statement] = statements_of(template, "SneakFunction")
    assert sorted(statement["Action"]) == ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    assert statement["Resource"] == {"Fn::GetAtt": ["NoteTable", "Arn"]}
    roles = [it for it in template["Resources"].values() if it["Type"] == "AWS::IAM::Role"]
    assert len(roles) > 10 and '"Resource": "*"' not in json.dumps(roles) and ':*"' not in json.dumps(roles)


def answer(server):
    return server.request("GET", "/version").text


def test_a_change_is_served_without_a_restart_and_a_mistake_leaves_the_old_version(faults, faults_app):
    children, tables = faults.process.pid, faults.client("dynamodb").list_tables()["TableNames"]
    log = len(faults.log)
    faults_app.edit('"version 1"', '"version 2"')
    faults.logged("reloaded in", log, seconds=300)
    assert answer(faults) == "version 2"

    log = len(faults.log)
    faults_app.edit('"version 2"', "3")
    faults.logged("goes on serving", log, seconds=300)
    assert "mismatched types" in faults.log[log:] and "src/lib.rs" in faults.log[log:]
    assert answer(faults) == "version 2"

    log = len(faults.log)
    faults_app.edit("    3\n", '    "version 4"\n')
    faults.logged("reloaded in", log, seconds=300)
    assert answer(faults) == "version 4"
    assert faults.process.pid == children and faults.client("dynamodb").list_tables()["TableNames"] == tables
