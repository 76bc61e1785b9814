"""What functions logged, and go on logging."""

import json
import signal
import threading
import time

from dev import eventually


def put(account, project, function, *events):
    """Events as Lambda writes them: the milliseconds before now, and the message."""
    logs, group = account.client("logs"), f"/aws/lambda/{project.stack}/{function}"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    if not logs.describe_log_streams(logGroupName=group)["logStreams"]:
        logs.create_log_stream(logGroupName=group, logStreamName="s")
    now = int(time.time() * 1000)
    events = [{"timestamp": now - ago, "message": json.dumps(message)} for ago, message in events]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


def test_logs_of_all_functions_are_told_in_order(project, account):
    project = project("one")
    put(account, project, "get_parcel", (2000, {"level": "INFO", "message": "found", "parcel": "7"}))
    put(account, project, "track", (3000, {"level": "WARN", "message": "late"}), (1000, {"type": "platform.start", "record": {}}))
    code, said = project.at_stage("logs")
    assert code == 0, said
    assert [line.split(" ", 1)[1] for line in said.splitlines()] == ["WARN  track: late", "INFO  get_parcel: found parcel=7"]
    code, said = project.at_stage("logs", "--json", "--function", "track")
    told = [json.loads(line) for line in said.splitlines()]
    assert [it["message"] for it in told] == [{"level": "WARN", "message": "late"}, {"type": "platform.start", "record": {}}]
    assert all(it.keys() == {"timestamp", "function", "stream", "id", "message"} for it in told)
    code, said = project.at_stage("logs", "--function", "trakc")
    assert code == 1 and "did you mean `track`?" in said, said


def test_what_is_logged_meanwhile_is_followed_until_ctrl_c(project, account):
    project = project("two")
    put(account, project, "track", (1000, {"level": "INFO", "message": "before"}))
    process = project.start("logs", "--stage", project.stage, "--follow", "--json")
    told = []
    reader = threading.Thread(target=lambda: told.extend(process.stdout), daemon=True)
    reader.start()
    try:
        # Lines are read one by one, as by `jq`.
        reader_of = lambda: [json.loads(line)["message"]["message"] for line in list(told)]  # noqa: E731
        eventually(lambda: reader_of() == ["before"], 60)
        put(account, project, "track", (0, {"level": "INFO", "message": "moved", "parcel": "7"}))
        eventually(lambda: reader_of() == ["before", "moved"], 60)
        assert json.loads(told[1])["message"]["parcel"] == "7"
    finally:
        process.send_signal(signal.SIGINT)
        code = process.wait(20)
    reader.join(20)
    assert code == 0 and len(told) == 2, process.stderr.read()
