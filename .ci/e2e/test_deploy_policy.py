"""The policy that the guide has for who deploys: all that commands ask for is in it, and nothing that they never do."""

import json
import re

from dev import ROOT

# What no request of the commands shows: CloudFormation does it for them, or asks whether they might.
NOT_SEEN = {"iam:PassRole", "cloudformation:TagResource", "cloudformation:UpdateTerminationProtection"}


def documented():
    """The actions of the first policy in the part about permissions."""
    page = (ROOT / "docs" / "src" / "deploying.md").read_text().partition("## The permissions of who deploys")[2]
    policy = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL).group(1))
    actions = [it["Action"] if isinstance(it["Action"], list) else [it["Action"]] for it in policy["Statement"]]
    return {action for some in actions for action in some}


def test_the_documented_policy_is_what_commands_need(project, account, app):
    project = project("one")
    # A template that is too large for a request goes over the bucket.
    overrides = app.folder / "template.overrides.yaml"
    overrides.write_text(f"Metadata:\n  Filler: {'x' * 52_000}\n")
    project.review()
    for command in (["diff", *project.code()], ["deploy", "--yes", *project.code()], ["deploy", "--yes", *project.code()]):
        code, said = project.at_stage(*command)
        assert code == 0, said
    project.write_code("the second")
    for command in (["diff", *project.code()], ["deploy", "--yes", *project.code()]):
        code, said = project.at_stage(*command)
        assert code == 0 and "take the new code" in said, said
    logs, group = account.client("logs"), f"/aws/lambda/{project.stack}/track"
    if not logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]:
        logs.create_log_group(logGroupName=group)
    assert project.at_stage("logs")[0] == 0
    assert project.at_stage("remove", "--yes")[0] == 0

    used = set(account.used()) - {"sts:GetCallerIdentity"}  # which needs no permission
    assert used <= documented(), used - documented()
    of_commands = {it for it in documented() - NOT_SEEN if not it.startswith("s3:")}
    assert of_commands <= used, of_commands - used
    assert {"s3:GetObject", "s3:ListBucket", "s3:PutObject"} <= used
