//! Functions in process: limits, concurrency, reuse, records and the queue of events.

mod api;
mod events;
mod process;

use std::{
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::UNIX_EPOCH,
};

use futures_util::future::join_all;
use serde_json::{Value, json};
use skyloom_manifest::{
    FORMAT_VERSION, FunctionOptions, SourceLocation, Trigger,
    bridge::{Application, BoxFuture, Environment, FunctionError, Instance},
};

use super::*;

fn function(name: &str) -> Function {
    Function {
        name: name.into(),
        description: Some("Does as the event says.".into()),
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        trigger: Trigger::Invoke,
        memory: 256,
        timeout: 3,
        concurrency: None,
        options: FunctionOptions::default(),
        permissions: Vec::new(),
        operation: None,
        streaming: false,
    }
}

fn manifest(functions: Vec<Function>) -> Manifest {
    let (apis, tables, user_pools, secrets) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let integrations = Vec::new();
    Manifest {
        version: FORMAT_VERSION,
        application: "orders".into(),
        apis,
        functions,
        tables,
        user_pools,
        secrets,
        integrations,
        identity_pools: Vec::new(),
    }
}

/// Lambda with one function named `work`, and the lines that it logs.
fn lambda_with(function: Function, backend: Backend) -> (Lambda, Arc<Mutex<Vec<String>>>) {
    let lines: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = lines.clone();
    let settings = Settings {
        faults: crate::fault::Faults::default(),
        backend,
        variables: [("work".into(), [("TABLE".to_owned(), "orders-Order".to_owned())].into())].into(),
        may: Arc::new(|_, _| true),
        outbox: Outbox::default(),
        log: Arc::new(move |function, line| kept.lock().unwrap().push(format!("{function}: {line}"))),
    };
    let clock = Clock::starting_at(UNIX_EPOCH + Duration::from_secs(1_584_039_838));
    let site = Site::new("orders", "us-east-1");
    (Lambda::new(&manifest(vec![function]), site, clock, Random::seeded(1), settings), lines)
}

fn in_process(function: Function) -> (Lambda, Arc<Mutex<Vec<String>>>) {
    let aws: skyloom_manifest::bridge::Transport = Arc::new(|_| Box::pin(async { http::Response::default() }));
    let application = Application { name: "orders", manifest: |_| Err(vec![]), start };
    lambda_with(function, Backend::InProcess { application, aws })
}

/// An environment that does as the event says.
struct Obedient {
    around: Environment,
    handled: AtomicUsize,
}

fn start(name: &str, around: Environment) -> Result<Box<dyn Instance>, FunctionError> {
    match name {
        "broken" => Err(FunctionError { error_type: "Init".into(), error_message: "cannot start".into() }),
        "panics" => panic!("at the start"),
        _ => Ok(Box::new(Obedient { around, handled: AtomicUsize::new(0) })),
    }
}

impl Instance for Obedient {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'_, Result<Bytes, FunctionError>> {
        Box::pin(async move {
            let handled = self.handled.fetch_add(1, Ordering::Relaxed) + 1;
            let event: Value = serde_json::from_slice(&invocation.payload).unwrap();
            match event["do"].as_str().unwrap_or_default() {
                "count" => Ok(Bytes::from(handled.to_string())),
                "variables" => Ok(serde_json::to_vec(&*self.around.variables).unwrap().into()),
                "wait" => {
                    tokio::time::sleep(Duration::from_secs(event["seconds"].as_u64().unwrap())).await;
                    Ok(Bytes::from_static(b"null"))
                }
                "stream" | "stream-and-fail" => {
                    let sink = invocation.sink.unwrap();
                    sink.send(Bytes::from_static(b"one"));
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    if event["do"] == "stream-and-fail" {
                        return Err(FunctionError { error_type: "Broken".into(), error_message: "as told".into() });
                    }
                    sink.send(Bytes::from_static(b"two"));
                    Ok(Bytes::new())
                }
                "stream-large" => {
                    invocation.sink.unwrap().send(vec![b'a'; 1024 * 1024 + 1].into());
                    Ok(Bytes::new())
                }
                "fail" => Err(FunctionError { error_type: "Broken".into(), error_message: "as told".into() }),
                "panic" => panic!("as told"),
                "large" => Ok(vec![b'a'; limits::RESPONSE + 1].into()),
                "log" => {
                    (self.around.log)("one");
                    (self.around.log)("two");
                    Ok(Bytes::from_static(b"null"))
                }
                _ => Ok(invocation.payload),
            }
        })
    }
}

