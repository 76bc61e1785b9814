mod failures;
mod shards;
mod windows;

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use expect_test::expect;
use serde_json::{Value, json};
use skyloom_manifest::{
    FORMAT_VERSION, Function, FunctionOptions, Image, Manifest, SourceLocation, StartingPosition, StreamFilter,
    StreamTrigger, Term, Test, Trigger, bridge::FunctionError,
};
use tokio::{sync::Notify, time::advance};

use super::{DiscardReason, EventSources, Located, Streams};
use crate::{
    clock::Clock,
    invoke::{Invoke, InvokeError},
    random::Random,
    site::Site,
};

const START: Duration = Duration::from_secs(1_735_689_600);

/// A stream that is a list. Sequence numbers are 21 digits, as DynamoDB's are.
struct FakeStream {
    records: Mutex<Vec<Located>>,
    clock: Clock,
    lineages: u32,
    /// Which shard of each lineage is the open one.
    generation: AtomicUsize,
}

impl FakeStream {
    fn new() -> Arc<Self> {
        Self::of_lineages(1)
    }

    /// An item is in the lineage that the first letter of its name says: `a` in the first, `b` in the second.
    fn of_lineages(lineages: u32) -> Arc<Self> {
        let clock = Clock::starting_at(UNIX_EPOCH + START);
        Arc::new(Self { records: Mutex::default(), clock, lineages, generation: AtomicUsize::new(0) })
    }

    /// Closes all shards and opens their successors.
    fn close_shards(&self) {
        self.generation.fetch_add(1, Ordering::SeqCst);
    }

