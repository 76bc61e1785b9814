"""AWS's own APIs, called by AWS's own client."""

import json

import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError


def code(error):
    return error.value.response["Error"]["Code"]


def signed(server, service, target, body):
    """Sends a body as it is, signed as the client would."""
    headers = {"x-amz-target": target, "content-type": "application/x-amz-json-1.0"}
    request = AWSRequest("POST", server.aws_url + "/", headers, data=body)
    SigV4Auth(Credentials("local", "local"), service, "us-east-1").add_auth(request)
    return requests.post(request.url, data=body, headers=dict(request.headers), timeout=20)


def test_the_tables_are_described_as_they_were_declared(shop):
    dynamodb = shop.client("dynamodb")
    assert dynamodb.list_tables()["TableNames"] == ["orders-Order", "orders-Shipment"]
    table = dynamodb.describe_table(TableName="orders-Order")["Table"]
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("shopper", "HASH"), ("id", "RANGE")]
    assert [index["IndexName"] for index in table["GlobalSecondaryIndexes"]] == ["ByStatus"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["TableStatus"] == "ACTIVE"
    ttl = dynamodb.describe_time_to_live(TableName="orders-Order")["TimeToLiveDescription"]
    assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}


def test_a_stream_is_read_to_its_end(shop):
    dynamodb, streams = shop.client("dynamodb"), shop.client("dynamodbstreams")
    item = {
        "shopper": {"S": "reader"}, "id": {"S": "1"}, "status": {"S": "open"},
        "placed_at": {"N": "1"}, "item": {"S": "a book"}, "total_cents": {"N": "1"},
    }
    dynamodb.put_item(TableName="orders-Order", Item=item)
    [stream] = streams.list_streams(TableName="orders-Order")["Streams"]
    assert stream["StreamArn"] == dynamodb.describe_table(TableName="orders-Order")["Table"]["LatestStreamArn"]
    described = streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
    records = []
    for shard in described["Shards"]:
        iterator = streams.get_shard_iterator(
            StreamArn=stream["StreamArn"], ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator)
            records += page["Records"]
            iterator = page.get("NextShardIterator") if page["Records"] else None
    images = [record["dynamodb"].get("NewImage") for record in records]
    assert item in images
    assert {record["eventSource"] for record in records} == {"aws:dynamodb"}


def test_the_caller_learns_who_it_is(shop):
    assert shop.client("sts").get_caller_identity()["Account"] == "000000000000"


def test_functions_are_listed_and_called(shop):
    functions = shop.client("lambda")
    names = [function["FunctionName"] for function in functions.list_functions()["Functions"]]
    assert "orders-health" in names and len(names) == 9
    assert functions.get_function_configuration(FunctionName="orders-report")["Timeout"] == 30
    called = functions.invoke(FunctionName="orders-report", Payload=json.dumps({}), LogType="Tail")
    assert (called["StatusCode"], called.get("FunctionError")) == (200, None), called["Payload"].read()
    shop.logged("hourly report")
    accepted = functions.invoke(FunctionName="orders-report", InvocationType="Event", Payload=b"{}")
    assert accepted["StatusCode"] == 202
    with pytest.raises(functions.exceptions.ResourceNotFoundException):
        functions.invoke(FunctionName="orders-missing")


def test_a_function_that_gets_no_event_of_its_own_fails_and_says_so(shop):
    failed = shop.client("lambda").invoke(FunctionName="orders-health", Payload=b'{"not": "an event"}')
    assert failed["FunctionError"] == "Unhandled"
    assert "errorMessage" in json.loads(failed["Payload"].read())


def test_items_of_every_type_come_back_as_they_were(shop):
    dynamodb = shop.client("dynamodb")
    item = {
        "order": {"S": "\u00e9\u4e2d\U0001f600\u0000 \"quoted\""},
        "n": {"N": "-1234567890123456789012345678901234567.5"},
        "b": {"B": bytes(range(256))},
        "nested": {"M": {"list": {"L": [{"NULL": True}, {"BOOL": False}, {"L": []}, {"M": {}}]}}},
        "ss": {"SS": ["a", "b"]},
        "ns": {"NS": ["1", "2"]},
        "bs": {"BS": [b"\x00", b"\x01"]},
        "large": {"S": "x" * 300_000},
    }
    dynamodb.put_item(TableName="orders-Shipment", Item=item)
    found = dynamodb.get_item(TableName="orders-Shipment", Key={"order": item["order"]})["Item"]
    for name in ("ss", "ns", "bs"):
        [(kind, values)] = found[name].items()
        found[name] = {kind: sorted(values)}
    assert found == item


def test_errors_are_those_that_the_client_knows(shop):
    dynamodb = shop.client("dynamodb")
    with pytest.raises(dynamodb.exceptions.ResourceNotFoundException):
        dynamodb.get_item(TableName="orders-Missing", Key={"id": {"S": "1"}})
    with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.update_item(
            TableName="orders-Shipment",
            Key={"order": {"S": "missing"}},
            UpdateExpression="SET a = :a",
            ConditionExpression="attribute_exists(#order)",
            ExpressionAttributeNames={"#order": "order"},
            ExpressionAttributeValues={":a": {"S": "a"}},
        )
    with pytest.raises(ClientError) as error:
        dynamodb.put_item(TableName="orders-Shipment", Item={"id": {"S": "no key"}})
    assert code(error) == "ValidationException"


