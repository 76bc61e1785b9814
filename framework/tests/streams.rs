//! Changes of a table reach its handlers in order, and what fails is delivered again.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyloom::{Change, ChangeRecord, Error, Json, Table, Window, Write, handler, tracing};
use skyloom_local::Local;

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images", ttl = "expires_at")]
struct Job {
    /// The items of one partition are in one shard of the stream, which keeps their order.
    #[partition_key]
    list: String,
    #[sort_key]
    id: String,
    state: String,
    expires_at: Option<u64>,
}

/// How often each job has been tried, so that a handler can fail the first time.
#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
struct Tries {
    #[partition_key]
    id: String,
    count: u32,
}

#[handler(invoke)]
async fn put(Json(jobs): Json<Vec<(String, String)>>, table: Write<Job>) -> Result<(), Error> {
    for (id, state) in jobs {
        table.put(&Job { list: "main".into(), id, state, expires_at: None }).await?;
    }
    Ok(())
}

#[handler(invoke)]
async fn expire(Json((id, at)): Json<(String, u64)>, table: Write<Job>) -> Result<(), Error> {
    table.put(&Job { list: "main".into(), id, state: "idle".into(), expires_at: Some(at) }).await?;
    Ok(())
}

async fn tried(tries: &Write<Tries>, id: &str) -> Result<u32, Error> {
    Ok(tries.update(id).add(Tries::COUNT, 1).or_create().await?.count)
}

/// One record at a time; a flaky one fails twice.
#[handler(stream = Job, filter(new.state = ["flaky", "steady"]), batch_size = 10, retries = 5)]
async fn one_by_one(change: Change<Job>, tries: Write<Tries>) -> Result<(), Error> {
    let Some(job) = change.into_new() else { return Ok(()) };
    let tries = tried(&tries, &job.id).await?;
    if job.state == "flaky" && tries < 3 {
        return Err(Error::unavailable("not yet"));
    }
    tracing::info!(job = job.id, tries, "done");
    Ok(())
}

/// Whole batches; it says which of them failed.
#[handler(stream = Job, filter(new.state = "batched"), batch_size = 3, retries = 1)]
async fn batches(changes: Vec<Change<Job>>, tries: Write<Tries>) -> Vec<Result<(), Error>> {
    let ids: Vec<_> = changes.into_iter().filter_map(Change::into_new).map(|job| job.id).collect();
    tracing::info!(batch = ids.join(" "), "batch");
    let mut results = Vec::new();
    for id in ids {
        results.push(match tried(&tries, &id).await {
            Ok(1) if id.ends_with('!') => Err(Error::conflict("not yet")),
            tried => tried.map(drop),
        });
    }
    results
}

#[handler(stream = Job, filter(new.state = "poison"), retries = 2)]
async fn never(_: Change<Job>) -> Result<(), Error> {
    Err(Error::unavailable("never"))
}

#[handler(stream = Job, filter(event = "remove"))]
async fn removals(change: Change<Job>) {
    if let Change::Removed { old, expired } = change {
        tracing::info!(job = old.id, expired, "removed");
    }
}

