"""An application that is more than a stack takes, deployed as in `test_deploy`."""

from test_deploy import deployed, functions, table


def many_alarms(count):
    """So many that the application is more than a stack takes; all are of one function, and go with it."""
    alarm = """
  Track{0}Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties:
      AlarmDescription: number {0}
      Namespace: AWS/Lambda
      MetricName: Duration
      Dimensions: [{{Name: FunctionName, Value: !Ref TrackFunction}}]
      Statistic: Maximum
      Period: 300
      EvaluationPeriods: 1
      ComparisonOperator: GreaterThanThreshold
      Threshold: {0}
      TreatMissingData: notBreaching"""
    return "Resources:" + "".join(alarm.format(number) for number in range(count)) + "\n"


def nested(account, stack):
    return {name: it for name, it in deployed(account, stack).items() if name.startswith("Part")}


def test_an_application_that_outgrows_its_stack_goes_to_nested_ones_and_keeps_its_data(project, account, app):
    project = project("five")
    overrides = app.folder / "template.overrides.yaml"
    project.review()
    code, said = project.deploy("--yes")
    assert code == 0, said
    parcels = table(account, project.stack)["TableArn"]
    mapping = deployed(account, project.stack)["TrackEventSource"]
    before = functions(account, project.stack)
    try:
        # It grows: what holds data stays, the functions go.
        overrides.write_text(many_alarms(480))
        project.review()
        assert list((app.folder / "template").glob("Part*.yaml"))
        code, said = project.deploy("--yes")
        assert code == 0 and "go to another stack of the application" in said, said
        assert "AWS::DynamoDB::Table" not in said, said
        parts = nested(account, project.stack)
        assert len(parts) > 1
        assert table(account, project.stack)["TableArn"] == parcels
        assert deployed(account, project.stack)["TrackEventSource"] == mapping
        assert functions(account, project.stack) == {}, "none is in the root"
        after = {name: found for part in parts.values() for name, found in functions(account, part).items()}
        assert after.keys() == before.keys()
        role = after["take_parcel"]["Role"].rpartition("/")[2]
        document = account.client("iam").get_role_policy(RoleName=role, PolicyName="needs")["PolicyDocument"]
        assert parcels in {it["Resource"] for it in document["Statement"]}
        gateway = account.client("apigatewayv2")
        integrations = gateway.get_integrations(ApiId=deployed(account, project.stack)["HttpApi"])["Items"]
        uris = " ".join(it["IntegrationUri"] for it in integrations)
        assert all(after[name]["FunctionArn"] in uris for name in ("get_parcel", "take_parcel"))

        # The same again, and then new code.
        code, said = project.deploy("--yes")
        assert code == 0 and "nothing to do" in said, said
        project.write_code("the second")
        code, said = project.deploy("--yes")
        assert code == 0 and "3 functions take the new code" in said, said

        # Of one that is in several, all goes but what holds data.
        code, said = project.at_stage("remove", "--yes")
        assert code == 0 and "ParcelTable" in said, said
        live = account.client("cloudformation").list_stacks(StackStatusFilter=["CREATE_COMPLETE", "UPDATE_COMPLETE"])
        assert not [it["StackName"] for it in live["StackSummaries"] if it["StackName"].startswith(project.stack)]
    finally:
        project.write_code("the first")
        overrides.unlink(missing_ok=True)
        project.review()
