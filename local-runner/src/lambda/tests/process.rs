//! Functions as child processes. The children are real, so the clock is not paused but where a test says so.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    process::{Command, Stdio},
    sync::LazyLock,
};

use super::*;

/// The stand-in for the binary. It is written before the first child starts: a file that is open for writing cannot be
/// executed.
static BINARY: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    let python = std::env::split_paths(&std::env::var_os("PATH").unwrap())
        .map(|directory| directory.join("python3"))
        .find(|path| path.exists())
        .expect("python3 is needed for this test");
    for name in ["binary", "newer"] {
        let path = directory.path().join(name);
        fs::write(&path, format!("#!{} -u\n{}", python.display(), include_str!("runtime.py"))).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    directory
});

fn lambda() -> (Lambda, Arc<Mutex<Vec<String>>>) {
    lambda_with(function("work"), Backend::Processes { binary: BINARY.path().join("binary") })
}

fn in_mode(mode: &str) -> Lambda {
    let settings = Settings {
        faults: crate::fault::Faults::default(),
        backend: Backend::Processes { binary: BINARY.path().join("binary") },
        variables: [("work".into(), [("MODE".to_owned(), mode.to_owned())].into())].into(),
        log: Arc::new(|_, _| {}),
        may: Arc::new(|_, _| true),
        outbox: Outbox::default(),
    };
    let clock = Clock::starting_at(UNIX_EPOCH);
    Lambda::new(&manifest(vec![function("work")]), Site::new("orders", "us-east-1"), clock, Random::seeded(1), settings)
}

async fn ask(lambda: &Lambda, event: Value) -> Value {
    serde_json::from_str(&tell(lambda, event).await.unwrap()).unwrap()
}

fn is_running(pid: &Value) -> bool {
    Command::new("kill").args(["-0", &pid.to_string()]).stderr(Stdio::null()).status().unwrap().success()
}

