//! The shards of a stream are delivered apart from each other, and each after the one before it.

use skyloom_manifest::Destination;

use super::*;

/// A mapping of a stream with so many lineages of shards, and what its function answers.
fn of_lineages(
    lineages: u32,
    trigger: StreamTrigger,
    answer: impl Fn(&Value) -> Result<Bytes, InvokeError> + Send + Sync + 'static,
) -> (Fixture, Arc<Mutex<Vec<Value>>>) {
    let events = Arc::new(Mutex::new(Vec::new()));
    let log = events.clone();
    let invoke: Invoke = Arc::new(move |_, event| {
        let event: Value = serde_json::from_slice(&event).unwrap();
        let answer = answer(&event);
        log.lock().unwrap().push(event);
        Box::pin(async move { answer })
    });
    (Fixture::with(trigger, FakeStream::of_lineages(lineages), invoke, Arc::default(), Arc::default()), events)
}

fn succeeding(_: &Value) -> Result<Bytes, InvokeError> {
    Ok(Bytes::new())
}

/// The batches since this was asked last: `a c | b`.
fn batches(events: &Mutex<Vec<Value>>) -> String {
    let events = std::mem::take(&mut *events.lock().unwrap());
    events.iter().map(|event| items(event.to_string().as_bytes())).collect::<Vec<_>>().join(" | ")
}

fn has(event: &Value, item: &str) -> bool {
    items(event.to_string().as_bytes()).split(' ').any(|it| it == item)
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_of_one_shard() {
    let (it, events) = of_lineages(2, trigger(), succeeding);
    it.write("a b c d e");
    it.sources.run_due().await;
    assert_eq!(batches(&events), "a c e | b d");
    it.stream.close_shards();
    it.write("f");
    it.stream.close_shards();
    it.write("g h");
    it.sources.run_due().await;
    assert_eq!(batches(&events), "g | f | h");
}

#[tokio::test(start_paused = true)]
async fn a_shard_begins_when_its_parent_is_done() {
    let failing = |event: &Value| if has(event, "b") { failed() } else { Ok(Bytes::new()) };
    let (it, events) = of_lineages(1, StreamTrigger { retries: Some(1), ..trigger() }, failing);
    it.write("a b");
    it.stream.close_shards();
    it.write("c");
    it.sources.run_due().await;
    assert_eq!((batches(&events).as_str(), it.next_due()), ("a b", Some(1)));
    after(1).await;
    it.sources.run_due().await;
    assert_eq!(batches(&events), "a b | c");
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_a_full_batch_does_not_wait_once_its_shard_is_over() {
    let (it, events) = of_lineages(1, StreamTrigger { batch_window: 30, ..trigger() }, succeeding);
    it.write("a");
    it.stream.close_shards();
    it.write("b");
    it.sources.run_due().await;
    assert_eq!((batches(&events).as_str(), it.next_due()), ("a", Some(30)));
}

#[tokio::test(start_paused = true)]
async fn a_shard_that_fails_holds_up_no_other() {
    let failing = |event: &Value| if has(event, "a") { failed() } else { Ok(Bytes::new()) };
    let (it, events) = of_lineages(2, trigger(), failing);
    it.write("a b");
    it.sources.run_due().await;
    it.write("c d");
    it.sources.run_due().await;
    assert_eq!((batches(&events).as_str(), it.next_due()), ("a | b | d", Some(1)));
}

#[tokio::test(start_paused = true)]
async fn the_account_of_a_failure_names_the_shard() {
    let on_failure = Some(Destination::Queue { name: "DeadLetters".into() });
    let failing = |event: &Value| if has(event, "d") { failed() } else { Ok(Bytes::new()) };
    let (it, _) = of_lineages(2, StreamTrigger { retries: Some(0), on_failure, ..trigger() }, failing);
    it.write("a b c");
    it.sources.run_due().await;
    it.stream.close_shards();
    it.write("d e f");
    it.sources.run_due().await;
    let told = it.sources.outbox.bodies("DeadLetters");
    assert_eq!(told.len(), 1);
    let info = &told[0]["DDBStreamBatchInfo"];
    assert_eq!(info["shardId"], "shardId-00000001735689600000-0a1b2c11");
    let numbers = ["startSequenceNumber", "endSequenceNumber"].map(|field| info[field].as_str().unwrap());
    assert_eq!(
        (numbers, &info["batchSize"]),
        ([4, 6].map(|it| format!("{it:021}")).each_ref().map(|it| it.as_str()), &json!(2))
    );
}

#[tokio::test(start_paused = true)]
async fn records_of_two_shards_that_became_too_old_are_told_apart() {
    let on_failure = Some(Destination::Queue { name: "DeadLetters".into() });
    let (it, _) = of_lineages(1, StreamTrigger { max_record_age: Some(60), on_failure, ..trigger() }, |_| failed());
    it.write("a b");
    it.stream.close_shards();
    it.write("c");
    it.sources.run_due().await;
    after(61).await;
    it.sources.run_due().await;
    let told = it.sources.outbox.bodies("DeadLetters");
    let shards: Vec<_> = told.iter().map(|it| it["DDBStreamBatchInfo"]["shardId"].as_str().unwrap()).collect();
    assert_eq!(shards, ["shardId-00000001735689600000-0a1b2c00", "shardId-00000001735689600000-0a1b2c01"]);
}

#[tokio::test(start_paused = true)]
async fn each_shard_has_windows_of_its_own() {
    let counting = |event: &Value| {
        let before = event["state"]["count"].as_u64().unwrap_or_default();
        let count = before + event["Records"].as_array().unwrap().len() as u64;
        Ok(json!({ "state": { "count": count } }).to_string().into())
    };
    let (it, events) = of_lineages(1, StreamTrigger { tumbling_window: Some(60), ..trigger() }, counting);
    it.write("a b");
    it.sources.run_due().await;
    it.stream.close_shards();
    it.write("c");
    it.sources.run_due().await;
    let shown = |event: &Value| {
        let shard = event["shardId"].as_str().unwrap().chars().next_back().unwrap();
        format!("{shard} [{}] {}", items(event.to_string().as_bytes()), event["state"])
    };
    let shown: Vec<_> = events.lock().unwrap().iter().map(shown).collect();
    assert_eq!(shown, ["0 [a b] {}", r#"0 [] {"count":2}"#, "1 [c] {}"]);
}

#[tokio::test(start_paused = true)]
async fn each_lineage_goes_on_where_it_was() {
    let failing = |event: &Value| if has(event, "a") { failed() } else { Ok(Bytes::new()) };
    let (before, _) = of_lineages(2, trigger(), failing);
    before.write("a b c d");
    before.sources.run_due().await;
    let saved = serde_json::to_value(before.sources.checkpoint()).unwrap();
    assert_eq!(saved, json!({ "ship": { "0": format!("{:021}", 0), "1": format!("{:021}", 4) } }));
    let again = before.again(trigger());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = calls.clone();
    let invoke: Invoke = Arc::new(move |_, event| {
        log.lock().unwrap().push(items(&event));
        Box::pin(async { Ok(Bytes::new()) })
    });
    let again = Fixture::with(trigger(), again.stream.clone(), invoke, calls, Arc::default());
    again.sources.restore(&serde_json::from_value(saved.clone()).unwrap());
    assert_eq!(serde_json::to_value(again.sources.checkpoint()).unwrap(), saved);
    assert_eq!(again.run().await, "a c");
    again.write("e f");
    assert_eq!(again.run().await, "e | f");
}
