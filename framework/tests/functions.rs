//! Options of functions, from the handler to what a test sees of them: the environment, the log's level, and what becomes of events.

use std::time::Duration;

use serde_json::{Value, json};
use skyloom::{Context, Error, Json, Table, Write, handler, tracing};
use skyloom_local::Local;

#[derive(Debug, PartialEq, Table, serde::Serialize, serde::Deserialize)]
struct Note {
    #[partition_key]
    id: String,
    text: String,
}

/// Fails for whoever has no name.
#[handler(invoke, on_failure = queue("Failed"), on_success = function("write_down"), dead_letter = queue("Dead"))]
async fn greet(Json(name): Json<String>) -> Result<Json<String>, Error> {
    if name.is_empty() { Err(Error::bad_request("nobody")) } else { Ok(Json(format!("hello {name}"))) }
}

/// Keeps what `greet` answered.
#[handler(invoke)]
async fn write_down(Json(record): Json<Value>, notes: Write<Note>) -> Result<(), Error> {
    let text = |at: &str| record.pointer(at).and_then(Value::as_str).unwrap_or_default().to_owned();
    notes.put(&Note { id: text("/requestContext/condition"), text: text("/responsePayload") }).await?;
    Ok(())
}

#[handler(invoke, max_event_age = "2m", on_failure = queue("Failed"))]
async fn impatient() -> Result<(), Error> {
    Err(Error::bad_request("never"))
}

#[handler(schedule = "rate(1 hour)", retries = 0, on_failure = queue("Missed"))]
async fn report() -> Result<(), Error> {
    Err(Error::bad_request("no paper"))
}

#[handler(invoke, environment("CURRENCY", "EUR"), environment(MODE = "live"), log_level = "debug")]
async fn settings(context: Context) -> Json<Vec<Option<String>>> {
    tracing::debug!("asked");
    Json(["CURRENCY", "MODE", "OTHER"].map(|name| context.variable(name)).into())
}

const MINUTE: Duration = Duration::from_secs(60);

#[skyloom_local::test]
async fn a_failed_event_is_tried_twice_more_and_lands_in_its_destinations(app: Local) {
    app.invoke_event("greet", &"").unwrap();
    assert_eq!(app.invocations("greet"), 0);
    app.settle().await;
    assert_eq!(app.invocations("greet"), 1);
    app.advance(MINUTE).await;
    assert_eq!((app.invocations("greet"), app.destination("Failed").len()), (2, 0));
    app.advance(2 * MINUTE).await;
    assert_eq!(app.invocations("greet"), 3);

    let records = app.destination("Failed");
    assert_eq!(records.len(), 1);
    let mut record = records[0].clone();
    record["requestContext"]["requestId"].take();
    expect_test::expect![[r#"
        {
          "requestContext": {
            "approximateInvokeCount": 3,
            "condition": "RetriesExhausted",
            "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:skyloom-greet:$LATEST",
            "requestId": null
          },
          "requestPayload": "",
          "responseContext": {
            "executedVersion": "$LATEST",
            "functionError": "Unhandled",
            "statusCode": 200
          },
          "responsePayload": {
            "errorMessage": "nobody",
            "errorType": "HandlerFailed"
          },
          "timestamp": "2026-01-01T00:03:00.000Z",
          "version": "1.0"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&record).unwrap());
    assert_eq!(app.destination("Dead"), [json!("")]);
}

#[skyloom_local::test]
async fn a_handled_event_is_told_to_another_function(app: Local) {
    app.invoke_event("greet", &"ann").unwrap();
    app.settle().await;
    let note = app.table::<Note>().get("Success").await.unwrap();
    assert_eq!(note.text, "hello ann");
    assert!(app.destination("Failed").is_empty());
}

#[skyloom_local::test]
async fn an_event_is_given_up_when_its_next_try_would_come_too_late(app: Local) {
    app.invoke_event("impatient", &()).unwrap();
    app.advance(10 * MINUTE).await;
    let record = &app.destination("Failed")[0]["requestContext"];
    assert_eq!((&record["condition"], &record["approximateInvokeCount"]), (&json!("EventAgeExceeded"), &json!(2)));
}

#[skyloom_local::test]
async fn what_the_role_does_not_grant_is_not_told(app: Local) {
    app.revoke("greet", "sqs:SendMessage");
    app.revoke("greet", "lambda:InvokeFunction");
    app.invoke_event("greet", &"").unwrap();
    app.invoke_event("greet", &"ann").unwrap();
    app.advance(10 * MINUTE).await;
    assert_eq!(app.invocations("greet"), 4);
    assert!(app.destination("Failed").is_empty() && app.destination("Dead").is_empty());
    assert_eq!(app.invocations("write_down"), 0);
}

#[skyloom_local::test]
async fn a_schedule_s_run_is_an_event_too(app: Local) {
    app.advance(60 * MINUTE).await;
    app.advance(10 * MINUTE).await;
    assert_eq!(app.invocations("report"), 1);
    let record = &app.destination("Missed")[0];
    assert_eq!(record["requestContext"]["condition"], "RetriesExhausted");
    assert_eq!(record["requestPayload"]["detail-type"], "Scheduled Event");
}

#[skyloom_local::test]
async fn a_function_has_its_variables_and_its_level_of_logs(app: Local) {
    let found: Vec<Option<String>> = app.invoke("settings", &()).await.unwrap();
    assert_eq!(found, [Some("EUR".into()), Some("live".into()), None]);
    assert!(app.logs("settings")[0].contains("\"level\":\"DEBUG\""));
}

#[skyloom_local::test]
async fn a_function_that_there_is_not_gets_no_event(app: Local) {
    let error = app.invoke_event("greed", &"").unwrap_err();
    assert!(error.contains("Function not found") && error.contains("greed"), "{error}");
}