def test_an_expression_that_is_nested_too_deeply_is_an_error_and_not_the_end_of_the_server(shop):
    dynamodb = shop.client("dynamodb")
    for depth in (4_096, 100_000):
        with pytest.raises(ClientError) as error:
            dynamodb.scan(TableName="orders-Shipment", FilterExpression="(" * depth + "a = a" + ")" * depth)
        assert code(error) == "ValidationException"
    for depth in (200, 50_000):
        value = '{"L":[' * depth + '{"S":"x"}' + "]}" * depth
        item = '{"TableName":"orders-Shipment","Item":{"order":{"S":"deep"},"deep":%s}}' % value
        reply = signed(shop, "dynamodb", "DynamoDB_20120810.PutItem", item)
        assert reply.status_code == 400 and reply.json()["__type"], reply.text
    bomb = "[" * 100_000
    assert signed(shop, "cognito-idp", "AWSCognitoIdentityProviderService.ListUserPools", bomb).status_code == 400
    assert dynamodb.list_tables()["TableNames"]


def test_a_transaction_is_all_or_nothing(shop):
    dynamodb = shop.client("dynamodb")
    put = {"Put": {"TableName": "orders-Shipment", "Item": {"order": {"S": "in a transaction"}}}}
    check = {
        "ConditionCheck": {
            "TableName": "orders-Order",
            "Key": {"shopper": {"S": "nobody"}, "id": {"S": "0"}},
            "ConditionExpression": "attribute_exists(id)",
        }
    }
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[put, check])
    assert "Item" not in dynamodb.get_item(TableName="orders-Shipment", Key={"order": {"S": "in a transaction"}})


def function_keys(shop, name):
    """The keys of a function's role, as its process has them."""
    shop.request("GET", "/health")
    for pid in shop.children():
        with open(f"/proc/{pid}/environ", "rb") as file:
            variables = dict(pair.split(b"=", 1) for pair in file.read().split(b"\0") if b"=" in pair)
        if variables.get(b"_HANDLER") == name.encode():
            return {
                "aws_access_key_id": variables[b"AWS_ACCESS_KEY_ID"].decode(),
                "aws_secret_access_key": variables[b"AWS_SECRET_ACCESS_KEY"].decode(),
                "aws_session_token": variables[b"AWS_SESSION_TOKEN"].decode(),
            }
    raise AssertionError(f"no process runs {name}")


def test_a_function_s_keys_are_good_for_its_policy_only(shop):
    keys = function_keys(shop, "health")
    assert "orders-health" in shop.client("sts", **keys).get_caller_identity()["Arn"]
    with pytest.raises(ClientError) as error:
        shop.client("dynamodb", **keys).get_item(TableName="orders-Shipment", Key={"order": {"S": "1"}})
    assert code(error) == "AccessDeniedException"
    message = error.value.response["Error"]["Message"]
    assert "is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:" in message

    wrong = {**keys, "aws_secret_access_key": "wrong"}
    with pytest.raises(ClientError) as error:
        shop.client("dynamodb", **wrong).list_tables()
    assert code(error) in ("InvalidSignatureException", "UnrecognizedClientException")


def test_what_is_not_signed_is_refused(shop):
    headers = {"x-amz-target": "DynamoDB_20120810.ListTables", "content-type": "application/x-amz-json-1.0"}
    reply = requests.post(shop.aws_url, data="{}", headers=headers, timeout=10)
    assert reply.status_code == 400
    assert reply.json()["__type"].rpartition("#")[2] == "MissingAuthenticationTokenException"


def test_a_service_that_is_not_there_is_named_as_such(shop):
    with pytest.raises(ClientError) as error:
        shop.client("sqs").list_queues()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404)
    with pytest.raises(ClientError) as error:
        shop.client("s3").list_buckets()
    assert error.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 404)
    assert "is ready" in shop.banner and shop.process.poll() is None


def test_a_secret_is_made_changed_and_read(shop):
    secrets = shop.client("secretsmanager")
    made = secrets.create_secret(Name="payments/stripe", SecretString="sk_1")
    assert made["ARN"].startswith("arn:aws:secretsmanager:us-east-1:000000000000:secret:payments/stripe-")
    changed = secrets.put_secret_value(SecretId=made["ARN"], SecretBinary=b"\x00\x01")
    value = secrets.get_secret_value(SecretId="payments/stripe")
    assert (value["SecretBinary"], value["VersionStages"]) == (b"\x00\x01", ["AWSCURRENT"])
    before = secrets.get_secret_value(SecretId="payments/stripe", VersionStage="AWSPREVIOUS")
    assert (before["SecretString"], before["VersionId"]) == ("sk_1", made["VersionId"])
    described = secrets.describe_secret(SecretId="payments/stripe")
    assert described["VersionIdsToStages"] == {made["VersionId"]: ["AWSPREVIOUS"], changed["VersionId"]: ["AWSCURRENT"]}
    assert [secret["Name"] for secret in secrets.list_secrets()["SecretList"]] == ["payments/stripe"]
    with pytest.raises(ClientError) as error:
        secrets.get_secret_value(SecretId="payments/other")
    assert code(error) == "ResourceNotFoundException"
