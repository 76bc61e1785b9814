"""What machines read: each line an object of one of four types, and each command ends with `done`.

The shapes are those of the guide's page on deploying.
"""

import json

NOTE = {"type": str, "message": str}
CHANGES = {"type": str, "changes": dict}
EVENT = {"type": str, "resource": str, "resource_type": str, "status": str, "reason": (str, type(None))}
DONE = {"type": str, "message": str, "changed": bool}
REPORT = {"resources": list, "permissions": list, "routes": list, "cost": dict}
RESOURCE = {"logical_id", "resource_type", "physical_id", "what", "is_kept", "properties"}
COST = {"region", "prices_of", "lines", "dollars_before", "dollars_after", "not_counted"}


def fits(value, shape):
    assert value.keys() == shape.keys(), value
    assert all(isinstance(value[key], kind) for key, kind in shape.items()), value


def lines(project, command, *options):
    process = project.start(command, "--stage", project.stage, "--json", *options)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, out + err
    read = [json.loads(line) for line in out.splitlines()]
    for line in read[:-1]:
        fits(line, {"note": NOTE, "changes": CHANGES, "event": EVENT}[line["type"]])
    for line in read:
        if line["type"] == "changes":
            fits(line["changes"], REPORT)
            assert line["changes"]["cost"].keys() == COST
            assert all(RESOURCE - {"physical_id"} <= resource.keys() <= RESOURCE for resource in line["changes"]["resources"]), line
    assert read[-1]["type"] == "done"
    return read


def done(line, changed, facts):
    fits(line, {**DONE, facts: dict})
    assert line["changed"] is changed
    return line[facts]


def test_each_command_tells_what_it_does_in_one_shape(project):
    project = project("one")
    project.review()
    told = lines(project, "diff", *project.code())
    assert [line["type"] for line in told] == ["note", "changes", "done"]
    assert done(told[-1], False, "outputs") == {}

    told = lines(project, "deploy", "--yes", *project.code())
    assert {line["type"] for line in told} == {"changes", "note", "event", "done"}
    assert done(told[-1], True, "outputs").keys() >= {"ApiUrl"}
    [changes] = [line["changes"] for line in told if line["type"] == "changes"]
    assert {route["route"] for route in changes["routes"]} == {"GET /parcels/{id}", "POST /parcels"}
    assert {line["resource"] for line in told if line["type"] == "event"} > {"ParcelTable", project.stack}

    told = lines(project, "deploy", "--yes", *project.code())
    assert [line["type"] for line in told] == ["done"] and done(told[-1], False, "outputs").keys() >= {"ApiUrl"}
    told = lines(project, "diff", *project.code())
    assert [line["type"] for line in told] == ["done"] and done(told[-1], False, "outputs") == {}

    told = lines(project, "remove", "--yes")
    assert {line["type"] for line in told} == {"note", "event", "done"}
    assert done(told[-1], True, "kept").keys() == {"ParcelTable"}
    told = lines(project, "remove", "--yes")
    assert [line["type"] for line in told] == ["done"] and done(told[-1], False, "kept") == {}