#[tokio::test]
async fn a_child_handles_one_event_after_the_other() {
    let (lambda, _) = lambda();
    assert_eq!(ask(&lambda, json!({"name": "\u{2615}"})).await, json!({"name": "\u{2615}"}));
    assert_eq!(ask(&lambda, json!({"do": "count"})).await["handled"], 2);
    assert_eq!(tell(&lambda, json!({"do": "fail"})).await, Err(failed("Broken", "as told")));
    assert_eq!(ask(&lambda, json!({"do": "count"})).await["handled"], 4);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_has_lambdas_environment_and_nothing_of_ours() {
    let (lambda, _) = lambda();
    let variables = ask(&lambda, json!({"do": "variables"})).await;
    assert_eq!(variables["_HANDLER"], "work");
    assert_eq!(variables["TABLE"], "orders-Order");
    assert_eq!(variables["TZ"], ":UTC");
    assert!(variables["AWS_LAMBDA_RUNTIME_API"].as_str().unwrap().starts_with("127.0.0.1:"));
    assert_eq!(variables.get("CARGO_MANIFEST_DIR"), None);
    assert_eq!(variables.get("HOME"), None);
    let headers = ask(&lambda, json!({"do": "headers"})).await;
    assert_eq!(
        headers["lambda-runtime-invoked-function-arn"],
        "arn:aws:lambda:us-east-1:000000000000:function:orders-work"
    );
    assert!(headers["lambda-runtime-trace-id"].as_str().unwrap().starts_with("Root=1-"));
    let deadline: u128 = headers["lambda-runtime-deadline-ms"].as_str().unwrap().parse().unwrap();
    let left = deadline.checked_sub(lambda.0.clock.since_epoch().as_millis());
    assert!(left.is_some_and(|left| left <= 3_000), "{left:?}");
    lambda.shutdown().await;
}

#[tokio::test]
async fn the_lines_of_a_child_are_logged_under_the_functions_name() {
    let (lambda, lines) = lambda();
    ask(&lambda, json!({"do": "log"})).await;
    let mut record = lambda.invocations().pop().unwrap();
    record.log.sort();
    assert_eq!(record.log, ["to stderr \u{2615}", "to stdout"]);
    assert!(lines.lock().unwrap().contains(&"work: to stdout".to_owned()));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_that_dies_is_an_error_in_lambdas_words_and_replaced() {
    let (lambda, _) = lambda();
    for (event, how) in [
        (json!({"do": "exit", "code": 0}), "without providing a reason"),
        (json!({"do": "exit", "code": 1}), "with error: exit status 1"),
        (json!({"do": "abort"}), "with error: signal: aborted"),
    ] {
        let error = tell(&lambda, event).await.unwrap_err();
        let request_id = lambda.invocations().pop().unwrap().request_id;
        assert_eq!(error.to_string(), format!("RequestId: {request_id} Error: Runtime exited {how}"));
        assert_eq!(ask(&lambda, json!({"do": "count"})).await["handled"], 1);
    }
    assert_eq!(lambda.invocations()[0].log, ["last words"]);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_that_dies_between_two_events_fails_neither() {
    let (lambda, _) = lambda();
    ask(&lambda, json!({"do": "answer-and-exit"})).await;
    let deployed = &lambda.0.functions["work"];
    while let Some(idle) = deployed.pool.idle_environment() {
        deployed.pool.keep(idle);
        tokio::task::yield_now().await; // until its death is known
    }
    assert_eq!(ask(&lambda, json!({"do": "count"})).await["handled"], 1);
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_that_cannot_start_says_why() {
    let error = tell(&in_mode("exit"), json!({})).await.unwrap_err();
    assert!(matches!(error, InvokeError::Exited { how, .. } if how == "with error: exit status 7"));
    assert_eq!(tell(&in_mode("init-error"), json!({})).await, Err(failed("NoTable", "where is it?")));
    let (lambda, _) = lambda_with(function("work"), Backend::Processes { binary: "/nowhere/at/all".into() });
    let error = tell(&lambda, json!({})).await.unwrap_err();
    assert!(error.to_string().starts_with("Runtime.InvalidEntrypoint: /nowhere/at/all cannot be started: "), "{error}");
}

#[tokio::test]
async fn a_child_that_takes_too_long_is_killed() {
    let (lambda, _) = lambda();
    let pid = ask(&lambda, json!({"do": "count"})).await["pid"].clone();
    tokio::time::pause(); // the child does nothing more, so time jumps to the timeout
    let error = tell(&lambda, json!({"do": "hang"})).await.unwrap_err();
    tokio::time::resume();
    assert!(matches!(error, InvokeError::TimedOut { seconds: 3, .. }));
    assert_ne!(ask(&lambda, json!({"do": "count"})).await["pid"], pid);
    lambda.shutdown().await;
    assert!(!is_running(&pid));
}

#[tokio::test]
async fn an_answer_may_come_in_chunks_but_not_be_too_large() {
    let (lambda, _) = lambda();
    assert_eq!(tell(&lambda, json!({"do": "chunks"})).await.unwrap().len(), 1_000_000);
    let error = tell(&lambda, json!({"do": "large"})).await.unwrap_err();
    assert!(matches!(error, InvokeError::Failed(error) if error.error_type == "Function.ResponseSizeTooLarge"));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_whose_answer_breaks_off_is_given_no_more_events() {
    let (lambda, _) = lambda();
    for _ in 0..3 {
        let event = json!({"do": "break-off"}).to_string();
        let error = lambda.invoke_streaming("work", event.into(), Sink::new(|_| {})).await.unwrap_err();
        assert!(matches!(error, InvokeError::Exited { how, .. } if how == "with error: exit status 1"));
        assert_eq!(ask(&lambda, json!({"do": "count"})).await["handled"], 1);
        lambda.replace_binary(BINARY.path().join("binary")); // the next round begins with a new child
    }
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_child_goes_on_when_nobody_waits_for_it_any_more() {
    let (lambda, _) = lambda();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let event = json!({"do": "wait-for", "port": listener.local_addr().unwrap().port()}).to_string();
    let mut child = tokio::select! {
        accepted = listener.accept() => accepted.unwrap().0,
        _ = lambda.invoke("work", event.into()) => panic!("it waits"),
    };
    assert!(lambda.has_abandoned());
    tokio::io::AsyncWriteExt::write_all(&mut child, b"!").await.unwrap();
    while lambda.has_abandoned() {
        tokio::task::yield_now().await;
    }
    let record = lambda.invocations().pop().unwrap();
    assert_eq!((record.log, record.error), (vec!["it goes on".to_owned()], None));
    lambda.shutdown().await;
}

#[tokio::test]
async fn an_answer_to_another_invocation_is_refused() {
    let (lambda, _) = lambda();
    let refusal = json!({"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"});
    assert_eq!(ask(&lambda, json!({"do": "wrong-id"})).await, json!([400, refusal]));
    lambda.shutdown().await;
}

#[tokio::test]
async fn a_replaced_binary_serves_the_next_event_and_the_old_child_ends() {
    let (lambda, _) = lambda();
    let old = ask(&lambda, json!({"do": "count"})).await["pid"].clone();
    lambda.replace_binary(BINARY.path().join("newer"));
    assert_ne!(ask(&lambda, json!({"do": "count"})).await["pid"], old);
    lambda.shutdown().await;
    assert!(!is_running(&old));
}

#[tokio::test]
async fn no_child_outlives_the_shutdown_and_none_starts_after_it() {
    let (lambda, _) = lambda();
    let ask = || ask(&lambda, json!({"do": "count"}));
    let children = join_all((0..3).map(|_| ask())).await;
    let busy = tell(&lambda, json!({"do": "hang"}));
    let (error, ()) = tokio::join!(busy, async {
        tokio::task::yield_now().await;
        lambda.shutdown().await;
    });
    assert!(error.is_err());
    assert!(children.iter().all(|child| !is_running(&child["pid"])));
    assert!(tell(&lambda, json!({})).await.unwrap_err().to_string().contains("shutting down"));
}
