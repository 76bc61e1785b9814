mod streams;

use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};
use skyloom_manifest::{
    AttributeType, Capacity, FORMAT_VERSION, Index, IndexOptions, KeyAttribute, KeyAttributes, Manifest,
    PointInTimeRecovery, Projection, SourceLocation, StreamView, Table, TableClass, TableOptions, Throughput,
};

use super::{DynamoDb, TableError};
use crate::{clock::Clock, site::Site};

fn key(attribute: &str, kind: AttributeType) -> KeyAttribute {
    KeyAttribute { attribute: attribute.into(), kind }
}

fn index(name: &str, partition: &str, sort: &str, local: bool) -> Index {
    Index {
        name: name.into(),
        partition_key: KeyAttributes::One(key(partition, AttributeType::S)),
        sort_key: Some(KeyAttributes::One(key(sort, AttributeType::N))),
        projection: Projection::All,
        local,
        options: IndexOptions::default(),
    }
}

fn manifest() -> Manifest {
    let order = Table {
        name: "Order".into(),
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        partition_key: key("shopper", AttributeType::S),
        sort_key: Some(key("id", AttributeType::S)),
        indexes: vec![index("ByStatus", "status", "at", false), index("ByTime", "shopper", "at", true)],
        stream: Some(StreamView::NewAndOldImages),
        ttl: Some("expires".into()),
        discriminator: None,
        entities: Vec::new(),
        item: None,
        options: TableOptions::default(),
    };
    Manifest {
        version: FORMAT_VERSION,
        application: "shop".into(),
        apis: Vec::new(),
        functions: vec![],
        tables: vec![order],
        user_pools: vec![],
        secrets: vec![],
        integrations: vec![],
        identity_pools: vec![],
    }
}

fn site() -> Site {
    Site::new("shop", "eu-west-1")
}

/// An empty shop on 2025-01-01.
pub(super) fn shop() -> DynamoDb {
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_millis(1_735_689_600_250));
    let shop = DynamoDb::in_memory(site(), clock).unwrap();
    shop.create_tables(&manifest()).unwrap();
    shop
}

fn send(db: &DynamoDb, operation: &str, body: Value) -> (u16, Value) {
    let streams = ["ListStreams", "DescribeStream", "GetShardIterator", "GetRecords"].contains(&operation);
    let service = if streams { "DynamoDBStreams_20120810" } else { "DynamoDB_20120810" };
    let response = db.handle(&format!("{service}.{operation}"), body.to_string().as_bytes());
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap())
}

fn ok(db: &DynamoDb, operation: &str, body: Value) -> Value {
    let (status, answer) = send(db, operation, body);
    assert_eq!(status, 200, "{operation}: {answer}");
    answer
}

fn refused(db: &DynamoDb, operation: &str, body: Value) -> String {
    let (status, answer) = send(db, operation, body);
    let message = answer.get("message").or(answer.get("Message")).and_then(Value::as_str).unwrap_or_default();
    format!("{status} {} {message}", answer["__type"].as_str().unwrap())
}

fn put(db: &DynamoDb, id: &str, more: Value) {
    let mut item = json!({ "shopper": { "S": "ann" }, "id": { "S": id } });
    item.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ok(db, "PutItem", json!({ "TableName": "shop-Order", "Item": item }));
}

fn order_key(id: &str) -> Value {
    json!({ "shopper": { "S": "ann" }, "id": { "S": id } })
}

#[tokio::test]
async fn an_item_is_written_and_found_by_every_key() {
    let db = shop();
    put(&db, "1", json!({ "status": { "S": "paid" }, "at": { "N": "7" }, "tags": { "SS": ["b", "a"] } }));
    let got = ok(&db, "GetItem", json!({ "TableName": "shop-Order", "Key": order_key("1") }));
    assert_eq!(got["Item"]["status"]["S"], "paid");
    for (index, condition) in [("ByStatus", "#s = :s"), ("ByTime", "shopper = :a")] {
        let names = if index == "ByStatus" { json!({ "#s": "status" }) } else { Value::Null };
        let values =
            if index == "ByStatus" { json!({ ":s": { "S": "paid" } }) } else { json!({ ":a": { "S": "ann" } }) };
        let mut query = json!({
            "TableName": "shop-Order",
            "IndexName": index,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
        });
        if !names.is_null() {
            query["ExpressionAttributeNames"] = names;
        }
        assert_eq!(ok(&db, "Query", query)["Count"], 1, "{index}");
    }
}

