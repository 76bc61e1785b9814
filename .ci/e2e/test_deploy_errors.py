"""What goes wrong between a person and an account: each ends with a sentence that says what to do, and a code."""

import json
import os
import re
from pathlib import Path

import pytest

# Where cargo is when there is another home, without credentials.
HOMES = {name: os.environ.get(name, str(Path.home() / folder)) for name, folder in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")]}


@pytest.fixture(scope="module")
def there(app, account):
    """A stack that is there, for whatever needs one."""
    from account import Project

    project = Project(app, account, "one")
    project.write_code("the first")
    project.review()
    code, said = project.deploy("--yes")
    assert code == 0, said
    return project


def last(said):
    """The sentence, from where it begins."""
    assert "\nerror: " in f"\n{said}", said
    return f"\n{said}".rpartition("\nerror: ")[2]


@pytest.mark.parametrize(
    ("options", "environment", "words"),
    [
        (["--stage", "prod"], {}, "the stage `prod` is for 999999999999: choose others with `--profile`"),
        (["--stage", "oen"], {}, "`one`"),
        (["--stage", "two"], {"AWS_REGION": None, "AWS_EC2_METADATA_DISABLED": "true"}, "no region is set: give `--region`"),
        (["--stage", "two"], {"AWS_ACCESS_KEY_ID": None, "AWS_EC2_METADATA_DISABLED": "true"}, "run `aws configure`, or `aws sso login"),
        (["--stage", "two", "--profile", "nobody"], {"AWS_EC2_METADATA_DISABLED": "true"}, "the profile `nobody`: "),
        (["--stage", "two", "--endpoint-url", "http://127.0.0.1:1"], {}, "check the network, the region, and `--endpoint-url`"),
    ],
)
def test_who_cannot_deploy_here_is_told_what_to_do(project, options, environment, words, tmp_path):
    project = project("two")
    nowhere = {"HOME": str(tmp_path), **HOMES, "AWS_MAX_ATTEMPTS": "1"}
    code, said = project.run("deploy", *options, *project.code(), "--yes", environment={**nowhere, **environment})
    assert code == 1 and words in last(said), said


def test_a_named_profile_counts_more_than_the_environment(there, tmp_path):
    (tmp_path / ".aws").mkdir()
    keys = "aws_access_key_id = AKIAPROFILE\naws_secret_access_key = secret\n"
    (tmp_path / ".aws" / "credentials").write_text(f"[ann]\n{keys}")
    code, said = there.deploy("--yes", "--profile", "ann")
    assert code == 1 and "the profile `ann`: " in last(said), said
    code, said = there.at_stage("deploy", *there.code(), "--yes", "--profile", "ann", environment={"HOME": str(tmp_path), **HOMES})
    assert code == 0 and "nothing to do" in said, said


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ExpiredToken", "the AWS credentials have expired"),
        ("InvalidClientTokenId", "check them with `aws sts get-caller-identity`"),
        ("OptInRequired", "enable it, or choose another with `--region`"),
    ],
)
def test_credentials_that_are_not_taken_say_why(project, account, code, words):
    with account.refusing("sts:GetCallerIdentity", code):
        ended, said = project("two").deploy("--yes")
    assert ended == 1 and words in last(said), said


def statement(said):
    """The statement to add, as a policy has it."""
    return json.loads(re.search(r"Add this statement to a policy of the one who deploys: (\{.*\})", said).group(1))


@pytest.mark.parametrize(
    "action",
    ["DescribeStacks", "GetTemplate", "ListChangeSets", "CreateChangeSet", "DescribeChangeSet", "DescribeStackEvents", "ExecuteChangeSet"],
)
def test_a_denied_action_comes_with_the_statement_that_allows_it(there, account, action):
    there.write_code("another")  # so that there is something to do
    events = len(there.events())
    action, stack = f"cloudformation:{action}", f"arn:aws:cloudformation:eu-west-1:123456789012:stack/{there.stack}/*"
    message = f"User: arn:aws:iam::123456789012:user/ann is not authorized to perform: {action} on resource: {stack} because no identity-based policy allows the {action} action"
    with account.refusing(action, message=message):
        code, said = there.deploy("--yes")
    there.write_code("the first")
    assert code == 1 and "arn:aws:iam::123456789012:user/ann may not do" in last(said), said
    assert statement(last(said)) == {"Effect": "Allow", "Action": action, "Resource": stack}
    assert len(there.events()) == events and there.status().endswith("_COMPLETE")


