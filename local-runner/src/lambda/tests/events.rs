//! What becomes of events that nobody waits for: retries, age, and what destinations are told.

use expect_test::expect;
use skyloom_manifest::{Destination, EventInvoke};

use super::*;

fn queue(name: &str) -> Option<Destination> {
    Some(Destination::Queue { name: name.into() })
}

/// Lambda with one function whose events are treated so.
fn with(event_invoke: EventInvoke) -> Lambda {
    let options = FunctionOptions { event_invoke, ..FunctionOptions::default() };
    in_process(Function { options, ..function("work") }).0
}

/// Hands the function an event and runs until nothing is left; says after how many seconds it ran each time.
async fn run_to_the_end(lambda: &Lambda, event: Value) -> Vec<u64> {
    let start = lambda.0.clock.now();
    lambda.enqueue("work", event.to_string().into(), "a test").unwrap();
    let mut runs = Vec::new();
    while let Some(due) = lambda.next_due() {
        tokio::time::advance(due.duration_since(lambda.0.clock.now()).unwrap()).await;
        runs.push(due.duration_since(start).unwrap().as_secs());
        lambda.run_due().await;
    }
    runs
}

fn told(lambda: &Lambda, name: &str) -> String {
    let bodies = lambda.0.outbox.bodies(name);
    bodies.iter().map(|it| serde_json::to_string_pretty(it).unwrap()).collect::<Vec<_>>().join("\n")
}

#[tokio::test(start_paused = true)]
async fn an_event_is_tried_as_often_as_its_function_says() {
    for (retries, runs) in
        [(None, vec![0, 60, 180]), (Some(2), vec![0, 60, 180]), (Some(1), vec![0, 60]), (Some(0), vec![0])]
    {
        let lambda = with(EventInvoke { retries, ..EventInvoke::default() });
        assert_eq!(run_to_the_end(&lambda, json!({"do": "fail"})).await, runs, "{retries:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_record_of_an_event_that_is_given_up_is_lambdas() {
    let lambda = with(EventInvoke { on_failure: queue("Failed"), ..EventInvoke::default() });
    run_to_the_end(&lambda, json!({"do": "fail"})).await;
    expect![[r#"
        {
          "requestContext": {
            "approximateInvokeCount": 3,
            "condition": "RetriesExhausted",
            "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:orders-work:$LATEST",
            "requestId": "78382582-2a6f-4e62-9a21-90e828e4c9d2"
          },
          "requestPayload": {
            "do": "fail"
          },
          "responseContext": {
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
            "statusCode": 200
          },
          "responsePayload": {
            "errorMessage": "as told",
            "errorType": "Broken"
          },
          "timestamp": "2020-03-12T19:06:58.000Z",
          "version": "1.0"
        }"#]]
    .assert_eq(&told(&lambda, "Failed"));
}

#[tokio::test(start_paused = true)]
async fn an_event_that_would_be_too_old_is_given_up_at_once() {
    for (max_age, runs, count) in
        [(60, vec![0], 1), (61, vec![0, 60], 2), (180, vec![0, 60], 2), (181, vec![0, 60, 180], 3)]
    {
        let lambda =
            with(EventInvoke { max_age: Some(max_age), on_failure: queue("Failed"), ..EventInvoke::default() });
        assert_eq!(run_to_the_end(&lambda, json!({"do": "fail"})).await, runs, "{max_age}");
        let record = &lambda.0.outbox.bodies("Failed")[0]["requestContext"];
        let condition = if count == 3 { "RetriesExhausted" } else { "EventAgeExceeded" };
        assert_eq!((&record["condition"], &record["approximateInvokeCount"]), (&json!(condition), &json!(count)));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_was_handled_is_told_with_its_answer() {
    let lambda = with(EventInvoke { on_success: queue("Done"), on_failure: queue("Failed"), ..EventInvoke::default() });
    run_to_the_end(&lambda, json!({"a": 1})).await;
    expect![[r#"
        {
          "requestContext": {
            "approximateInvokeCount": 1,
            "condition": "Success",
            "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:orders-work:$LATEST",
            "requestId": "78382582-2a6f-4e62-9a21-90e828e4c9d2"
          },
          "requestPayload": {
            "a": 1
          },
          "responseContext": {
            "executedVersion": "$LATEST",
            "statusCode": 200
          },
          "responsePayload": {
            "a": 1
          },
          "timestamp": "2020-03-12T19:03:58.000Z",
          "version": "1.0"
        }"#]]
    .assert_eq(&told(&lambda, "Done"));
    assert_eq!(told(&lambda, "Failed"), "");
}

#[tokio::test(start_paused = true)]
async fn a_dead_letter_queue_gets_the_event_beside_a_destination() {
    let lambda = with(EventInvoke {
        retries: Some(0),
        on_failure: queue("Failed"),
        dead_letter: queue("Dead"),
        ..EventInvoke::default()
    });
    run_to_the_end(&lambda, json!({"do": "fail"})).await;
    assert_eq!(lambda.0.outbox.bodies("Dead"), [json!({"do": "fail"})]);
    assert_eq!(lambda.0.outbox.bodies("Failed").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_gets_the_record_under_lambdas_key() {
    let on_failure = Some(Destination::Bucket { name: "Failed".into() });
    let lambda = with(EventInvoke { retries: Some(0), on_failure, ..EventInvoke::default() });
    run_to_the_end(&lambda, json!({"do": "fail"})).await;
    let objects = lambda.0.outbox.objects("Failed");
    let (key, record) = objects.first_key_value().unwrap();
    assert!(key.starts_with("aws/lambda/async/orders-work/2020/03/12/2020-03-12T19.03.58-"), "{key}");
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_event_is_tried_for_six_hours_and_has_no_answer() {
    let lambda = with(EventInvoke { on_failure: queue("Failed"), ..EventInvoke::default() });
    let options = lambda.0.event_invoke("work");
    let start = lambda.0.clock.now();
    let (mut waiting, mut tries) = (Event::new("work", "the-id", Bytes::from_static(b"{}"), start), 1);
    loop {
        let (next, given_up) = waiting.after(&InvokeError::Throttled, &options, lambda.0.clock.now());
        if let Some(reason) = given_up {
            lambda.0.tell_failure(&next, &InvokeError::Throttled, reason);
            break;
        }
        tokio::time::advance(next.due.duration_since(lambda.0.clock.now()).unwrap()).await;
        (waiting, tries) = (next, tries + 1);
    }
    assert!(lambda.0.clock.now().duration_since(start).unwrap() <= Duration::from_secs(6 * 3_600));
    assert!((70..90).contains(&tries), "{tries}");
    let record = &lambda.0.outbox.bodies("Failed")[0];
    assert_eq!(record["requestContext"]["condition"], "EventAgeExceeded");
    assert!(record.get("responseContext").is_none() && record.get("responsePayload").is_none());
}

#[tokio::test(start_paused = true)]
async fn an_event_for_nobody_and_one_too_large_are_refused() {
    let lambda = with(EventInvoke::default());
    assert!(matches!(lambda.enqueue("play", "{}".into(), "a test"), Err(InvokeError::NotFound(_))));
    let large = json!("a".repeat(limits::EVENT)).to_string();
    let error = lambda.enqueue("work", large.into(), "a test").unwrap_err().to_string();
    assert_eq!(error, "1048578 byte payload is too large for the Event invocation type (limit 1048576 bytes)");
    assert_eq!(lambda.next_due(), None);
}
