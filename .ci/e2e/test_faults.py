"""An application whose handlers misbehave, and whose source changes while it is served."""

import json
import os
import subprocess
import threading
import time

import pytest
import requests

from dev import TARGET, XTASK, eventually

# Seconds that a build may take on a machine that builds other things as well.
BUILD = 300


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
    process, started = faults.process.pid, faults.banner
    faults_app.edit('"version 1"', '"version 2"')
    eventually(lambda: answer(faults) == "version 2", BUILD)

    log = len(faults.log)
    faults_app.edit('"version 2"', "3")
    faults.logged("goes on serving", log, BUILD)
    assert "mismatched types" in faults.log[log:] and "src/lib.rs" in faults.log[log:]
    assert answer(faults) == "version 2"

    faults_app.edit("    3\n", '    "version 4"\n')
    eventually(lambda: answer(faults) == "version 4", BUILD)
    assert (faults.process.pid, faults.banner) == (process, started)


def test_a_change_fails_no_request(faults, faults_app):
    answers, done = set(), threading.Event()

    def ask():
        with requests.Session() as session:
            while not done.is_set():
                reply = session.get(f"{faults.url}/version", timeout=30)
                answers.add((reply.status_code, reply.text))

    clients = [threading.Thread(target=ask) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        old = answer(faults)
        faults_app.edit(f'"{old}"', '"version 5"')
        eventually(lambda: (200, "version 5") in answers, BUILD)
    finally:
        done.set()
        for client in clients:
            client.join()
    assert answers == {(200, old), (200, "version 5")}


LATER = """
use skyloom::{Error, Json, Public, Table, Write, handler};

/// Came later.
#[derive(Table, serde::Serialize, serde::Deserialize)]
pub struct Later {
    /// Its id.
    #[partition_key]
    pub id: String,
}

#[handler(POST "/later", auth = Public)]
async fn later(Json(id): Json<String>, table: Write<Later>) -> Result<(), Error> {
    table.put(&Later { id }).await?;
    Ok(())
}
"""


def test_a_new_module_brings_its_route_and_its_table_and_is_watched_as_well(faults, faults_app):
    module = faults_app.source.with_name("later.rs")

    def post(path):
        return faults.request("POST", path, json="1").status_code

    dynamodb = faults.client("dynamodb")
    dynamodb.put_item(TableName="faults-Note", Item={"id": {"S": "kept"}})
    module.write_text(LATER)
    faults_app.edit("use std::time", "mod later;\n\nuse std::time")
    eventually(lambda: post("/later") == 204, BUILD)
    assert [item["id"] for item in dynamodb.scan(TableName="faults-Later")["Items"]] == [{"S": "1"}]
    assert "Item" in dynamodb.get_item(TableName="faults-Note", Key={"id": {"S": "kept"}})

    module.write_text(LATER.replace("/later", "/latest"))
    eventually(lambda: post("/latest") == 204, BUILD)
    assert post("/later") == 404

    # What is stored cannot become a table with another key.
    log = len(faults.log)
    module.write_text(LATER.replace("pub id: String", "pub id: u64").replace("Json<String>", "Json<u64>"))
    faults.logged("goes on serving", log, BUILD)
    assert "faults-Later" in faults.log[log:] and "--fresh" in faults.log[log:]
    assert post("/latest") == 204
