"""Deployments to an account: moto's server behind SAM's translator (see `emulator`).

What moto cannot do is not tested here: it makes no user pools, secrets, schedules and alarms from a template, so that of
these only the template is checked, and its answers are at once and never throttled.
"""

import json

from dev import eventually

TRACK = '''
/// Tells that a parcel moved.
#[handler(stream = Parcel)]
async fn track(change: Change<Parcel>) -> Result<(), Error> {
    if let Change::Modified { new, .. } = change {
        tracing::info!(parcel = new.id, city = new.city, "moved");
    }
    Ok(())
}
'''
HEALTH = '''
/// Says that somebody is there.
#[handler(GET "/health", auth = Courier)]
async fn health(_: Courier) {}
'''
BY_CITY = '#[index(ByCity, partition = "city")]\n'
OTHER_INDEXES = '#[index(ByCourier, partition = "courier")]\n#[index(ByRecipient, partition = "recipient")]\n'


def deployed(account, stack):
    """What there is, as boto3 reads it, by the logical ids of the stack."""
    resources = account.client("cloudformation").list_stack_resources(StackName=stack)["StackResourceSummaries"]
    return {it["LogicalResourceId"]: it["PhysicalResourceId"] for it in resources}


def table(account, stack):
    name = deployed(account, stack)["ParcelTable"]
    return account.client("dynamodb").describe_table(TableName=name)["Table"]


def indexes(account, stack):
    return sorted(index["IndexName"] for index in table(account, stack).get("GlobalSecondaryIndexes", []))


def routes(account, stack):
    gateway = account.client("apigatewayv2")
    found = gateway.get_routes(ApiId=deployed(account, stack)["HttpApi"])["Items"]
    return {route["RouteKey"]: route["AuthorizationType"] for route in found}


def functions(account, stack):
    names = [name for name in deployed(account, stack).values() if "Function" in name]
    return {it["Handler"]: it for it in account.client("lambda").list_functions()["Functions"] if it["FunctionName"] in names}


def test_a_stack_is_made_changed_and_removed(project, account, app):
    project = project("one")
    project.review()

    # Nobody is there to agree: nothing is done.
    code, said = project.deploy()
    assert code == 3 and "--yes" in said, said
    assert "Routes" in said and "GET /parcels/{id}" in said
    code, said = project.deploy("--yes")
    assert code == 0, said
    assert project.status() == "CREATE_COMPLETE"
    assert routes(account, project.stack) == {"GET /parcels/{id}": "NONE", "POST /parcels": "JWT"}
    assert indexes(account, project.stack) == ["ByCity"]
    assert set(functions(account, project.stack)) == {"get_parcel", "take_parcel", "track"}
    role = functions(account, project.stack)["take_parcel"]["Role"].rpartition("/")[2]
    iam = account.client("iam")
    [policy] = iam.list_role_policies(RoleName=role)["PolicyNames"]
    statements = iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]["Statement"]
    assert {it["Resource"] for it in statements if "dynamodb:PutItem" in it["Action"]} == {
        table(account, project.stack)["TableArn"]
    }
    account.client("dynamodb").put_item(
        TableName=table(account, project.stack)["TableName"], Item={"id": {"S": "1"}, "city": {"S": "Bern"}}
    )

    # The same again.
    events = len(project.events())
    code, said = project.deploy("--yes")
    assert code == 0 and "nothing to do" in said, said
    assert len(project.events()) == events

    # A route more. A template that nobody reviewed is not deployed.
    app.edit(TRACK, TRACK + HEALTH)
    code, said = project.deploy("--yes")
    assert code == 1 and "check" in said, said
    project.review()
    code, said = project.at_stage("diff", "--artifact", app.folder / "code.zip")
    assert code == 0 and "+ GET /health  CourierUserPool" in said, said
    assert "GET /health" not in routes(account, project.stack)
    code, said = project.deploy("--yes", "--json")
    assert code == 0, said
    lines = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    [changes] = [line["changes"] for line in lines if line["type"] == "changes"]
    assert [route["route"] for route in changes["routes"]] == ["GET /health"]
    assert lines[-1]["type"] == "done" and lines[-1]["changed"]
    assert routes(account, project.stack)["GET /health"] == "JWT"

    # Two indexes instead of one: DynamoDB takes one change in an update.
    app.edit(BY_CITY, OTHER_INDEXES)
    project.review()
    code, said = project.deploy("--yes")
    assert code == 0, said
    assert "3 updates" in said, said
    assert indexes(account, project.stack) == ["ByCourier", "ByRecipient"]
    assert table(account, project.stack)["ItemCount"] == 1

    # A function less.
    app.edit(TRACK, "")
    app.edit("use skyloom::{Change, Error", "use skyloom::{Error")
    app.edit(", handler, tracing}", ", handler}")
    project.review()
    code, said = project.deploy("--yes")
    assert code == 0 and "TrackFunction" in said, said
    assert set(functions(account, project.stack)) == {"get_parcel", "take_parcel", "health"}

    # Another key would be another, empty table.
    app.edit("    #[partition_key]\n    pub id", "    pub id")
    app.edit("    pub city", "    #[partition_key]\n    pub city")
    project.review("--accept-data-changes")
    before = table(account, project.stack)["TableName"]
    code, said = project.deploy("--yes")
    assert code == 3 and "--replace" in said and "ParcelTable" in said, said
    assert table(account, project.stack)["TableName"] == before
    code, said = project.deploy("--yes", "--replace", "Parcel")
    assert code == 0, said
    assert table(account, project.stack)["TableName"] != before
    assert table(account, project.stack)["KeySchema"] == [{"AttributeName": "city", "KeyType": "HASH"}]
    assert before in account.client("dynamodb").list_tables()["TableNames"], "the old table is kept"

    # All of it goes, but for what holds data.
    kept = table(account, project.stack)["TableName"]
    code, said = project.at_stage("remove")
    assert code == 3 and kept in said, said
    code, said = project.at_stage("remove", "--yes")
    assert code == 0, said
    assert account.client("lambda").list_functions()["Functions"] == []
    assert kept in account.client("dynamodb").list_tables()["TableNames"]
    code, said = project.at_stage("remove", "--yes")
    assert code == 0 and "nothing to remove" in said, said