def test_a_denied_upload_names_the_objects(there, account):
    there.write_code("yet another")
    with account.refusing("s3:PutObject", message="Access Denied"):
        code, said = there.deploy("--yes")
    there.write_code("the first")
    objects = "arn:aws:s3:::skyloom-artifacts-123456789012-eu-west-1/*"
    assert code == 1 and statement(last(said)) == {"Effect": "Allow", "Action": "s3:PutObject", "Resource": objects}, said


@pytest.mark.parametrize("action", ["logs:DescribeLogGroups", "logs:FilterLogEvents"])
def test_logs_that_may_not_be_read_say_so(there, account, action):
    group = f"/aws/lambda/{there.stack}/track"
    logs = account.client("logs")
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    resource = f"arn:aws:logs:eu-west-1:123456789012:log-group:{group}:log-stream:"
    message = f"User: arn:aws:iam::123456789012:user/ann is not authorized to perform: {action} on resource: {resource}"
    with account.refusing(action, "AccessDeniedException", status=400, message=message):
        code, said = there.at_stage("logs")
    assert code == 1 and statement(last(said))["Action"] == action, said


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ({"status": 403, "code": "AccessDenied"}, "belongs to another account than 123456789012, or its policy keeps you out"),
        ({"status": 301, "code": "PermanentRedirect", "headers": {"x-amz-bucket-region": "us-east-2"}}, "is in us-east-2"),
    ],
)
def test_a_bucket_of_somebody_else_is_not_used(there, account, refusal, words):
    there.write_code("for another bucket")
    before = there.events()
    with account.refusing("s3:ListBucket", **refusal):
        code, said = there.deploy("--yes")
    there.write_code("the first")
    assert code == 1 and words in last(said), said
    assert there.events() == before


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("ROLLBACK_COMPLETE", "run `cargo xtask remove`, then deploy again"),
        ("ROLLBACK_FAILED", "run `cargo xtask remove`, then deploy again"),
        ("UPDATE_ROLLBACK_FAILED", "run `aws cloudformation continue-update-rollback --stack-name parcels-one`"),
        ("DELETE_FAILED", "run `cargo xtask remove` again, then deploy"),
    ],
)
def test_a_stack_that_cannot_be_updated_says_what_to_run(there, account, status, words):
    before = there.status()
    account.set_status(there.stack, status)
    try:
        for command in ("deploy", "diff"):
            code, said = there.at_stage(command, *there.code(), *(["--yes"] if command == "deploy" else []))
            assert code == 1 and words in last(said), said
    finally:
        account.set_status(there.stack, before)


def test_a_template_that_nobody_reviewed_is_not_deployed(there, app):
    template = app.folder / "template.yaml"
    reviewed = template.read_text()
    template.write_text(reviewed.replace("Timeout: 3", "Timeout: 4", 1) + "# edited\n")
    code, said = there.deploy("--yes")
    template.write_text(reviewed)
    assert code == 1 and "cargo xtask check" in last(said) and "--update" in last(said), said


def test_a_stack_of_another_region_is_not_there(there):
    code, said = there.at_stage("remove", "--yes", "--region", "us-east-2")
    assert code == 0 and f"no stack `{there.stack}` in us-east-2 of 123456789012: nothing to remove" in said, said
    code, said = there.at_stage("logs", "--region", "us-east-2")
    assert code == 1 and "in us-east-2: deploy it, or name another `--stage` or `--region`" in last(said), said
    assert there.status().endswith("_COMPLETE")


def test_a_removal_that_fails_says_why_and_can_be_done_again(there, account):
    reason = "The role cannot be deleted: it has a policy that somebody attached."
    account.cannot_delete({"TrackRole": reason})
    try:
        code, said = there.at_stage("remove", "--yes")
        assert code == 1 and reason in last(said) and "`TrackRole`" in last(said), said
        assert "put that right and run `cargo xtask remove` again" in last(said)
        assert there.status() == "DELETE_FAILED"
    finally:
        account.cannot_delete({})
    code, said = there.at_stage("remove", "--yes")
    assert code == 0 and "is removed" in said, said