async fn tell(lambda: &Lambda, event: Value) -> Result<String, InvokeError> {
    let answer = lambda.invoke("work", event.to_string().into()).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn failed(error_type: &str, error_message: &str) -> InvokeError {
    InvokeError::Failed(FunctionError { error_type: error_type.into(), error_message: error_message.into() })
}

#[tokio::test(start_paused = true)]
async fn an_environment_is_used_again_also_after_an_error() {
    let (lambda, _) = in_process(function("work"));
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("1".into()));
    assert_eq!(tell(&lambda, json!({"do": "fail"})).await, Err(failed("Broken", "as told")));
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("3".into()));
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_an_error_of_the_function_and_hurts_nothing_else() {
    let (lambda, _) = in_process(function("work"));
    assert_eq!(tell(&lambda, json!({"do": "panic"})).await, Err(failed("Panic", "as told")));
    assert_eq!(tell(&lambda, json!({"a": 1})).await, Ok(r#"{"a":1}"#.into()));
    for (name, message) in [("broken", failed("Init", "cannot start")), ("panics", failed("Panic", "at the start"))] {
        let (lambda, _) = in_process(function(name));
        assert_eq!(lambda.invoke(name, "{}".into()).await, Err(message));
    }
}

#[tokio::test(start_paused = true)]
async fn a_function_is_stopped_at_its_timeout_and_starts_anew() {
    let (lambda, _) = in_process(function("work"));
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("1".into()));
    let error = tell(&lambda, json!({"do": "wait", "seconds": 4})).await.unwrap_err();
    assert!(matches!(error, InvokeError::TimedOut { seconds: 3, .. }));
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("1".into()));
    assert_eq!(tell(&lambda, json!({"do": "wait", "seconds": 2})).await, Ok("null".into()));
}

