//! Streams as a consumer sees them on the wire.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::time::advance;

use super::{DynamoDb, ok, order_key, put, refused, shop};

const HOUR: Duration = Duration::from_secs(60 * 60);

/// Walks a stream as the Kinesis adapter does: a shard is begun once its parent was read to the end.
struct Consumer {
    arn: String,
    /// The shards that were begun, and the last number that was read of each.
    read: BTreeMap<String, Option<String>>,
    finished: BTreeSet<String>,
    records: Vec<Value>,
}

impl Consumer {
    fn new(arn: &str) -> Self {
        Self { arn: arn.to_owned(), read: BTreeMap::new(), finished: BTreeSet::new(), records: vec![] }
    }

    fn poll(&mut self, db: &DynamoDb) {
        while self.begin(db) {
            let open: Vec<_> = self.read.keys().filter(|id| !self.finished.contains(*id)).cloned().collect();
            open.iter().for_each(|shard| self.read_on(db, shard));
        }
    }

    /// Whether there is a shard that was not read since this was asked last.
    fn begin(&mut self, db: &DynamoDb) -> bool {
        let shards = shards(db, &self.arn);
        let listed: BTreeSet<_> = shards.iter().map(id).collect();
        let before = (self.read.len(), self.records.len());
        for shard in &shards {
            let parent = shard["ParentShardId"].as_str().filter(|parent| listed.contains(*parent));
            if parent.is_none_or(|parent| self.finished.contains(parent)) && !self.read.contains_key(&id(shard)) {
                self.read.insert(id(shard), None);
                self.read_on(db, &id(shard));
            }
        }
        let open: Vec<_> = self.read.keys().filter(|id| !self.finished.contains(*id)).cloned().collect();
        open.iter().for_each(|shard| self.read_on(db, shard));
        before != (self.read.len(), self.records.len())
    }

