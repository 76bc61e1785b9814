//! What is delivered when one record of a hundred fails, and what the destination is told.
//!
//! The batches are those that Lambda's documentation describes: without `bisect` a failed batch is tried again as it is;
//! with it it is halved, which is no retry; a partial response takes the records before the failure out, and with
//! `bisect` splits there. <https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html>,
//! <https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html>

use std::collections::BTreeMap;

use skyloom_manifest::Destination;

use super::*;

const BAD: usize = 37;

fn numbers(event: &Value) -> Vec<usize> {
    let records = event["Records"].as_array().unwrap().iter();
    records.map(|it| it["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap().parse().unwrap()).collect()
}

/// The batches of a hundred records of which number 37 fails, `1-100 37-100`, and what the destination was told.
async fn of_a_hundred(retries: u32, bisect: bool, partial: bool) -> (String, Vec<Value>) {
    let on_failure = Some(Destination::Queue { name: "DeadLetters".into() });
    let trigger = StreamTrigger { retries: Some(retries), bisect, on_failure, ..trigger() };
    let (it, events) = answering(trigger, move |event| match numbers(event).contains(&BAD) {
        true if partial => failed_from(BAD),
        true => failed(),
        false => Ok(Bytes::new()),
    });
    (1..=100).for_each(|number| it.stream.write(&number.to_string(), "open"));
    it.run_to_the_end().await;
    let batches: Vec<Vec<usize>> = events.lock().unwrap().iter().map(numbers).collect();
    nothing_is_lost(&batches, &it.sources.discarded()[0].records.len());
    let shown: Vec<_> = batches.iter().map(|batch| format!("{}-{}", batch[0], batch[batch.len() - 1])).collect();
    (shown.join(" "), it.sources.outbox.bodies("DeadLetters"))
}

/// Every record was delivered, and none before one that comes earlier, except again.
fn nothing_is_lost(batches: &[Vec<usize>], discarded: &usize) {
    let mut highest = 0;
    for batch in batches {
        assert!(batch[0] <= highest + 1, "{batch:?} after {highest}");
        assert!(batch.windows(2).all(|pair| pair[1] == pair[0] + 1), "{batch:?}");
        highest = highest.max(batch[batch.len() - 1]);
    }
    assert_eq!(highest, 100);
    assert!(*discarded >= 1);
}

fn told(messages: &[Value]) -> String {
    let info = |message: &Value| {
        let (context, info) = (&message["requestContext"], &message["DDBStreamBatchInfo"]);
        let number = |field: &str| info[field].as_str().unwrap().parse::<usize>().unwrap();
        let (first, last) = (number("startSequenceNumber"), number("endSequenceNumber"));
        let (size, tries) = (&info["batchSize"], &context["approximateInvokeCount"]);
        format!("{first}-{last} ({size}) after {tries}: {}", context["condition"].as_str().unwrap())
    };
    messages.iter().map(info).collect::<Vec<_>>().join("; ")
}

#[tokio::test(start_paused = true)]
async fn a_whole_batch_is_tried_again_and_given_up() {
    let (batches, messages) = of_a_hundred(0, false, false).await;
    assert_eq!((batches.as_str(), told(&messages).as_str()), ("1-100", "1-100 (100) after 1: RetryAttemptsExhausted"));
    let (batches, messages) = of_a_hundred(2, false, false).await;
    assert_eq!(batches, "1-100 1-100 1-100");
    assert_eq!(told(&messages), "1-100 (100) after 3: RetryAttemptsExhausted");
}

#[tokio::test(start_paused = true)]
async fn a_partial_response_keeps_what_was_done() {
    let (batches, messages) = of_a_hundred(0, false, true).await;
    assert_eq!((batches.as_str(), told(&messages).as_str()), ("1-100", "37-100 (64) after 1: RetryAttemptsExhausted"));
    let (batches, messages) = of_a_hundred(2, false, true).await;
    assert_eq!(batches, "1-100 37-100 37-100");
    assert_eq!(told(&messages), "37-100 (64) after 3: RetryAttemptsExhausted");
}

#[tokio::test(start_paused = true)]
async fn halving_isolates_the_record() {
    let halves = "1-100 1-50 1-25 26-50 26-37 26-31 32-37 32-34 35-37 35-35 36-37 36-36 37-37";
    let (batches, messages) = of_a_hundred(0, true, false).await;
    assert_eq!(batches, format!("{halves} 38-50 51-100"));
    assert_eq!(told(&messages), "37-37 (1) after 8: RetryAttemptsExhausted");
    let (batches, messages) = of_a_hundred(2, true, false).await;
    assert_eq!(batches, format!("{halves} 37-37 37-37 38-50 51-100"));
    assert_eq!(told(&messages), "37-37 (1) after 10: RetryAttemptsExhausted");
}

#[tokio::test(start_paused = true)]
async fn a_partial_response_is_where_a_batch_is_split() {
    let halves = "1-100 37-100 37-68 37-52 37-44 37-40 37-38 37-37";
    let rest = "38-38 39-40 41-44 45-52 53-68 69-100";
    let (batches, messages) = of_a_hundred(0, true, true).await;
    assert_eq!(batches, format!("{halves} {rest}"));
    assert_eq!(told(&messages), "37-37 (1) after 8: RetryAttemptsExhausted");
    let (batches, _) = of_a_hundred(2, true, true).await;
    assert_eq!(batches, format!("{halves} 37-37 37-37 {rest}"));
}

/// One record that always fails, and all that the destination was told.
async fn of_one(trigger: StreamTrigger, answer: fn() -> Result<Bytes, InvokeError>) -> Fixture {
    let (it, _) = answering(trigger, move |_| answer());
    it.write("a");
    it.run_to_the_end().await;
    it
}

fn to_queue() -> StreamTrigger {
    StreamTrigger { on_failure: Some(Destination::Queue { name: "DeadLetters".into() }), ..trigger() }
}

#[tokio::test(start_paused = true)]
async fn the_account_of_a_failure_is_lambdas() {
    let it = of_one(StreamTrigger { retries: Some(1), ..to_queue() }, failed).await;
    let mut messages = it.sources.outbox.bodies("DeadLetters");
    assert_eq!(messages.len(), 1);
    let request_id = messages[0]["requestContext"]["requestId"].take();
    assert_eq!(request_id.as_str().unwrap().len(), 36);
    expect![[r#"
        {
          "DDBStreamBatchInfo": {
            "approximateArrivalOfFirstRecord": "2025-01-01T00:00:00Z",
            "approximateArrivalOfLastRecord": "2025-01-01T00:00:00Z",
            "batchSize": 1,
            "endSequenceNumber": "000000000000000000001",
            "shardId": "shardId-00000001735689600000-0a1b2c00",
            "startSequenceNumber": "000000000000000000001",
            "streamArn": "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/stream/2025-01-01T00:00:00.000"
          },
          "requestContext": {
            "approximateInvokeCount": 2,
            "condition": "RetryAttemptsExhausted",
            "functionArn": "arn:aws:lambda:eu-west-1:000000000000:function:shop-ship",
            "requestId": null
          },
          "responseContext": {
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
            "statusCode": 200
          },
          "timestamp": "2025-01-01T00:00:01.000Z",
          "version": "1.0"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&messages[0]).unwrap());
}

#[tokio::test(start_paused = true)]
async fn a_report_that_names_no_record_is_no_error_of_the_function() {
    let unknown = || Ok(json!({ "batchItemFailures": [{ "itemIdentifier": "" }] }).to_string().into());
    let it = of_one(StreamTrigger { retries: Some(3), ..to_queue() }, unknown).await;
    let message = &it.sources.outbox.bodies("DeadLetters")[0];
    assert_eq!(
        message["responseContext"],
        json!({ "statusCode": 200, "executedVersion": "$LATEST", "functionError": null })
    );
    assert_eq!(message["requestContext"]["approximateInvokeCount"], 4);
}

#[tokio::test(start_paused = true)]
async fn records_that_became_too_old_have_no_response() {
    let it = of_one(StreamTrigger { max_record_age: Some(60), ..to_queue() }, failed).await;
    let message = &it.sources.outbox.bodies("DeadLetters")[0];
    assert_eq!(message["requestContext"]["condition"], "RecordAgeExceeded");
    assert_eq!(message["requestContext"]["approximateInvokeCount"], 6);
    assert_eq!(message.get("responseContext"), None);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_gets_the_records_under_lambdas_key() {
    let on_failure = Some(Destination::Bucket { name: "Failed".into() });
    let it = of_one(StreamTrigger { retries: Some(0), on_failure, ..trigger() }, failed).await;
    let objects: BTreeMap<String, Value> = it.sources.outbox.objects("Failed");
    let (key, object) = objects.first_key_value().unwrap();
    let parts: Vec<_> = key.split('/').collect();
    assert_eq!(
        (parts[0], parts[1], parts[2].len(), parts[3]),
        ("aws", "lambda", 36, "shardId-00000001735689600000-0a1b2c00")
    );
    assert!(key.contains("/2025/01/01/2025-01-01T00.00.00-"), "{key}");
    assert_eq!(numbers_of(object), ["a"]);
}

fn numbers_of(object: &Value) -> Vec<&str> {
    let records = object["payload"]["Records"].as_array().unwrap().iter();
    records.map(|it| it["dynamodb"]["Keys"]["id"]["S"].as_str().unwrap()).collect()
}

/// Items with many changes each, a function that fails at random: all is done in the end, each item's in order.
#[tokio::test(start_paused = true)]
async fn order_holds_for_each_item_whatever_fails() {
    for seed in 0..1_000 {
        let random = Random::seeded(seed);
        let (bisect, partial) = (random.below(2) == 1, random.below(2) == 1);
        let trigger = StreamTrigger {
            bisect,
            parallelization: 1 + random.below(4),
            batch_size: 1 + random.below(7),
            ..trigger()
        };
        let done: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
        let log = done.clone();
        let (it, _) = answering(trigger, move |event| {
            let records = event["Records"].as_array().unwrap();
            let fails_at = (random.below(3) == 0).then(|| random.below(records.len() as u32) as usize);
            let succeeded = if fails_at.is_some() && !partial { 0 } else { fails_at.unwrap_or(records.len()) };
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            log.lock().unwrap().extend(records[..succeeded].iter().map(|record| {
                (text(&record["dynamodb"]["Keys"]["id"]["S"]), text(&record["dynamodb"]["SequenceNumber"]))
            }));
            match fails_at {
                None => Ok(Bytes::new()),
                Some(at) if partial => {
                    let identifier = &records[at]["dynamodb"]["SequenceNumber"];
                    Ok(json!({ "batchItemFailures": [{ "itemIdentifier": identifier }] }).to_string().into())
                }
                Some(_) => failed(),
            }
        });
        it.write("a b c a b c a d e a b c d e a");
        it.run_to_the_end().await;
        let done = done.lock().unwrap();
        assert_eq!(done.len(), 15, "seed {seed}");
        for item in ["a", "b", "c", "d", "e"] {
            let of_item: Vec<_> = done.iter().filter(|(name, _)| name == item).map(|(_, number)| number).collect();
            assert!(of_item.is_sorted(), "seed {seed}: {item} in the order {of_item:?}");
        }
    }
}