#[tokio::test]
async fn an_answer_has_dynamodbs_headers() {
    let response = shop().handle("DynamoDB_20120810.ListTables", b"{}");
    let headers = response.headers();
    assert_eq!(headers["content-type"], "application/x-amz-json-1.0");
    assert_eq!(headers["x-amzn-requestid"].len(), 52);
    assert_eq!(headers["x-amz-crc32"], crc32fast::hash(response.body()).to_string());
    assert_eq!(response.body(), r#"{"TableNames":["shop-Order"]}"#);
}

#[tokio::test]
async fn errors_are_dynamodbs() {
    let db = shop();
    let missing = json!({ "TableName": "nowhere", "Key": order_key("1") });
    assert_eq!(
        refused(&db, "GetItem", missing),
        "400 com.amazonaws.dynamodb.v20120810#ResourceNotFoundException Requested resource not found"
    );
    let no_name = json!({ "Key": order_key("1") });
    assert!(refused(&db, "GetItem", no_name).starts_with("400 com.amazon.coral.validate#ValidationException"));
    let number = json!({ "TableName": 23, "Key": order_key("1") });
    assert_eq!(
        refused(&db, "GetItem", number),
        "400 com.amazon.coral.service#SerializationException NUMBER_VALUE cannot be converted to String"
    );
    assert_eq!(refused(&db, "Frobnicate", json!({})), "400 com.amazon.coral.service#UnknownOperationException ");
    assert_eq!(refused(&db, "GetItem", json!([])), "400 com.amazon.coral.service#SerializationException ");
}

#[tokio::test]
async fn an_empty_key_is_refused() {
    let db = shop();
    let key = order_key("");
    for (operation, body) in [
        ("PutItem", json!({ "TableName": "shop-Order", "Item": key })),
        ("GetItem", json!({ "TableName": "shop-Order", "Key": key })),
        ("DeleteItem", json!({ "TableName": "shop-Order", "Key": key })),
        ("UpdateItem", json!({ "TableName": "shop-Order", "Key": key })),
        ("BatchGetItem", json!({ "RequestItems": { "shop-Order": { "Keys": [key] } } })),
        ("BatchWriteItem", json!({ "RequestItems": { "shop-Order": [{ "PutRequest": { "Item": key } }] } })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Put": { "TableName": "shop-Order", "Item": key } }] })),
    ] {
        let refusal = refused(&db, operation, body);
        assert!(refusal.starts_with("400 com.amazon.coral.validate#ValidationException"), "{operation}: {refusal}");
        assert!(refusal.contains("contain an empty string value"), "{operation}: {refusal}");
    }
}

#[tokio::test]
async fn a_condition_that_fails_says_so() {
    let db = shop();
    put(&db, "1", json!({}));
    let put = json!({
        "TableName": "shop-Order",
        "Item": order_key("1"),
        "ConditionExpression": "attribute_not_exists(id)",
    });
    assert_eq!(
        refused(&db, "PutItem", put.clone()),
        "400 com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException The conditional request failed"
    );
    let transaction = json!({ "TransactItems": [{ "Put": put }] });
    let (_, answer) = send(&db, "TransactWriteItems", transaction);
    assert_eq!(answer["CancellationReasons"][0]["Code"], "ConditionalCheckFailed");
}

#[tokio::test(start_paused = true)]
async fn an_update_that_makes_an_item_has_no_old_one() {
    let shop = shop();
    let update = |expression: Option<&str>| {
        let mut update = json!({ "TableName": "shop-Order", "Key": order_key("1"), "ReturnValues": "ALL_OLD" });
        if let Some(expression) = expression {
            update["UpdateExpression"] = expression.into();
        }
        ok(&shop, "UpdateItem", update)
    };
    assert_eq!(update(None), json!({}));
    assert_eq!(update(Some("SET note = shopper")), json!({ "Attributes": order_key("1") }));
    assert_eq!(update(Some("REMOVE note"))["Attributes"]["note"], json!({ "S": "ann" }));
}

#[tokio::test(start_paused = true)]
async fn descriptions_have_the_sites_arns() {
    let db = shop();
    let table = ok(&db, "DescribeTable", json!({ "TableName": "shop-Order" }))["Table"].take();
    let arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order";
    assert_eq!(table["TableArn"], arn);
    assert_eq!(table["TableStatus"], "ACTIVE");
    assert_eq!(table["GlobalSecondaryIndexes"][0]["IndexArn"], format!("{arn}/index/ByStatus"));
    let stream = format!("{arn}/stream/2025-01-01T00:00:00.250");
    assert_eq!(table["LatestStreamArn"], stream);
    assert_eq!(table["LatestStreamLabel"], "2025-01-01T00:00:00.250");
    assert_eq!(db.stream_arn("Order"), Some(stream));
    let ttl = ok(&db, "DescribeTimeToLive", json!({ "TableName": arn }));
    assert_eq!(ttl["TimeToLiveDescription"]["AttributeName"], "expires");
}

#[tokio::test(start_paused = true)]
async fn a_table_is_described_as_it_is_declared() {
    let mut manifest = manifest();
    let order = &mut manifest.tables[0];
    let reads = Capacity::Scaled { min: 5, max: 500, target: 70 };
    order.options = TableOptions {
        throughput: Throughput::Provisioned { reads, writes: Capacity::Fixed(3) },
        point_in_time_recovery: PointInTimeRecovery::Days(7),
        deletion_protection: true,
        class: TableClass::InfrequentAccess,
        tags: [("team".into(), "shop".into())].into(),
        ..TableOptions::default()
    };
    let mut note = order.clone();
    note.name = "Note".into();
    note.options = TableOptions {
        throughput: Throughput::OnDemand { max_reads: Some(100), max_writes: None },
        point_in_time_recovery: PointInTimeRecovery::Off,
        ..TableOptions::default()
    };
    manifest.tables.push(note);
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_735_689_600));
    let db = DynamoDb::in_memory(site(), clock).unwrap();
    db.create_tables(&manifest).unwrap();
    tokio::time::advance(Duration::from_secs(10 * 86_400)).await;

    let order = ok(&db, "DescribeTable", json!({ "TableName": "shop-Order" }))["Table"].take();
    let index = &order["GlobalSecondaryIndexes"][0];
    for described in [&order, index] {
        assert_eq!(described["ProvisionedThroughput"]["ReadCapacityUnits"], 5, "{described}");
        assert_eq!(described["ProvisionedThroughput"]["WriteCapacityUnits"], 3, "{described}");
    }
    assert_eq!(order["TableClassSummary"]["TableClass"], "STANDARD_INFREQUENT_ACCESS");
    assert_eq!(order["DeletionProtectionEnabled"], true);
    assert_eq!(order["StreamSpecification"]["StreamViewType"], "NEW_AND_OLD_IMAGES");
    assert!(refused(&db, "DeleteTable", json!({ "TableName": "shop-Order" })).contains("ValidationException"));
    let tags = ok(&db, "ListTagsOfResource", json!({ "ResourceArn": order["TableArn"] }));
    assert_eq!(tags["Tags"], json!([{ "Key": "team", "Value": "shop" }]));

    let note = ok(&db, "DescribeTable", json!({ "TableName": "shop-Note" }))["Table"].take();
    assert_eq!(note["BillingModeSummary"]["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(note["OnDemandThroughput"]["MaxReadRequestUnits"], 100);
    assert_eq!(note["DeletionProtectionEnabled"], false);

    let recovery = |table: &str| {
        let backups = ok(&db, "DescribeContinuousBackups", json!({ "TableName": table }));
        backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"].clone()
    };
    let days = |days: u64| 1_735_689_600 + days * 86_400;
    let enabled = json!({
        "PointInTimeRecoveryStatus": "ENABLED",
        "RecoveryPeriodInDays": 7,
        "EarliestRestorableDateTime": days(3),
        "LatestRestorableDateTime": days(10) - 300,
    });
    assert_eq!(recovery("shop-Order"), enabled);
    assert_eq!(recovery("shop-Note"), json!({ "PointInTimeRecoveryStatus": "DISABLED" }));
    assert_eq!(
        refused(&db, "DescribeContinuousBackups", json!({ "TableName": "nowhere" })),
        "400 com.amazonaws.dynamodb.v20120810#TableNotFoundException Table not found: nowhere"
    );
}

#[test]
fn how_a_stored_table_is_paid_for_may_change() {
    let directory = tempfile::tempdir().unwrap();
    let open = || DynamoDb::open(&directory.path().join("tables"), site()).unwrap();
    let mut manifest = manifest();
    open().create_tables(&manifest).unwrap();
    let capacity = Capacity::Fixed(5);
    manifest.tables[0].options.throughput = Throughput::Provisioned { reads: capacity, writes: capacity };
    open().create_tables(&manifest).unwrap();
}

#[tokio::test]
async fn tables_are_called_in_the_answer_as_in_the_request() {
    let db = shop();
    put(&db, "1", json!({}));
    let arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order";
    let batch = json!({ "RequestItems": { arn: { "Keys": [order_key("1")] } } });
    assert_eq!(ok(&db, "BatchGetItem", batch)["Responses"][arn][0]["id"]["S"], "1");
    let transaction = json!({ "TransactItems": [{ "Get": { "TableName": arn, "Key": order_key("1") } }] });
    assert_eq!(ok(&db, "TransactGetItems", transaction)["Responses"][0]["Item"]["id"]["S"], "1");
    let foreign = json!({ "TableName": arn.replace("eu-west-1", "us-east-1"), "Key": order_key("1") });
    assert!(refused(&db, "GetItem", foreign).contains("ResourceNotFoundException"));
}

#[tokio::test]
async fn an_items_own_arns_stay_as_they_are() {
    let db = shop();
    let arn = "arn:aws:dynamodb:dynoxide:000000000000:table/x";
    put(&db, "1", json!({ "TableArn": { "S": arn } }));
    let got = ok(&db, "GetItem", json!({ "TableName": "shop-Order", "Key": order_key("1") }));
    assert_eq!(got["Item"]["TableArn"]["S"], arn);
}

#[tokio::test]
async fn a_stream_is_read_on_the_wire() {
    let db = shop();
    put(&db, "1", json!({ "status": { "S": "open" } }));
    put(&db, "1", json!({ "status": { "S": "paid" } }));
    let streams = ok(&db, "ListStreams", json!({}));
    let arn = &streams["Streams"][0]["StreamArn"];
    let described = ok(&db, "DescribeStream", json!({ "StreamArn": arn }));
    assert_eq!(&described["StreamDescription"]["StreamArn"], arn);
    let other = json!({
        "StreamArn": arn, "ShardId": "shardId-00000000000000000000-00000000", "ShardIteratorType": "TRIM_HORIZON",
    });
    assert!(refused(&db, "GetShardIterator", other).contains("ResourceNotFoundException"));
    let records = streams::read_all(&db, arn.as_str().unwrap());
    let events: Vec<_> = records.iter().map(|it| it["eventName"].as_str().unwrap()).collect();
    assert_eq!(events, ["INSERT", "MODIFY"]);
    assert_eq!(records[1]["awsRegion"], "eu-west-1");
    assert_eq!(records[1]["dynamodb"]["OldImage"]["status"]["S"], "open");
    let other = arn.as_str().unwrap().replace("2025", "2024");
    assert!(refused(&db, "DescribeStream", json!({ "StreamArn": other })).contains("ResourceNotFoundException"));
    let rest = ok(&db, "ListStreams", json!({ "ExclusiveStartStreamArn": arn }));
    assert_eq!(rest["Streams"], json!([]));
}

#[tokio::test]
async fn records_are_read_after_a_sequence_number() {
    let db = shop();
    assert_eq!(db.stream_records("Order", None, 10).unwrap(), []);
    put(&db, "1", json!({}));
    put(&db, "2", json!({}));
    let all = db.stream_records("Order", None, 10).unwrap();
    let first = all[0].record["dynamodb"]["SequenceNumber"].as_str().unwrap();
    assert_eq!(db.stream_records("Order", Some(first), 10).unwrap(), all[1..]);
    assert_eq!(db.stream_records("Order", None, 1).unwrap(), all[..1]);
    assert!(db.stream_records("Nothing", None, 1).is_err());
}

#[tokio::test]
async fn partiql_and_batches_write() {
    let db = shop();
    let insert = r#"INSERT INTO "shop-Order" VALUE {'shopper': 'ann', 'id': '9'}"#;
    ok(&db, "ExecuteStatement", json!({ "Statement": insert }));
    let batch = json!({ "RequestItems": { "shop-Order": [{ "DeleteRequest": { "Key": order_key("9") } }] } });
    assert_eq!(ok(&db, "BatchWriteItem", batch)["UnprocessedItems"], json!({}));
    let select = json!({ "Statement": r#"SELECT * FROM "shop-Order""#, "Limit": 1_u64 << 63 });
    assert_eq!(ok(&db, "ExecuteStatement", select)["Items"], json!([]));
}

#[tokio::test]
async fn subscribers_see_writes_and_only_those() {
    let db = shop();
    let mut changes = db.subscribe();
    ok(&db, "Scan", json!({ "TableName": "shop-Order" }));
    assert!(!changes.has_changed().unwrap());
    put(&db, "1", json!({}));
    assert!(changes.has_changed().unwrap());
    changes.mark_unchanged();
    send(&db, "PutItem", json!({ "TableName": "shop-Order", "Item": {} }));
    assert!(!changes.has_changed().unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_item_expires_when_its_second_has_passed() {
    let db = shop();
    put(&db, "1", json!({ "expires": { "N": "1735689660" } }));
    put(&db, "2", json!({ "expires": { "N": "1735689700" } }));
    put(&db, "3", json!({}));
    assert_eq!(db.next_expiry(), Some(UNIX_EPOCH + Duration::from_secs(1_735_689_661)));
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(db.expire_items(), Ok(0));
    tokio::time::advance(Duration::from_secs(1)).await;
    assert_eq!(db.expire_items(), Ok(1));
    assert_eq!(db.next_expiry(), Some(UNIX_EPOCH + Duration::from_secs(1_735_689_701)));
    let records = db.stream_records("Order", None, 10).unwrap();
    let removed = &records.last().unwrap().record;
    assert_eq!(removed["eventName"], "REMOVE");
    assert_eq!(removed["userIdentity"], json!({ "type": "Service", "principalId": "dynamodb.amazonaws.com" }));
    assert_eq!(removed["dynamodb"]["ApproximateCreationDateTime"], 1_735_689_661.0);
}

#[tokio::test(start_paused = true)]
async fn every_way_to_set_a_time_is_seen() {
    let soon = Some(UNIX_EPOCH + Duration::from_secs(1_735_689_511));
    let item = |second: &str| {
        let mut item = order_key("1");
        item["expires"] = json!({ "N": second });
        item
    };
    let update = json!({
        "TableName": "shop-Order",
        "Key": order_key("1"),
        "UpdateExpression": "SET expires = :e - :one",
        "ExpressionAttributeValues": { ":e": { "N": "1735689511" }, ":one": { "N": "1" } },
    });
    let put = json!({ "TableName": "shop-Order", "Item": item("1735689510") });
    let insert = r#"INSERT INTO "shop-Order" VALUE {'shopper': 'ann', 'id': '2', 'expires': 1735689510}"#;
    for (operation, body) in [
        ("PutItem", put.clone()),
        ("UpdateItem", update.clone()),
        (
            "BatchWriteItem",
            json!({ "RequestItems": { "shop-Order": [{ "PutRequest": { "Item": item("1735689510") } }] } }),
        ),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Put": put }] })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "Update": update }] })),
        ("ExecuteStatement", json!({ "Statement": insert })),
    ] {
        let db = shop();
        put_late(&db);
        assert!(db.next_expiry() > soon, "{operation}");
        ok(&db, operation, body);
        assert_eq!(db.next_expiry(), soon, "{operation}");
        assert_eq!(db.expire_items(), Ok(1), "{operation}");
        assert!(db.next_expiry() > soon, "{operation}");
    }
}

fn put_late(db: &DynamoDb) {
    put(db, "9", json!({ "expires": { "N": "1999999999" } }));
}

#[test]
fn tables_in_a_file_are_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("tables.db");
    let open = || DynamoDb::open(&path, site()).unwrap();
    open().create_tables(&manifest()).unwrap();
    put(&open(), "1", json!({}));
    let again = open();
    again.create_tables(&manifest()).unwrap();
    assert_eq!(ok(&again, "Scan", json!({ "TableName": "shop-Order" }))["Count"], 1);
}

#[tokio::test]
async fn a_changed_table_is_an_error_that_says_what_to_do() {
    let db = shop();
    let change = |edit: fn(&mut Table)| {
        let mut manifest = manifest();
        edit(&mut manifest.tables[0]);
        db.create_tables(&manifest).unwrap_err()
    };
    let error = change(|table| table.sort_key = None);
    assert!(matches!(error, TableError::Changed { what: "key", .. }), "{error}");
    assert!(error.to_string().contains("`shop-Order`") && error.to_string().contains("--fresh"), "{error}");
    type Edit = fn(&mut Table);
    let changes: [(&str, Edit); 5] = [
        ("global secondary index", |table| _ = table.indexes.remove(0)),
        ("local secondary index", |table| _ = table.indexes.remove(1)),
        ("key attribute type", |table| table.partition_key.kind = AttributeType::N),
        ("stream", |table| table.stream = None),
        ("TTL attribute", |table| table.ttl = None),
    ];
    for (part, edit) in changes {
        let error = change(edit).to_string();
        assert!(error.contains(part), "{part}: {error}");
    }
}

/// Each is sent on a thread whose stack is an eighth of what a server's threads have.
#[test]
fn no_expression_ends_the_process() {
    let deep_path = vec!["a"; 2_000].join(".");
    let nested = format!("{}a=:v{}", "(a=:v AND ".repeat(299), ")".repeat(299));
    let expressions = [
        "(".repeat(4_096),
        format!("{}a=:v{}", "(".repeat(2_000), ")".repeat(2_000)),
        "NOT ".repeat(100_000),
        format!("{}a=:v", "NOT ".repeat(1_000)),
        vec!["a=:v"; 500].join(" OR "),
        format!("{}a=:v", "(a=:v AND ".repeat(300)),
        format!("a[{}", "0][".repeat(1_000)),
        format!("SET a = {}", "if_not_exists(a, ".repeat(230)),
        format!("SET a = {}", "(".repeat(4_000)),
        format!("SET {deep_path} = :v"),
        format!("REMOVE {deep_path}"),
        deep_path,
        nested,
    ];
    let refused = std::thread::Builder::new().stack_size(256 * 1024).spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let db = shop();
            put(&db, "1", json!({ "a": { "M": { "a": { "S": "x" } } } }));
            for expression in &expressions {
                for body in requests_with(expression) {
                    let (status, answer) = send(&db, body.0, body.1);
                    assert!(status == 400 || status == 200, "{}: {answer}", body.0);
                }
            }
        });
    });
    refused.unwrap().join().unwrap();
}

fn requests_with(expression: &str) -> Vec<(&'static str, Value)> {
    let base = json!({
        "TableName": "shop-Order",
        "Key": order_key("1"),
        "ExpressionAttributeValues": { ":v": { "S": "x" } },
    });
    let with = |base: &Value, field: &str, drop: &[&str]| {
        let mut body = base.clone();
        body[field] = expression.into();
        drop.iter().for_each(|field| _ = body.as_object_mut().unwrap().remove(*field));
        body
    };
    let update = with(&base, "UpdateExpression", &[]);
    let delete = with(&base, "ConditionExpression", &[]);
    vec![
        ("TransactWriteItems", json!({ "TransactItems": [{ "Update": update }] })),
        ("TransactWriteItems", json!({ "TransactItems": [{ "ConditionCheck": delete }] })),
        ("UpdateItem", update),
        ("DeleteItem", delete),
        ("Query", with(&base, "KeyConditionExpression", &["Key"])),
        ("Scan", with(&base, "FilterExpression", &["Key"])),
        ("GetItem", with(&base, "ProjectionExpression", &["ExpressionAttributeValues"])),
        ("ExecuteStatement", json!({ "Statement": format!(r#"SELECT * FROM "shop-Order" WHERE {expression}"#) })),
        ("ExecuteStatement", json!({ "Statement": expression })),
    ]
}
