"""Streams, walked by AWS's own client as its consumers do: parents before children, each shard to its end."""

from collections import defaultdict

import pytest


@pytest.fixture
def notes(shop):
    """A table of the test's own, whose stream it may switch."""
    dynamodb = shop.client("dynamodb")
    table = dynamodb.create_table(
        TableName="orders-StreamedNote",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"},
    )["TableDescription"]
    yield table
    dynamodb.delete_table(TableName=table["TableName"])


def put(shop, table, id, text):
    shop.client("dynamodb").put_item(TableName=table["TableName"], Item={"id": {"S": id}, "text": {"S": text}})


def shards(streams, arn):
    found, page = [], {}
    while True:
        described = streams.describe_stream(StreamArn=arn, Limit=2, **page)["StreamDescription"]
        found += described["Shards"]
        if "LastEvaluatedShardId" not in described:
            return found
        page = {"ExclusiveStartShardId": described["LastEvaluatedShardId"]}


def walk(streams, arn):
    """The records of a stream by item, and how many of its shards have an end."""
    waiting, done, ended, changes = shards(streams, arn), set(), 0, defaultdict(list)
    listed = {shard["ShardId"] for shard in waiting}
    while waiting:
        shard = next(it for it in waiting if it.get("ParentShardId") in done | {None} or it["ParentShardId"] not in listed)
        waiting.remove(shard)
        done.add(shard["ShardId"])
        iterator = streams.get_shard_iterator(
            StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        while iterator:
            page = streams.get_records(ShardIterator=iterator, Limit=7)
            for record in page["Records"]:
                change = record["dynamodb"]
                changes[change["Keys"]["id"]["S"]].append((record["eventName"], change["NewImage"]["text"]["S"]))
            iterator = page.get("NextShardIterator")
            ended += iterator is None
            if not page["Records"] and "EndingSequenceNumber" not in shard["SequenceNumberRange"]:
                break
    return changes, ended


def test_every_change_comes_once_and_in_the_order_of_its_item(shop, notes):
    streams, ids = shop.client("dynamodbstreams"), [f"note {number}" for number in range(20)]
    for text in ["a", "b", "b", "c"]:
        for id in ids:
            put(shop, notes, id, text)
    changes, ended = walk(streams, notes["LatestStreamArn"])
    assert changes == {id: [("INSERT", "a"), ("MODIFY", "b"), ("MODIFY", "c")] for id in ids}
    assert ended == 0
    assert len(shards(streams, notes["LatestStreamArn"])) > 1


def test_a_consumer_comes_to_the_end_of_a_stream_and_goes_on_with_the_next(shop, notes):
    dynamodb, streams, first = shop.client("dynamodb"), shop.client("dynamodbstreams"), notes["LatestStreamArn"]
    put(shop, notes, "1", "before")
    name = notes["TableName"]
    dynamodb.update_table(TableName=name, StreamSpecification={"StreamEnabled": False})
    put(shop, notes, "1", "between")
    enabled = {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}
    second = dynamodb.update_table(TableName=name, StreamSpecification=enabled)["TableDescription"]["LatestStreamArn"]
    put(shop, notes, "1", "after")
    assert walk(streams, first) == ({"1": [("INSERT", "before")]}, len(shards(streams, first)))
    assert walk(streams, second) == ({"1": [("MODIFY", "after")]}, 0)
    listed = [stream["StreamArn"] for stream in streams.list_streams(TableName=name)["Streams"]]
    assert listed == [first, second]