    fn read_on(&mut self, db: &DynamoDb, shard: &str) {
        let mut start = json!({ "StreamArn": self.arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
        if let Some(number) = &self.read[shard] {
            start["ShardIteratorType"] = "AFTER_SEQUENCE_NUMBER".into();
            start["SequenceNumber"] = number.as_str().into();
        }
        let mut iterator = ok(db, "GetShardIterator", start)["ShardIterator"].take();
        loop {
            let mut page = ok(db, "GetRecords", json!({ "ShardIterator": iterator, "Limit": 2 }));
            let Value::Array(records) = page["Records"].take() else { panic!("no records: {page}") };
            if let Some(last) = records.last() {
                self.read.insert(shard.to_owned(), Some(number(last)));
            }
            let is_empty = records.is_empty();
            self.records.extend(records);
            iterator = page["NextShardIterator"].take();
            if iterator.is_null() {
                self.finished.insert(shard.to_owned());
            }
            if is_empty || iterator.is_null() {
                return;
            }
        }
    }
}

pub(super) fn read_all(db: &DynamoDb, arn: &str) -> Vec<Value> {
    let mut consumer = Consumer::new(arn);
    consumer.poll(db);
    consumer.records
}

/// All shards, by pages.
fn shards(db: &DynamoDb, arn: &str) -> Vec<Value> {
    let (mut shards, mut request) = (vec![], json!({ "StreamArn": arn, "Limit": 3 }));
    loop {
        let mut described = ok(db, "DescribeStream", request.clone())["StreamDescription"].take();
        shards.extend(described["Shards"].as_array().unwrap().clone());
        request["ExclusiveStartShardId"] = described["LastEvaluatedShardId"].take();
        if request["ExclusiveStartShardId"].is_null() {
            return shards;
        }
    }
}

fn id(shard: &Value) -> String {
    shard["ShardId"].as_str().unwrap().to_owned()
}

fn number(record: &Value) -> String {
    record["dynamodb"]["SequenceNumber"].as_str().unwrap().to_owned()
}

fn arn(db: &DynamoDb) -> String {
    db.stream_arn("Order").unwrap()
}

fn iterator(db: &DynamoDb, shard: &Value, kind: &str, number: Option<&str>) -> Value {
    let mut start = json!({ "StreamArn": arn(db), "ShardId": shard["ShardId"], "ShardIteratorType": kind });
    if let Some(number) = number {
        start["SequenceNumber"] = number.into();
    }
    json!({ "ShardIterator": ok(db, "GetShardIterator", start)["ShardIterator"] })
}

/// The open shard that has the changes of `ann`.
fn shard_of_ann(db: &DynamoDb) -> Value {
    let last = db.stream_records("Order", None, usize::MAX).unwrap().pop().expect("ann has records");
    shards(db, &arn(db)).into_iter().find(|shard| id(shard) == last.shard).unwrap()
}

fn events(records: &[Value]) -> Vec<(&str, &str)> {
    records
        .iter()
        .map(|it| (it["eventName"].as_str().unwrap(), it["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_write_that_changes_nothing_makes_no_record() {
    let db = shop();
    let item = |tags: Value| {
        let mut item = order_key("1");
        item["n"] = json!({ "N": "1.0" });
        item["tags"] = json!({ "SS": tags });
        item
    };
    let again = item(json!(["b", "a"]));
    ok(&db, "PutItem", json!({ "TableName": "shop-Order", "Item": item(json!(["a", "b"])) }));
    let set = json!({
        "TableName": "shop-Order",
        "Key": order_key("1"),
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": { ":n": { "N": "1" } },
    });
    let put = json!({ "TableName": "shop-Order", "Item": again });
    for (operation, body) in [
        ("PutItem", put.clone()),
        ("UpdateItem", set.clone()),
        ("BatchWriteItem", json!({ "RequestItems": { "shop-Order": [{ "PutRequest": { "Item": again } }] } })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Put": put }] })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Update": set }] })),
        ("DeleteItem", json!({ "TableName": "shop-Order", "Key": order_key("2") })),
        (
            "ExecuteStatement",
            json!({ "Statement": r#"UPDATE "shop-Order" SET n = 1 WHERE shopper = 'ann' AND id = '1'"# }),
        ),
    ] {
        ok(&db, operation, body);
        assert_eq!(events(&read_all(&db, &arn(&db))), [("INSERT", "1")], "{operation}");
    }
    assert_eq!(db.stream_records("Order", None, 10).unwrap().len(), 1);
}

#[tokio::test]
async fn a_record_shows_what_the_streams_view_does() {
    for (view, images) in [
        ("KEYS_ONLY", [false, false]),
        ("NEW_IMAGE", [true, false]),
        ("OLD_IMAGE", [false, true]),
        ("NEW_AND_OLD_IMAGES", [true, true]),
    ] {
        let db = shop();
        let table = json!({
            "TableName": "shop-Note", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
            "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
            "StreamSpecification": { "StreamEnabled": true, "StreamViewType": view },
        });
        let made = ok(&db, "CreateTable", table);
        assert_eq!(made["TableDescription"]["StreamSpecification"]["StreamViewType"], view);
        let described = ok(&db, "DescribeTable", json!({ "TableName": "shop-Note" }));
        assert_eq!(described["Table"]["StreamSpecification"]["StreamViewType"], view);
        for text in ["a", "b", "b"] {
            let item = json!({ "id": { "S": "1" }, "text": { "S": text } });
            ok(&db, "PutItem", json!({ "TableName": "shop-Note", "Item": item }));
        }
        let arn = described["Table"]["LatestStreamArn"].as_str().unwrap();
        let stream = ok(&db, "DescribeStream", json!({ "StreamArn": arn }))["StreamDescription"].take();
        assert_eq!(stream["StreamViewType"], view);
        let records = read_all(&db, arn);
        let change = &records[1]["dynamodb"];
        assert_eq!((records.len(), &change["StreamViewType"]), (2, &json!(view)));
        assert_eq!(["NewImage", "OldImage"].map(|image| change.get(image).is_some()), images, "{view}");
        // `id`, `text` and their values of one byte each, by DynamoDB's rules for the size of an item.
        let size = 3 + images.iter().filter(|it| **it).count() * 8;
        assert_eq!(change["SizeBytes"], size, "{view}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_is_described_as_dynamodb_does() {
    let db = shop();
    put(&db, "1", json!({}));
    let [record] = read_all(&db, &arn(&db)).try_into().unwrap();
    expect_test::expect![[r#"
        {
          "awsRegion": "eu-west-1",
          "dynamodb": {
            "ApproximateCreationDateTime": 1735689600.0,
            "Keys": {
              "id": {
                "S": "1"
              },
              "shopper": {
                "S": "ann"
              }
            },
            "NewImage": {
              "id": {
                "S": "1"
              },
              "shopper": {
                "S": "ann"
              }
            },
            "SequenceNumber": "100001735689600250000",
            "SizeBytes": 26,
            "StreamViewType": "NEW_AND_OLD_IMAGES"
          },
          "eventID": "fab6ab14d6aa97504433c401ea2c88e3",
          "eventName": "INSERT",
          "eventSource": "aws:dynamodb",
          "eventVersion": "1.1"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&record).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_shard_closes_after_four_hours_and_has_a_successor() {
    let db = shop();
    put(&db, "1", json!({}));
    let first = shard_of_ann(&db);
    assert_eq!(first.get("ParentShardId"), None);
    assert_eq!(first["SequenceNumberRange"].get("EndingSequenceNumber"), None);
    let iterator = iterator(&db, &first, "LATEST", None);
    assert!(ok(&db, "GetRecords", iterator)["NextShardIterator"].is_string());
    advance(HOUR * 4).await;
    put(&db, "2", json!({}));
    let second = shard_of_ann(&db);
    assert_eq!(second["ParentShardId"], first["ShardId"]);
    let all = shards(&db, &arn(&db));
    assert_eq!(all.len(), 8);
    let closed = all.iter().find(|it| it["ShardId"] == first["ShardId"]).unwrap();
    let ending: u128 = closed["SequenceNumberRange"]["EndingSequenceNumber"].as_str().unwrap().parse().unwrap();
    let starting: u128 = second["SequenceNumberRange"]["StartingSequenceNumber"].as_str().unwrap().parse().unwrap();
    assert_eq!(ending + 1, starting);
    let records = db.stream_records("Order", None, 10).unwrap();
    assert_eq!(records.iter().map(|it| it.shard.clone()).collect::<Vec<_>>(), [id(&first), id(&second)]);
    assert_eq!(records[0].lineage, records[1].lineage);
    let children = json!({
        "StreamArn": arn(&db), "ShardFilter": { "Type": "CHILD_SHARDS", "ShardId": first["ShardId"] },
    });
    let described = ok(&db, "DescribeStream", children)["StreamDescription"].take();
    assert_eq!(described["Shards"], json!([second]));
    assert_eq!(events(&read_all(&db, &arn(&db))), [("INSERT", "1"), ("INSERT", "2")]);
}

#[tokio::test(start_paused = true)]
async fn a_closed_shard_has_an_end() {
    let db = shop();
    put(&db, "1", json!({}));
    let shard = shard_of_ann(&db);
    advance(HOUR * 4).await;
    let mut page = ok(&db, "GetRecords", iterator(&db, &shard, "TRIM_HORIZON", None));
    assert_eq!(events(page["Records"].as_array().unwrap()), [("INSERT", "1")]);
    assert_eq!(page.get("NextShardIterator"), None);
    page = ok(&db, "GetRecords", iterator(&db, &shard, "LATEST", None));
    assert_eq!(page, json!({ "Records": [] }));
}

#[tokio::test]
async fn an_iterator_begins_where_it_is_told_to() {
    let db = shop();
    for id in ["1", "2", "3"] {
        put(&db, id, json!({}));
    }
    let shard = shard_of_ann(&db);
    let numbers: Vec<_> = read_all(&db, &arn(&db)).iter().map(number).collect();
    let read = |kind: &str, number: Option<&str>| {
        let page = ok(&db, "GetRecords", iterator(&db, &shard, kind, number));
        page["Records"].as_array().unwrap().iter().map(self::number).collect::<Vec<_>>()
    };
    assert_eq!(read("TRIM_HORIZON", None), numbers);
    assert_eq!(read("AT_SEQUENCE_NUMBER", Some(&numbers[1])), numbers[1..]);
    assert_eq!(read("AFTER_SEQUENCE_NUMBER", Some(&numbers[1])), numbers[2..]);
    let latest = iterator(&db, &shard, "LATEST", None);
    put(&db, "4", json!({}));
    let page = ok(&db, "GetRecords", latest);
    assert_eq!(events(page["Records"].as_array().unwrap()), [("INSERT", "4")]);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_is_refused_in_dynamodbs_words() {
    let db = shop();
    put(&db, "1", json!({}));
    let shard = shard_of_ann(&db);
    let validation = |message: &str| format!("400 com.amazon.coral.validate#ValidationException {message}");
    for (kind, number, message) in [
        (
            "LATEST",
            Some("1".repeat(21)),
            "One or more parameter values were invalid: SequenceNumber should not be passed for this iterator type",
        ),
        ("AT_SEQUENCE_NUMBER", None, "One or more parameter values were invalid: SequenceNumber cannot be null"),
        ("AT_SEQUENCE_NUMBER", Some("9".repeat(21)), "Invalid SequenceNumber for the shard"),
        ("AFTER_SEQUENCE_NUMBER", Some("x".repeat(21)), "Invalid SequenceNumber for the shard"),
        (
            "AT_SEQUENCE_NUMBER",
            Some("5".into()),
            "1 validation error detected: Value '5' at 'sequenceNumber' failed to satisfy constraint: Member must have length greater than or equal to 21",
        ),
    ] {
        let mut start = json!({ "StreamArn": arn(&db), "ShardId": shard["ShardId"], "ShardIteratorType": kind });
        start["SequenceNumber"] = number.into();
        assert_eq!(refused(&db, "GetShardIterator", start), validation(message), "{kind}");
    }
    let at = iterator(&db, &shard, "TRIM_HORIZON", None)["ShardIterator"].take();
    let too_small = "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1";
    let too_large = "One or more parameter values were invalid: Limit should be less than or equal to 1000";
    assert_eq!(refused(&db, "GetRecords", json!({ "ShardIterator": at, "Limit": 0 })), validation(too_small));
    assert_eq!(refused(&db, "GetRecords", json!({ "ShardIterator": at, "Limit": 1001 })), validation(too_large));
    assert_eq!(refused(&db, "GetRecords", json!({ "ShardIterator": "x" })), validation("Invalid ShardIterator"));
    advance(HOUR / 4).await;
    assert_eq!(
        refused(&db, "GetRecords", json!({ "ShardIterator": at })),
        "400 com.amazonaws.dynamodb.v20120810#ExpiredIteratorException Shard iterator has expired"
    );
}

#[tokio::test(start_paused = true)]
async fn records_are_trimmed_after_a_day() {
    let db = shop();
    advance(HOUR * 3).await;
    put(&db, "1", json!({}));
    let shard = shard_of_ann(&db);
    let numbers: Vec<_> = read_all(&db, &arn(&db)).iter().map(number).collect();
    advance(HOUR * 24 - Duration::from_secs(60)).await;
    let unread = iterator(&db, &shard, "TRIM_HORIZON", None);
    assert_eq!(ok(&db, "GetRecords", unread.clone())["Records"].as_array().unwrap().len(), 1);
    advance(Duration::from_secs(120)).await;
    let trimmed = "400 com.amazonaws.dynamodb.v20120810#TrimmedDataAccessException \
                   The data you are trying to access has been trimmed";
    assert_eq!(refused(&db, "GetRecords", unread), trimmed);
    let start = json!({
        "StreamArn": arn(&db), "ShardId": shard["ShardId"],
        "ShardIteratorType": "AT_SEQUENCE_NUMBER", "SequenceNumber": numbers[0],
    });
    assert_eq!(refused(&db, "GetShardIterator", start), trimmed);
    assert_eq!(read_all(&db, &arn(&db)), Vec::<Value>::new());
    assert_eq!(db.stream_records("Order", None, 10), Ok(vec![]));
    advance(HOUR).await;
    let gone = json!({ "StreamArn": arn(&db), "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON" });
    assert!(refused(&db, "GetShardIterator", gone).contains("ResourceNotFoundException"));
}

#[tokio::test]
async fn a_page_is_no_larger_than_a_megabyte() {
    let db = shop();
    for id in ["1", "2", "3", "4"] {
        put(&db, id, json!({ "text": { "S": "x".repeat(390 * 1024) } }));
    }
    let page = ok(&db, "GetRecords", iterator(&db, &shard_of_ann(&db), "TRIM_HORIZON", None));
    assert_eq!(page["Records"].as_array().unwrap().len(), 2);
    assert_eq!(read_all(&db, &arn(&db)).len(), 4);
    assert_eq!(db.stream_records("Order", None, 10).unwrap().len(), 4);
}

fn set_stream(view: Option<&str>) -> Value {
    let mut specification = json!({ "StreamEnabled": view.is_some() });
    if let Some(view) = view {
        specification["StreamViewType"] = view.into();
    }
    json!({ "TableName": "shop-Order", "StreamSpecification": specification })
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_is_enabled_again_is_another() {
    let db = shop();
    put(&db, "1", json!({}));
    let first = arn(&db);
    let enabled = "400 com.amazon.coral.validate#ValidationException \
                   Table already has an enabled stream: TableName: shop-Order";
    assert_eq!(refused(&db, "UpdateTable", set_stream(Some("KEYS_ONLY"))), enabled);
    ok(&db, "UpdateTable", set_stream(None));
    assert_eq!(db.stream_arn("Order"), None);
    let none = "400 com.amazon.coral.validate#ValidationException \
                Table has no stream to disable: TableName: shop-Order";
    assert_eq!(refused(&db, "UpdateTable", set_stream(None)), none);
    assert!(refused(&db, "UpdateTable", set_stream(Some("KEYS_ONLY"))).contains("ResourceInUseException"));
    put(&db, "2", json!({}));
    advance(HOUR).await;
    ok(&db, "UpdateTable", set_stream(Some("KEYS_ONLY")));
    put(&db, "3", json!({}));
    let second = arn(&db);
    assert_eq!(events(&read_all(&db, &first)), [("INSERT", "1")]);
    assert_eq!(events(&read_all(&db, &second)), [("INSERT", "3")]);
    let described = ok(&db, "DescribeStream", json!({ "StreamArn": first }))["StreamDescription"].take();
    assert_eq!(
        (&described["StreamStatus"], &described["StreamViewType"]),
        (&json!("DISABLED"), &json!("NEW_AND_OLD_IMAGES"))
    );
    let page = ok(&db, "ListStreams", json!({ "TableName": "shop-Order", "Limit": 1 }));
    assert_eq!((&page["Streams"][0]["StreamArn"], &page["LastEvaluatedStreamArn"]), (&json!(first), &json!(first)));
    let rest = ok(&db, "ListStreams", json!({ "ExclusiveStartStreamArn": first }));
    assert_eq!((&rest["Streams"][0]["StreamArn"], rest.get("LastEvaluatedStreamArn")), (&json!(second), None));
    advance(HOUR * 24).await;
    assert!(refused(&db, "DescribeStream", json!({ "StreamArn": first })).contains("ResourceNotFoundException"));
}

#[tokio::test]
async fn a_table_that_is_made_again_has_none_of_the_old_records() {
    let db = shop();
    put(&db, "1", json!({}));
    ok(&db, "DeleteTable", json!({ "TableName": "shop-Order" }));
    db.create_tables(&super::manifest()).unwrap();
    put(&db, "2", json!({}));
    assert_eq!(events(&read_all(&db, &arn(&db))), [("INSERT", "2")]);
}

#[test]
fn views_and_former_streams_are_kept_with_the_tables() {
    let directory = tempfile::tempdir().unwrap();
    let open = || DynamoDb::open(&directory.path().join("tables.db"), super::site()).unwrap();
    let db = open();
    db.create_tables(&super::manifest()).unwrap();
    put(&db, "1", json!({}));
    let first = arn(&db);
    ok(&db, "UpdateTable", set_stream(None));
    let again = open();
    assert_eq!(events(&read_all(&again, &first)), [("INSERT", "1")]);
}

#[tokio::test(start_paused = true)]
async fn an_expired_item_was_removed_by_the_service() {
    let db = shop();
    put(&db, "1", json!({ "expires": { "N": "1735689660" } }));
    advance(HOUR).await;
    assert_eq!(db.expire_items(), Ok(1));
    let removed = read_all(&db, &arn(&db)).pop().unwrap();
    assert_eq!(removed["eventName"], "REMOVE");
    assert_eq!(removed["userIdentity"], json!({ "PrincipalId": "dynamodb.amazonaws.com", "Type": "Service" }));
}

#[tokio::test(start_paused = true)]
async fn an_item_that_expired_over_five_years_ago_stays() {
    let db = shop();
    let five_years = 5 * 365 * 24 * 60 * 60;
    put(&db, "1", json!({ "expires": { "N": "3600" } }));
    put(&db, "2", json!({ "expires": { "N": (1_735_689_600_u64 - five_years - 1).to_string() } }));
    assert_eq!(db.next_expiry(), None);
    put(&db, "3", json!({ "expires": { "N": "1735689599" } }));
    assert_eq!(db.expire_items(), Ok(1));
    assert_eq!(ok(&db, "Scan", json!({ "TableName": "shop-Order" }))["Count"], 2);
    ok(&db, "DeleteItem", json!({ "TableName": "shop-Order", "Key": order_key("1") }));
    let records = read_all(&db, &arn(&db));
    let by_service: Vec<_> = records.iter().map(|record| record.get("userIdentity").is_some()).collect();
    assert_eq!(by_service, [false, false, false, true, false]);
    assert_eq!(db.next_expiry(), None);
}

#[derive(Clone, Debug)]
enum Step {
    Put(u8, u8, u8),
    Delete(u8, u8),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..6u8, 0..3u8, 0..3u8).prop_map(|(shopper, id, value)| Step::Put(shopper, id, value)),
        2 => (0..6u8, 0..3u8).prop_map(|(shopper, id)| Step::Delete(shopper, id)),
        2 => (0..6 * 60 * 60u64).prop_map(Step::Wait),
    ]
}

fn key(shopper: u8, id: u8) -> Value {
    json!({ "shopper": { "S": format!("shopper {shopper}") }, "id": { "S": id.to_string() } })
}

/// The items that the changes lead to; each change has to follow from the one before.
fn fold(records: &[Value]) -> BTreeMap<String, Value> {
    let mut items = BTreeMap::new();
    for record in records {
        let change = &record["dynamodb"];
        let key = change["Keys"].to_string();
        assert_eq!(items.get(&key), change.get("OldImage"), "{record}");
        match change.get("NewImage") {
            Some(image) => items.insert(key, image.clone()),
            None => items.remove(&key),
        };
    }
    items
}

async fn run(steps: Vec<Step>) {
    let db = shop();
    let mut consumer = Consumer::new(&arn(&db));
    for step in steps {
        match step {
            Step::Put(shopper, id, value) => {
                let mut item = key(shopper, id);
                item["value"] = json!({ "N": value.to_string() });
                ok(&db, "PutItem", json!({ "TableName": "shop-Order", "Item": item }));
            }
            Step::Delete(shopper, id) => {
                ok(&db, "DeleteItem", json!({ "TableName": "shop-Order", "Key": key(shopper, id) }));
            }
            Step::Wait(seconds) => {
                advance(Duration::from_secs(seconds)).await;
                consumer.poll(&db);
            }
        }
    }
    consumer.poll(&db);
    let numbers: BTreeSet<_> = consumer.records.iter().map(number).collect();
    assert_eq!(numbers.len(), consumer.records.len(), "a record came twice");
    let stored = ok(&db, "Scan", json!({ "TableName": "shop-Order" }))["Items"].take();
    let stored = stored
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (json!({ "shopper": item["shopper"], "id": item["id"] }).to_string(), item.clone()));
    assert_eq!(fold(&consumer.records), stored.collect());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_streams_records_reproduce_the_table(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(run(steps));
    }
}