def test_a_comment_and_a_day_later_deploy_nothing(project, account, app):
    project = project("two")
    assert project.deploy("--yes")[0] == 0
    bucket = [it["Name"] for it in account.client("s3").list_buckets()["Buckets"]]
    versions = account.client("s3").list_object_versions(Bucket=bucket[0])["Versions"]
    project.write_code("the first")
    code, said = project.deploy("--yes")
    assert code == 0 and "nothing to do" in said, said
    assert account.client("s3").list_object_versions(Bucket=bucket[0])["Versions"] == versions
    project.write_code("the second")
    code, said = project.deploy("--yes")
    assert code == 0 and "take the new code" in said, said
    project.write_code("the first")


def test_an_interrupted_deployment_is_taken_up_again(project, account):
    project = project("three")
    account.hold()
    first = project.start("deploy", "--stage", "three", "--artifact", project.app.folder / "code.zip", "--yes")
    try:
        eventually(lambda: status(project) == "CREATE_IN_PROGRESS", 120)
        first.kill()
        first.wait(20)
        second = project.start("deploy", "--stage", "three", "--artifact", project.app.folder / "code.zip", "--yes")
        said = second.stderr.readline()
        while "under way" not in said:
            line = second.stderr.readline()
            assert line, said
            said += line
    finally:
        account.release()
    out, err = second.communicate(timeout=120)
    assert second.returncode == 0, out + err
    assert "nothing to do" in err, err
    assert project.status() == "CREATE_COMPLETE"


def status(project):
    client = project.account.client("cloudformation")
    try:
        return client.describe_stacks(StackName=project.stack)["Stacks"][0]["StackStatus"]
    except client.exceptions.ClientError:
        return None


def test_a_failure_is_told_by_its_first_cause_and_rolled_back(project, account, app):
    project = project("four")
    taken = "a-bucket-of-somebody-else"
    place = {"LocationConstraint": "eu-west-1"}
    account.client("s3").create_bucket(Bucket=taken, CreateBucketConfiguration=place)
    overrides = app.folder / "template.overrides.yaml"
    bucket = f"Resources:\n  Exports:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: {taken}\n"

    # The first deployment: the stack never came to be, and says what to do.
    overrides.write_text(bucket)
    try:
        project.review()
        code, said = project.deploy("--yes")
        assert code == 1 and "`Exports`" in said and "ROLLBACK_COMPLETE" in said, said
        assert project.status() == "ROLLBACK_COMPLETE"
        code, said = project.deploy("--yes")
        assert code == 1 and "remove" in said, said
        assert project.at_stage("remove", "--yes")[0] == 0

        # A later one: what was there stays as it was.
        overrides.unlink()
        project.review()
        code, said = project.deploy("--yes")
        assert code == 0, said
        before = deployed(account, project.stack)
        overrides.write_text(bucket)
        project.review()
        code, said = project.deploy("--yes")
        assert code == 1 and "Exports" in said, said
        assert project.status() == "UPDATE_ROLLBACK_COMPLETE"
        assert deployed(account, project.stack) == before
    finally:
        overrides.unlink(missing_ok=True)
        project.review()