    /// Adds a record of the item of that name.
    fn write(&self, item: &str, status: &str) {
        let mut records = self.records.lock().unwrap();
        let number = format!("{:021}", records.len() + 1);
        let lineage = u32::from(item.bytes().next().unwrap_or_default().wrapping_sub(b'a')) % self.lineages;
        let generation = self.generation.load(Ordering::SeqCst);
        let shard = format!("shardId-00000001735689600000-0a1b2c{lineage:x}{generation:x}");
        let record = json!({
            "eventID": number,
            "eventName": "INSERT",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "eu-west-1",
            "dynamodb": {
                "ApproximateCreationDateTime": self.clock.since_epoch().as_secs() as f64,
                "Keys": { "id": { "S": item } },
                "NewImage": { "id": { "S": item }, "status": { "S": status } },
                "SequenceNumber": number,
                "SizeBytes": 20,
                "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        });
        records.push(Located { shard, lineage, record });
    }
}

impl Streams for FakeStream {
    fn arn(&self, table: &str) -> Option<String> {
        Some(format!("arn:aws:dynamodb:eu-west-1:000000000000:table/shop-{table}/stream/2025-01-01T00:00:00.000"))
    }

    fn lineages(&self) -> u32 {
        self.lineages
    }

    fn records(&self, _: &str, after: Option<&str>, limit: usize) -> Result<Vec<Located>, String> {
        let records = self.records.lock().unwrap();
        let number = |it: &Located| it.record["dynamodb"]["SequenceNumber"].as_str().unwrap().to_owned();
        let is_new = |it: &&Located| after.is_none_or(|after| number(it).as_str() > after);
        Ok(records.iter().filter(is_new).take(limit).cloned().collect())
    }
}

/// An application with one function, `ship`, and what it was asked to do.
struct Fixture {
    stream: Arc<FakeStream>,
    sources: Arc<EventSources>,
    calls: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Result<Bytes, InvokeError>>>>,
}

fn trigger() -> StreamTrigger {
    StreamTrigger {
        table: "Order".into(),
        batch_size: 100,
        batch_window: 0,
        starting_position: StartingPosition::TrimHorizon,
        retries: None,
        max_record_age: None,
        bisect: false,
        parallelization: 1,
        tumbling_window: None,
        on_failure: None,
        filters: vec![],
    }
}

fn manifest(trigger: StreamTrigger) -> Manifest {
    let ship = Function {
        name: "ship".into(),
        description: None,
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        trigger: Trigger::Stream(trigger),
        memory: 256,
        timeout: 60,
        concurrency: None,
        options: FunctionOptions::default(),
        permissions: vec![],
        operation: None,
        streaming: false,
    };
    Manifest {
        version: FORMAT_VERSION,
        application: "shop".into(),
        apis: Vec::new(),
        functions: vec![ship],
        tables: vec![],
        user_pools: vec![],
        secrets: vec![],
        integrations: vec![],
        identity_pools: vec![],
    }
}

/// The items of an event, in order: `a b c`.
fn items(event: &[u8]) -> String {
    let event: Value = serde_json::from_slice(event).unwrap();
    let records = event["Records"].as_array().unwrap().iter();
    records.map(|it| it["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap()).collect::<Vec<_>>().join(" ")
}

impl Fixture {
    fn new(trigger: StreamTrigger) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let answers: Arc<Mutex<VecDeque<Result<Bytes, InvokeError>>>> = Arc::default();
        let (log, script) = (calls.clone(), answers.clone());
        let invoke: Invoke = Arc::new(move |function, event| {
            assert_eq!(function, "ship");
            log.lock().unwrap().push(items(&event));
            let answer = script.lock().unwrap().pop_front().unwrap_or_else(|| Ok(Bytes::from_static(b"null")));
            Box::pin(async move { answer })
        });
        Self::with(trigger, FakeStream::new(), invoke, calls, answers)
    }

    fn with(
        trigger: StreamTrigger,
        stream: Arc<FakeStream>,
        invoke: Invoke,
        calls: Arc<Mutex<Vec<String>>>,
        answers: Arc<Mutex<VecDeque<Result<Bytes, InvokeError>>>>,
    ) -> Self {
        let (clock, site) = (stream.clock.clone(), Site::new("shop", "eu-west-1"));
        let sources =
            EventSources::new(&manifest(trigger), stream.clone(), invoke, (clock, Random::seeded(0)), &site).unwrap();
        Self { stream, sources: Arc::new(sources), calls, answers }
    }

    /// Another mapping of the same stream to the same function.
    fn again(&self, trigger: StreamTrigger) -> Self {
        let invoke = self.sources.invoke.clone();
        Self::with(trigger, self.stream.clone(), invoke, self.calls.clone(), self.answers.clone())
    }

    fn write(&self, items: &str) {
        items.split(' ').for_each(|item| self.stream.write(item, "open"));
    }

    fn will_answer(&self, answers: impl IntoIterator<Item = Result<Bytes, InvokeError>>) {
        self.answers.lock().unwrap().extend(answers);
    }

    /// Delivers what is due and says what was delivered, one batch after the other: `a b | c`.
    async fn run(&self) -> String {
        self.sources.run_due().await;
        std::mem::take(&mut *self.calls.lock().unwrap()).join(" | ")
    }

    /// In how many seconds from the beginning the next delivery is due.
    fn next_due(&self) -> Option<u64> {
        Some((self.sources.next_due()?.duration_since(UNIX_EPOCH).unwrap() - START).as_secs())
    }
}

/// A function whose answer follows from the event, and the events that it got.
fn answering(
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
    (Fixture::with(trigger, FakeStream::new(), invoke, Arc::default(), Arc::default()), events)
}

impl Fixture {
    /// Runs all that becomes due, whenever it does.
    async fn run_to_the_end(&self) {
        self.sources.run_due().await;
        while let Some(due) = self.next_due() {
            let now = self.sources.clock.since_epoch() - START;
            advance(Duration::from_secs(due).saturating_sub(now)).await;
            self.sources.run_due().await;
        }
    }
}

fn failed() -> Result<Bytes, InvokeError> {
    Err(InvokeError::Failed(FunctionError { error_type: "Error".into(), error_message: "no".into() }))
}

fn failed_from(record: usize) -> Result<Bytes, InvokeError> {
    Ok(json!({ "batchItemFailures": [{ "itemIdentifier": format!("{record:021}") }] }).to_string().into())
}

async fn after(seconds: u64) {
    advance(Duration::from_secs(seconds)).await;
}

#[tokio::test(start_paused = true)]
async fn records_come_in_order_and_once() {
    let it = Fixture::new(StreamTrigger { batch_size: 2, ..trigger() });
    assert_eq!((it.run().await.as_str(), it.next_due(), it.sources.is_pending()), ("", None, false));
    it.write("a b c d e");
    assert_eq!(it.next_due(), Some(0));
    assert_eq!(it.run().await, "a b | c d | e");
    assert_eq!(it.run().await, "");
    assert!(!it.sources.is_pending());
}

#[tokio::test(start_paused = true)]
async fn the_event_is_lambdas() {
    let stream = FakeStream::new();
    let events = Arc::new(Mutex::new(Vec::new()));
    let log = events.clone();
    let invoke: Invoke = Arc::new(move |_, event| {
        log.lock().unwrap().push(event);
        Box::pin(async { Ok(Bytes::new()) })
    });
    let it = Fixture::with(trigger(), stream, invoke, Arc::default(), Arc::default());
    it.write("a");
    it.sources.run_due().await;
    let event: Value = serde_json::from_slice(&events.lock().unwrap()[0]).unwrap();
    expect![[r#"
        {
          "Records": [
            {
              "awsRegion": "eu-west-1",
              "dynamodb": {
                "ApproximateCreationDateTime": 1735689600,
                "Keys": {
                  "id": {
                    "S": "a"
                  }
                },
                "NewImage": {
                  "id": {
                    "S": "a"
                  },
                  "status": {
                    "S": "open"
                  }
                },
                "SequenceNumber": "000000000000000000001",
                "SizeBytes": 20,
                "StreamViewType": "NEW_AND_OLD_IMAGES"
              },
              "eventID": "000000000000000000001",
              "eventName": "INSERT",
              "eventSource": "aws:dynamodb",
              "eventSourceARN": "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/stream/2025-01-01T00:00:00.000",
              "eventVersion": "1.1"
            }
          ]
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&event).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_batch_waits_for_its_window_or_until_it_is_full() {
    let it = Fixture::new(StreamTrigger { batch_size: 3, batch_window: 10, ..trigger() });
    it.write("a");
    assert_eq!((it.run().await.as_str(), it.next_due()), ("", Some(10)));
    after(4).await;
    it.write("b");
    assert_eq!(it.run().await, "");
    after(6).await;
    assert_eq!(it.run().await, "a b");
    it.write("c d e f");
    assert_eq!((it.run().await.as_str(), it.next_due()), ("c d e", Some(20)));
}

#[tokio::test(start_paused = true)]
async fn records_that_no_filter_lets_through_are_passed_over() {
    let test = Test::String { equals: vec!["paid".into()] };
    let term = Term::Attribute { image: Image::New, attribute: "status".into(), within: vec![], test };
    let it = Fixture::new(StreamTrigger { filters: vec![StreamFilter { terms: vec![term] }], ..trigger() });
    it.stream.write("a", "open");
    it.stream.write("b", "paid");
    it.stream.write("c", "open");
    assert_eq!(it.run().await, "b");
    assert!(!it.sources.is_pending());
    assert_eq!(
        serde_json::to_value(it.sources.checkpoint()).unwrap(),
        json!({ "ship": { "0": format!("{:021}", 3) } })
    );
}

#[tokio::test(start_paused = true)]
async fn a_mapping_from_the_latest_record_does_not_see_earlier_ones() {
    let first = Fixture::new(trigger());
    first.write("a b");
    let latest = StreamTrigger { starting_position: StartingPosition::Latest, ..trigger() };
    let it = first.again(latest);
    assert_eq!(it.run().await, "");
    it.write("c");
    assert_eq!(it.run().await, "c");
}

#[tokio::test(start_paused = true)]
async fn a_failed_batch_comes_again_ever_later_before_any_other() {
    let it = Fixture::new(StreamTrigger { batch_size: 2, ..trigger() });
    it.write("a b c");
    it.will_answer((0..8).map(|_| failed()));
    let mut times = Vec::new();
    assert_eq!(it.run().await, "a b");
    for _ in 0..7 {
        let due = it.next_due().unwrap();
        times.push(due);
        advance(Duration::from_secs(due) - (it.sources.clock.since_epoch() - START)).await;
        assert_eq!(it.run().await, "a b");
    }
    assert_eq!(times, [1, 3, 7, 15, 31, 63, 123]);
    after(60).await;
    assert_eq!(it.run().await, "a b | c");
    assert_eq!(it.sources.failures().len(), 8);
    assert_eq!(it.sources.failures()[7].failures_before, 7);
    assert_eq!(it.sources.failures()[0].error, "Error: no");
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_discarded_when_its_retries_are_exhausted() {
    let it = Fixture::new(StreamTrigger { batch_size: 2, retries: Some(1), ..trigger() });
    it.write("a b c");
    it.will_answer([failed(), failed()]);
    assert_eq!(it.run().await, "a b");
    after(1).await;
    assert_eq!(it.run().await, "a b | c");
    let discarded = it.sources.discarded();
    assert_eq!((discarded.len(), discarded[0].reason), (1, DiscardReason::RetriesExhausted));
    assert!(discarded[0].records[1].get().contains(r#""S":"b""#));
    let said = discarded[0].to_string();
    assert!(said.starts_with("2025-01-01T00:00:01Z 2 records of Order were not delivered to ship, since"), "{said}");
    let failure = it.sources.failures()[1].to_string();
    assert_eq!(failure, "2025-01-01T00:00:01Z 2 records of Order, try 2, failed in ship: Error: no");
}

#[tokio::test(start_paused = true)]
async fn records_that_are_too_old_are_not_tried_again() {
    let it = Fixture::new(StreamTrigger { max_record_age: Some(60), ..trigger() });
    it.write("a");
    it.will_answer((0..9).map(|_| failed()));
    for _ in 0..6 {
        assert_eq!(it.run().await, "a");
        let due = it.next_due().unwrap();
        advance(Duration::from_secs(due) - (it.sources.clock.since_epoch() - START)).await;
    }
    it.answers.lock().unwrap().clear();
    it.write("b");
    assert_eq!(it.run().await, "b");
    assert_eq!(it.sources.discarded()[0].reason, DiscardReason::RecordTooOld);
}

#[tokio::test(start_paused = true)]
async fn what_came_before_the_lowest_failure_does_not_come_again() {
    let it = Fixture::new(trigger());
    it.write("a b c d");
    it.will_answer([failed_from(3)]);
    assert_eq!(it.run().await, "a b c d");
    assert_eq!(
        serde_json::to_value(it.sources.checkpoint()).unwrap(),
        json!({ "ship": { "0": format!("{:021}", 2) } })
    );
    it.write("e");
    assert_eq!((it.run().await.as_str(), it.next_due()), ("", Some(1)));
    after(1).await;
    assert_eq!(it.run().await, "c d | e");
}

#[tokio::test(start_paused = true)]
async fn progress_begins_the_count_of_retries_anew() {
    let it = Fixture::new(StreamTrigger { retries: Some(1), ..trigger() });
    it.write("a b c");
    it.will_answer([failed_from(2), failed_from(3), failed()]);
    assert_eq!(it.run().await, "a b c");
    after(1).await;
    assert_eq!(it.run().await, "b c");
    after(1).await;
    assert_eq!(it.run().await, "c");
    assert_eq!(it.sources.discarded()[0].records.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bisected_batch_isolates_the_bad_record() {
    let it = Fixture::new(StreamTrigger { bisect: true, retries: Some(0), ..trigger() });
    it.write("a b x d");
    it.will_answer([failed(), Ok(Bytes::new()), failed(), failed()]);
    assert_eq!(it.run().await, "a b x d | a b | x d | x | d");
    let discarded = it.sources.discarded();
    assert_eq!(discarded[0].records.len(), 1);
    assert!(discarded[0].records[0].get().contains(r#""S":"x""#));
}

#[tokio::test(start_paused = true)]
async fn a_bisected_batch_splits_at_a_reported_failure() {
    let it = Fixture::new(StreamTrigger { bisect: true, retries: Some(0), ..trigger() });
    it.write("a x c");
    it.will_answer([failed_from(2), failed_from(2), failed_from(2)]);
    assert_eq!(it.run().await, "a x c | x c | x | c");
    assert_eq!(it.sources.discarded().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn throttling_is_no_retry() {
    let it = Fixture::new(StreamTrigger { retries: Some(0), ..trigger() });
    it.write("a");
    it.will_answer([Err(InvokeError::Throttled), Err(InvokeError::Throttled)]);
    assert_eq!(it.run().await, "a");
    after(1).await;
    assert_eq!(it.run().await, "a");
    after(2).await;
    assert_eq!(it.run().await, "a");
    assert!(it.sources.discarded().is_empty());
}

#[tokio::test(start_paused = true)]
async fn parallel_lanes_keep_the_order_of_each_item() {
    let it = Fixture::new(StreamTrigger { parallelization: 4, batch_size: 1, ..trigger() });
    it.write("a b c d e f g h a b c d e f g h");
    let delivered = it.run().await;
    let delivered: Vec<_> = delivered.split(" | ").collect();
    assert_eq!(delivered.len(), 16);
    for item in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        assert_eq!(delivered.iter().filter(|it| **it == item).count(), 2, "{item}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_lane_does_not_hold_up_the_others() {
    let it = Fixture::new(StreamTrigger { parallelization: 10, ..trigger() });
    it.write("a b c d e f g h");
    it.will_answer([failed()]);
    let first = it.run().await;
    let late = first.split(" | ").next().unwrap().to_owned();
    assert!(first.split(" | ").count() > 1, "{first}");
    after(1).await;
    assert_eq!(it.run().await, late);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_never_over_six_megabytes() {
    let it = Fixture::new(trigger());
    let big = "x".repeat(400_000);
    (0..20).for_each(|_| it.stream.write("a", &big));
    let delivered = it.run().await;
    let sizes: Vec<_> = delivered.split(" | ").map(|batch| batch.split(' ').count()).collect();
    assert_eq!(sizes, [15, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_restored_mapping_goes_on_where_it_was() {
    let before = Fixture::new(trigger());
    before.write("a b c d");
    before.will_answer([failed_from(3)]);
    assert_eq!(before.run().await, "a b c d");
    let saved = serde_json::to_string(&before.sources.checkpoint()).unwrap();
    let again = before.again(StreamTrigger { parallelization: 3, ..trigger() });
    again.sources.restore(&serde_json::from_str(&saved).unwrap());
    let delivered = again.run().await;
    let mut items: Vec<_> = delivered.split([' ', '|']).filter(|it| !it.is_empty()).collect();
    items.sort_unstable();
    assert_eq!(items, ["c", "d"]);
}

/// A function that answers only when it is told to.
fn slow(stream: Arc<FakeStream>) -> (Fixture, Arc<Notify>, Arc<AtomicUsize>) {
    let (go, started) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (wait, count) = (go.clone(), started.clone());
    let calls = Arc::new(Mutex::new(Vec::new()));
    let log = calls.clone();
    let invoke: Invoke = Arc::new(move |_, event| {
        count.fetch_add(1, Ordering::SeqCst);
        log.lock().unwrap().push(items(&event));
        let wait = wait.clone();
        Box::pin(async move {
            wait.notified().await;
            Ok(Bytes::new())
        })
    });
    (Fixture::with(trigger(), stream, invoke, calls, Arc::default()), go, started)
}

#[tokio::test(start_paused = true)]
async fn concurrent_runs_deliver_once() {
    let (it, go, started) = slow(FakeStream::new());
    it.write("a");
    let runs: Vec<_> =
        (0..3).map(|_| it.sources.clone()).map(|it| tokio::spawn(async move { it.run_due().await })).collect();
    tokio::task::yield_now().await;
    assert_eq!((started.load(Ordering::SeqCst), it.next_due(), it.sources.is_pending()), (1, None, true));
    assert_eq!(it.sources.run_idle().await, 0);
    go.notify_one();
    let mut delivered = 0;
    for run in runs {
        delivered += run.await.unwrap();
    }
    assert_eq!((delivered, it.calls.lock().unwrap().len(), it.sources.is_pending()), (1, 1, false));
}

#[tokio::test(start_paused = true)]
async fn a_record_that_comes_during_a_delivery_is_delivered_after_it() {
    let (it, go, _) = slow(FakeStream::new());
    it.write("a");
    let sources = it.sources.clone();
    let run = tokio::spawn(async move { sources.run_idle().await });
    tokio::task::yield_now().await;
    it.write("b");
    assert_eq!(it.sources.run_idle().await, 0);
    go.notify_one();
    tokio::task::yield_now().await;
    go.notify_one();
    assert_eq!(run.await.unwrap(), 2);
    assert_eq!(*it.calls.lock().unwrap(), ["a", "b"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_dropped_loses_nothing() {
    let (it, go, _) = slow(FakeStream::new());
    it.write("a");
    let run = tokio::time::timeout(Duration::from_secs(1), it.sources.run_due()).await;
    assert!(run.is_err());
    go.notify_one();
    assert_eq!(it.sources.run_due().await, 1);
    assert_eq!(*it.calls.lock().unwrap(), ["a", "a"]);
}