#[tokio::test(start_paused = true)]
async fn invocations_at_once_have_an_environment_each() {
    let (lambda, _) = in_process(function("work"));
    let wait = || tell(&lambda, json!({"do": "wait", "seconds": 1}));
    let answers = tokio::join!(wait(), wait(), tell(&lambda, json!({"do": "count"})));
    assert_eq!(answers, (Ok("null".into()), Ok("null".into()), Ok("1".into())));
    assert_eq!(lambda.invocations().iter().filter(|record| record.init.is_some()).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn all_environments_that_were_busy_at_once_are_used_again() {
    let (lambda, _) = in_process(function("work"));
    for _ in 0..2 {
        join_all((0..PROCESSES_PER_FUNCTION).map(|_| tell(&lambda, json!({"do": "wait", "seconds": 1})))).await;
    }
    let starts = lambda.invocations().iter().filter(|record| record.init.is_some()).count();
    assert_eq!(starts, PROCESSES_PER_FUNCTION);
}

#[tokio::test(start_paused = true)]
async fn reserved_concurrency_throttles_what_is_over_it() {
    let (lambda, _) = in_process(Function { concurrency: Some(1), ..function("work") });
    let wait = || tell(&lambda, json!({"do": "wait", "seconds": 1}));
    assert_eq!(tokio::join!(wait(), wait()), (Ok("null".into()), Err(InvokeError::Throttled)));
    assert_eq!(wait().await, Ok("null".into()));
    // Who gives up waiting does not give the place back: the function is at work.
    let _ = tokio::time::timeout(Duration::from_millis(1), wait()).await;
    assert_eq!(wait().await, Err(InvokeError::Throttled));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(wait().await, Ok("null".into()));
}

#[tokio::test(start_paused = true)]
async fn an_invocation_that_nobody_waits_for_runs_to_its_end() {
    let (lambda, _) = in_process(function("work"));
    for (seconds, ends) in [(2, None), (9, Some(3))] {
        let work = lambda.invoke("work", json!({"do": "wait", "seconds": seconds}).to_string().into());
        tokio::time::timeout(Duration::from_secs(1), work).await.unwrap_err();
        assert!(lambda.has_abandoned());
        tokio::time::sleep(Duration::from_millis(2_001)).await;
        assert!(!lambda.has_abandoned());
        let record = lambda.invocations().pop().unwrap();
        assert_eq!(record.duration, Duration::from_secs(ends.unwrap_or(seconds)));
        let timed_out = |error| matches!(error, InvokeError::TimedOut { .. });
        assert_eq!(record.error.is_some_and(timed_out), ends.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_never_asked_for_does_not_run() {
    let (lambda, _) = in_process(function("work"));
    drop(lambda.as_invoke()("work".into(), "{}".into()));
    tokio::task::yield_now().await;
    assert!(!lambda.has_abandoned() && lambda.invocations().is_empty());
}

#[tokio::test(start_paused = true)]
async fn functions_without_a_reservation_share_the_accounts_concurrency() {
    let (lambda, _) = in_process(function("work"));
    let answers = join_all((0..1_001).map(|_| tell(&lambda, json!({"do": "wait", "seconds": 1})))).await;
    assert_eq!(answers.iter().filter(|answer| **answer == Err(InvokeError::Throttled)).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_event_or_an_answer_over_six_megabytes_is_refused() {
    let (lambda, _) = in_process(function("work"));
    let error = tell(&lambda, json!({"a": "a".repeat(limits::REQUEST)})).await.unwrap_err();
    assert_eq!(error.to_string(), "Request must be smaller than 6291456 bytes for the InvokeFunction operation");
    let message = "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
    let error = tell(&lambda, json!({"do": "large"})).await.unwrap_err();
    assert_eq!(error, failed("Function.ResponseSizeTooLarge", message));
}

#[tokio::test(start_paused = true)]
async fn an_unknown_function_is_not_found() {
    let (lambda, _) = in_process(function("work"));
    let error = lambda.invoke("play", "{}".into()).await.unwrap_err();
    assert_eq!(error.to_string(), "Function not found: arn:aws:lambda:us-east-1:000000000000:function:orders-play");
}

#[tokio::test(start_paused = true)]
async fn a_function_has_lambdas_variables_and_its_own() {
    let (lambda, _) = in_process(function("work"));
    let variables: BTreeMap<String, String> =
        serde_json::from_str(&tell(&lambda, json!({"do": "variables"})).await.unwrap()).unwrap();
    for (name, value) in [
        ("_HANDLER", "work"),
        ("AWS_LAMBDA_FUNCTION_NAME", "orders-work"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/orders-work"),
        ("AWS_REGION", "us-east-1"),
        ("TABLE", "orders-Order"),
    ] {
        assert_eq!(variables.get(name).map(String::as_str), Some(value), "{name}");
    }
    assert!(variables["AWS_LAMBDA_LOG_STREAM_NAME"].starts_with("2020/03/12/[$LATEST]"));
}

#[tokio::test(start_paused = true)]
async fn each_invocation_is_recorded_with_its_lines() {
    let (lambda, lines) = in_process(function("work"));
    tell(&lambda, json!({"do": "log"})).await.unwrap();
    tell(&lambda, json!({"do": "wait", "seconds": 1})).await.unwrap();
    tell(&lambda, json!({"do": "wait", "seconds": 9})).await.unwrap_err();
    assert_eq!(*lines.lock().unwrap(), ["work: one", "work: two"]);
    let records: Vec<_> = lambda.invocations().iter().map(ToString::to_string).collect();
    expect_test::expect![[r#"
        START RequestId: 78382582-2a6f-4e62-9a21-90e828e4c9d2 Version: $LATEST
        one
        two
        END RequestId: 78382582-2a6f-4e62-9a21-90e828e4c9d2
        REPORT RequestId: 78382582-2a6f-4e62-9a21-90e828e4c9d2	Duration: 0.00 ms	Billed Duration: 0 ms	Memory Size: 256 MB	Init Duration: 0.00 ms
        START RequestId: 84acc16a-f38f-49d2-9deb-004751e48c2d Version: $LATEST
        END RequestId: 84acc16a-f38f-49d2-9deb-004751e48c2d
        REPORT RequestId: 84acc16a-f38f-49d2-9deb-004751e48c2d	Duration: 1000.00 ms	Billed Duration: 1000 ms	Memory Size: 256 MB
        START RequestId: 460e144f-eb89-4b15-bea4-f5a10f520ae5 Version: $LATEST
        END RequestId: 460e144f-eb89-4b15-bea4-f5a10f520ae5
        REPORT RequestId: 460e144f-eb89-4b15-bea4-f5a10f520ae5	Duration: 3000.00 ms	Billed Duration: 3000 ms	Memory Size: 256 MB	Status: timeout"#]].assert_eq(&records.join("\n"));
}

#[tokio::test(start_paused = true)]
async fn a_replaced_binary_ends_the_environments_that_wait() {
    let (lambda, _) = in_process(function("work"));
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("1".into()));
    lambda.replace_binary("elsewhere".into());
    assert_eq!(tell(&lambda, json!({"do": "count"})).await, Ok("1".into()));
}

#[tokio::test(start_paused = true)]
async fn a_failed_event_is_tried_again_after_one_minute_and_after_two() {
    let (lambda, _) = in_process(function("work"));
    let clock = lambda.0.clock.clone();
    lambda.0.queue.push(Event::new("work", "the-id", Bytes::from_static(br#"{"do":"fail"}"#), clock.now()));
    for wait in [0, 60, 120] {
        assert_eq!(lambda.next_due(), Some(clock.now() + Duration::from_secs(wait)));
        tokio::time::advance(Duration::from_secs(wait)).await;
        lambda.run_due().await;
    }
    assert_eq!(lambda.next_due(), None);
    let failures: Vec<_> = lambda.failed_events().iter().map(ToString::to_string).collect();
    expect_test::expect![[r#"
        2020-03-12T19:03:58Z the event the-id of work failed: Broken: as told; it is tried again at 2020-03-12T19:04:58Z
        2020-03-12T19:04:58Z the event the-id of work failed: Broken: as told; it is tried again at 2020-03-12T19:06:58Z
        2020-03-12T19:06:58Z the event the-id of work failed: Broken: as told; it is not tried again"#]]
    .assert_eq(&failures.join("\n"));
    assert!(lambda.invocations().iter().all(|record| record.request_id == "the-id"));
    assert_eq!(lambda.invocations().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_event_waits_and_does_not_lose_its_retries() {
    let (lambda, _) = in_process(Function { concurrency: Some(1), ..function("work") });
    let clock = lambda.0.clock.clone();
    for id in ["a", "b"] {
        lambda.0.queue.push(Event::new("work", id, Bytes::from_static(br#"{"do":"wait","seconds":1}"#), clock.now()));
    }
    lambda.run_due().await; // one second passes, in which the other is throttled
    lambda.run_due().await;
    assert_eq!((lambda.next_due(), lambda.invocations().len()), (None, 2));
}