#[derive(Clone, Debug, PartialEq, Table, Serialize, Deserialize)]
#[table(stream = "new-and-old-images")]
struct Sale {
    #[partition_key]
    id: String,
    cents: u64,
    place: Option<Place>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Place {
    city: String,
}

/// Lambda compares no numbers of DynamoDB, so that the function does.
#[handler(stream = Sale, filter(new.cents in 100..1000), filter(new.place.city starts_with "B"))]
async fn middling(sale: ChangeRecord<Sale>) {
    let ChangeRecord { change, event_id, .. } = sale;
    tracing::info!(sale = change.into_new().map(|sale| sale.id), event_id, "middling");
}

#[derive(Default, Serialize, Deserialize)]
struct Sum {
    cents: u64,
}

#[handler(stream = Sale, tumbling_window = "1m")]
async fn add_up(sales: Vec<Change<Sale>>, window: Window<Sum>) -> Result<Sum, Error> {
    let cents = window.state.cents + sales.into_iter().filter_map(Change::into_new).map(|it| it.cents).sum::<u64>();
    if window.is_last {
        tracing::info!(cents, "sum");
    }
    Ok(Sum { cents })
}

#[handler(stream = Sale, filter(new.cents = 13), retries = 1, bisect, on_failure = queue("DeadLetters"))]
async fn unlucky(_: Change<Sale>) -> Result<(), Error> {
    Err(Error::conflict("thirteen"))
}

async fn put_all(app: &Local, jobs: &[(&str, &str)]) {
    app.invoke::<()>("put", &jobs).await.expect("they are put");
}

/// One field of each line that a function logged with that message.
fn logged(app: &Local, function: &str, message: &str, field: &str) -> Vec<String> {
    let lines = app.logs(function).into_iter();
    let lines = lines.filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
    let lines = lines.filter(|line| line["message"] == message);
    lines.map(|line| line[field].as_str().map_or_else(|| line[field].to_string(), str::to_owned)).collect()
}

#[skyloom_local::test]
async fn a_record_that_fails_is_tried_again_before_those_behind_it(app: Local) {
    put_all(&app, &[("a", "steady"), ("b", "flaky"), ("c", "steady"), ("d", "other")]).await;
    app.settle().await;
    app.advance(Duration::from_secs(60)).await;
    assert_eq!(logged(&app, "one_by_one", "done", "job"), ["a", "b", "c"]);
    assert_eq!(logged(&app, "one_by_one", "done", "tries"), ["1", "3", "1"]);
}

#[skyloom_local::test]
async fn a_batch_goes_on_from_its_first_record_that_failed(app: Local) {
    put_all(&app, &[("a", "batched"), ("b!", "batched"), ("c", "batched"), ("d", "batched")]).await;
    app.settle().await;
    app.advance(Duration::from_secs(60)).await;
    assert_eq!(logged(&app, "batches", "batch", "batch"), ["a b! c", "b! c", "d"]);
}

#[skyloom_local::test]
async fn a_record_that_never_works_is_given_up_and_holds_nothing_up_for_ever(app: Local) {
    put_all(&app, &[("a", "poison"), ("b", "poison"), ("c", "steady")]).await;
    app.advance(Duration::from_secs(600)).await;
    assert_eq!(logged(&app, "one_by_one", "done", "job"), ["c"]);
    assert!(app.invocations("never") >= 3, "{}", app.invocations("never"));
    let before = app.invocations("never");
    app.advance(Duration::from_secs(600)).await;
    assert_eq!(app.invocations("never"), before);
}

#[skyloom_local::test]
async fn an_item_whose_time_is_over_is_removed_and_the_handler_is_told_why(app: Local) {
    let soon = app.now() + Duration::from_secs(3600);
    let soon = soon.duration_since(std::time::UNIX_EPOCH).expect("it is later").as_secs();
    app.invoke::<()>("expire", &("old", soon)).await.expect("it is put");
    app.settle().await;
    assert_eq!(app.invocations("removals"), 0);
    app.advance(Duration::from_secs(4 * 24 * 3600)).await;
    assert_eq!(logged(&app, "removals", "removed", "job"), ["old"]);
    assert_eq!(logged(&app, "removals", "removed", "expired"), ["true"]);
    assert_eq!(app.table::<Job>().all().await, []);
}

fn sale(id: &str, cents: u64, city: Option<&str>) -> Sale {
    Sale { id: id.into(), cents, place: city.map(|city| Place { city: city.into() }) }
}

#[skyloom_local::test]
async fn a_range_of_numbers_is_judged_before_the_handler_runs(app: Local) {
    for (id, cents, city) in
        [("a", 99, None), ("b", 100, None), ("c", 999, Some("Ulm")), ("d", 1000, Some("Bern")), ("e", 1000, None)]
    {
        app.table::<Sale>().put(&sale(id, cents, city)).await;
    }
    app.settle().await;
    let mut sales = logged(&app, "middling", "middling", "sale");
    sales.sort(); // they are in several shards
    assert_eq!(sales, ["b", "c", "d"]);
}

#[skyloom_local::test]
async fn the_state_of_a_window_is_handed_on_until_it_is_over(app: Local) {
    for minute in 0..2 {
        for number in 0..250 {
            app.table::<Sale>().put(&sale(&format!("{minute}-{number}"), 2, None)).await;
        }
        app.settle().await;
        app.advance(Duration::from_secs(60)).await;
    }
    app.advance(Duration::from_secs(60)).await;
    let sums: Vec<u64> = logged(&app, "add_up", "sum", "cents").iter().map(|sum| sum.parse().unwrap_or(0)).collect();
    assert_eq!(sums.iter().sum::<u64>(), 1_000, "{sums:?}");
    // Each of the four shards has windows of its own, and the first sales may fall on both sides of a full minute.
    assert!((8..=12).contains(&sums.len()), "{sums:?}");
}

#[skyloom_local::test]
async fn the_destination_is_told_of_what_is_given_up(app: Local) {
    app.table::<Sale>().put(&sale("a", 13, None)).await;
    app.advance(Duration::from_secs(60)).await;
    let told = app.destination("DeadLetters");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0]["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(told[0]["DDBStreamBatchInfo"]["batchSize"], 1);
}

#[skyloom_local::test]
async fn without_its_role_s_permission_to_send_the_destination_is_told_nothing(app: Local) {
    app.revoke("unlucky", "sqs:SendMessage");
    app.table::<Sale>().put(&sale("a", 13, None)).await;
    app.advance(Duration::from_secs(60)).await;
    assert_eq!(app.destination("DeadLetters"), [serde_json::Value::Null; 0]);
}

#[test]
fn without_any_permission_of_its_role_to_read_a_stream_nothing_is_delivered() {
    let reading = ["DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"];
    for action in reading {
        skyloom_local::__private::run(skyloom::__private::application("streams"), "without", async |app: Local| {
            app.revoke("unlucky", &format!("dynamodb:{action}"));
            app.table::<Sale>().put(&sale("a", 13, None)).await;
            app.advance(Duration::from_secs(60)).await;
            assert_eq!(app.destination("DeadLetters"), [serde_json::Value::Null; 0], "{action}");
        });
    }
}
