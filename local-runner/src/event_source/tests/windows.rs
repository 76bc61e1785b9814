//! Tumbling windows hand state from one invocation to the next.

use super::*;

fn minute() -> StreamTrigger {
    StreamTrigger { tumbling_window: Some(60), batch_size: 2, ..trigger() }
}

/// Counts the records of a window.
fn counting(event: &Value) -> Result<Bytes, InvokeError> {
    let before = event["state"]["count"].as_u64().unwrap_or_default();
    let count = before + event["Records"].as_array().unwrap().len() as u64;
    Ok(json!({ "state": { "count": count } }).to_string().into())
}

/// What each invocation got: its records, the state before, and the window.
fn shown(events: &Mutex<Vec<Value>>) -> Vec<String> {
    let show = |event: Value| {
        let window = event["window"]["start"].as_str().unwrap().get(11..19).unwrap().to_owned();
        let last = if event["isFinalInvokeForWindow"] == true { " last" } else { "" };
        let early = if event["isWindowTerminatedEarly"] == true { " early" } else { "" };
        format!("{window} [{}] {}{last}{early}", items(event.to_string().as_bytes()), event["state"])
    };
    std::mem::take(&mut *events.lock().unwrap()).into_iter().map(show).collect()
}

#[tokio::test(start_paused = true)]
async fn state_goes_from_batch_to_batch_to_the_last_invocation() {
    let (it, events) = answering(minute(), counting);
    it.write("a b c");
    it.run().await;
    assert_eq!(shown(&events), ["00:00:00 [a b] {}", r#"00:00:00 [c] {"count":2}"#]);
    after(59).await;
    it.write("d");
    it.run().await;
    assert_eq!((shown(&events), it.next_due()), (vec![r#"00:00:00 [d] {"count":3}"#.to_owned()], Some(60)));
    after(1).await;
    it.run().await;
    assert_eq!(shown(&events), [r#"00:00:00 [] {"count":4} last"#]);
    assert_eq!(it.next_due(), None);
}

#[tokio::test(start_paused = true)]
async fn a_record_of_the_next_window_ends_the_one_before() {
    let (it, events) = answering(minute(), counting);
    it.write("a");
    it.run().await;
    after(61).await;
    it.write("b");
    it.run().await;
    assert_eq!(shown(&events), ["00:00:00 [a] {}", r#"00:00:00 [] {"count":1} last"#, "00:01:00 [b] {}"]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_of_one_window() {
    let (it, events) =
        answering(StreamTrigger { starting_position: StartingPosition::TrimHorizon, ..minute() }, counting);
    it.write("a");
    after(60).await;
    it.write("b c");
    it.run().await;
    assert_eq!(shown(&events), ["00:00:00 [a] {}", r#"00:00:00 [] {"count":1} last"#, "00:01:00 [b c] {}"]);
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_state_is_a_failed_invocation() {
    let answers = AtomicUsize::new(0);
    let (it, events) = answering(minute(), move |event| match answers.fetch_add(1, Ordering::SeqCst) {
        0 => Ok(Bytes::from_static(b"{}")),
        _ => counting(event),
    });
    it.write("a");
    it.run().await;
    after(1).await;
    it.run().await;
    assert_eq!(shown(&events), ["00:00:00 [a] {}", "00:00:00 [a] {}"]);
    assert!(it.sources.failures()[0].error.contains("no `state`"));
}

#[tokio::test(start_paused = true)]
async fn a_last_invocation_that_fails_holds_the_next_window_up() {
    let fails = AtomicUsize::new(1);
    let (it, events) = answering(minute(), move |event| {
        let is_last = event["isFinalInvokeForWindow"] == true;
        if is_last && fails.fetch_sub(1, Ordering::SeqCst) == 1 { failed() } else { counting(event) }
    });
    it.write("a");
    it.run().await;
    after(60).await;
    it.write("b");
    it.run().await;
    after(1).await;
    it.run().await;
    let last = r#"00:00:00 [] {"count":1} last"#;
    assert_eq!(shown(&events), ["00:00:00 [a] {}", last, last, "00:01:00 [b] {}"]);
}

#[tokio::test(start_paused = true)]
async fn a_state_of_more_than_a_megabyte_ends_the_window_early() {
    let (it, events) = answering(minute(), |event| match event["isFinalInvokeForWindow"].as_bool() {
        Some(true) => counting(event),
        _ => Ok(json!({ "state": { "text": "x".repeat(1024 * 1024) } }).to_string().into()),
    });
    it.write("a");
    it.run().await;
    let events = events.lock().unwrap();
    assert_eq!((events.len(), &events[1]["isWindowTerminatedEarly"]), (2, &json!(true)));
}

#[tokio::test(start_paused = true)]
async fn a_window_that_is_open_begins_anew_after_a_restart() {
    let (it, events) = answering(minute(), counting);
    it.write("a b c");
    it.run().await;
    let again = it.again(minute());
    again.sources.restore(&it.sources.checkpoint());
    shown(&events);
    again.run().await;
    assert_eq!(shown(&events), ["00:00:00 [a b] {}", r#"00:00:00 [c] {"count":2}"#]);
}

#[tokio::test(start_paused = true)]
async fn the_event_of_a_window_is_lambdas() {
    let (it, events) = answering(minute(), counting);
    it.write("a");
    it.run().await;
    let mut event = events.lock().unwrap()[0].clone();
    event["Records"] = json!([]);
    expect![[r#"
        {
          "Records": [],
          "eventSourceARN": "arn:aws:dynamodb:eu-west-1:000000000000:table/shop-Order/stream/2025-01-01T00:00:00.000",
          "isFinalInvokeForWindow": false,
          "isWindowTerminatedEarly": false,
          "shardId": "shardId-00000001735689600000-0a1b2c00",
          "state": {},
          "window": {
            "end": "2025-01-01T00:01:00Z",
            "start": "2025-01-01T00:00:00Z"
          }
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&event).unwrap());
}
