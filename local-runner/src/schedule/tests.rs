use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use expect_test::expect;
use serde_json::Value;
use skyloom_manifest::{
    FORMAT_VERSION, Function, FunctionOptions, Manifest, SourceLocation, Trigger, bridge::FunctionError,
};
use tokio::time::advance;

use super::Schedules;
use crate::{
    clock::Clock,
    invoke::{Invoke, InvokeError},
    site::Site,
};

const START: Duration = Duration::from_secs(1_735_689_600); // 2025-01-01

struct Fixture {
    schedules: Schedules,
    calls: Arc<Mutex<Vec<String>>>,
    answers: Arc<Mutex<VecDeque<Result<Bytes, InvokeError>>>>,
}

fn function(name: &str, expression: &str) -> Function {
    Function {
        name: name.into(),
        description: None,
        source: SourceLocation { file: "src/lib.rs".into(), line: 1 },
        trigger: Trigger::Schedule { expression: expression.into() },
        memory: 256,
        timeout: 60,
        concurrency: None,
        options: FunctionOptions::default(),
        permissions: vec![],
        operation: None,
    }
}

fn open(schedules: &[(&str, &str)], invoke: Invoke) -> Result<Schedules, String> {
    let manifest = Manifest {
        version: FORMAT_VERSION,
        application: "shop".into(),
        apis: Vec::new(),
        functions: schedules.iter().map(|(name, expression)| function(name, expression)).collect(),
        tables: vec![],
        user_pools: vec![],
        secrets: vec![],
    };
    Schedules::new(&manifest, invoke, Clock::starting_at(UNIX_EPOCH + START), Site::new("shop", "eu-west-1"))
}

impl Fixture {
    fn new(schedules: &[(&str, &str)]) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let answers: Arc<Mutex<VecDeque<Result<Bytes, InvokeError>>>> = Arc::default();
        let (log, script) = (calls.clone(), answers.clone());
        let invoke: Invoke = Arc::new(move |function, event| {
            let event: Value = serde_json::from_slice(&event).unwrap();
            log.lock().unwrap().push(format!("{function} {}", &event["time"].as_str().unwrap()[11..16]));
            let answer = script.lock().unwrap().pop_front().unwrap_or_else(|| Ok(Bytes::from_static(b"null")));
            Box::pin(async move { answer })
        });
        Self { schedules: open(schedules, invoke).unwrap(), calls, answers }
    }

    fn will_fail(&self, errors: impl IntoIterator<Item = InvokeError>) {
        self.answers.lock().unwrap().extend(errors.into_iter().map(Err));
    }

    async fn run_after(&self, minutes: u64) -> String {
        advance(Duration::from_secs(minutes * 60)).await;
        self.schedules.run_due().await;
        std::mem::take(&mut *self.calls.lock().unwrap()).join(", ")
    }

    /// In how many seconds from the beginning.
    fn next_due(&self) -> Option<u64> {
        Some((self.schedules.next_due()?.duration_since(UNIX_EPOCH).unwrap() - START).as_secs())
    }
}

fn error() -> InvokeError {
    InvokeError::Failed(FunctionError { error_type: "Error".into(), error_message: "no".into() })
}

#[tokio::test(start_paused = true)]
async fn a_rate_counts_from_the_start() {
    let it = Fixture::new(&[("report", "rate(1 hour)")]);
    assert_eq!(it.next_due(), Some(3_600));
    assert_eq!(it.run_after(59).await, "");
    assert_eq!(it.run_after(1).await, "report 01:00");
    assert_eq!(it.run_after(0).await, "");
    assert_eq!(it.next_due(), Some(7_200));
}

#[tokio::test(start_paused = true)]
async fn every_run_that_was_passed_over_runs() {
    let it = Fixture::new(&[("report", "rate(2 hours)"), ("clean", "cron(30 * * * ? *)")]);
    let mut runs: Vec<_> = it.run_after(5 * 60).await.split(", ").map(str::to_owned).collect();
    runs.sort();
    assert_eq!(
        runs,
        ["clean 00:30", "clean 01:30", "clean 02:30", "clean 03:30", "clean 04:30", "report 02:00", "report 04:00"]
    );
}

#[tokio::test(start_paused = true)]
async fn of_the_runs_that_a_sleeping_machine_missed_the_last_is_made_up_for() {
    let it = Fixture::new(&[("often", "rate(1 minute)"), ("once", "at(2025-01-01T00:05:00)")]);
    advance(Duration::from_secs(8 * 3_600 + 30)).await;
    it.schedules.skip_missed();
    assert_eq!(it.run_after(0).await, "often 08:00, once 00:05");
    advance(Duration::from_secs(10 * 60)).await; // a slow function held them back
    it.schedules.skip_missed();
    assert_eq!(it.run_after(0).await.split(", ").count(), 10);
}

#[tokio::test(start_paused = true)]
async fn a_time_runs_once_and_a_past_one_never() {
    let it = Fixture::new(&[("once", "at(2025-01-01T00:05:00)"), ("past", "at(2024-12-31T23:59:59)")]);
    assert_eq!(it.next_due(), Some(300));
    assert_eq!(it.run_after(10).await, "once 00:05");
    assert_eq!(it.next_due(), None);
}

#[tokio::test(start_paused = true)]
async fn a_failed_run_is_tried_twice_more() {
    let it = Fixture::new(&[("report", "rate(1 day)")]);
    it.will_fail([error(), error(), error()]);
    assert_eq!(it.run_after(24 * 60).await, "report 00:00");
    assert_eq!(it.run_after(1).await, "report 00:00");
    assert_eq!(it.run_after(1).await, "");
    assert_eq!(it.run_after(1).await, "report 00:00");
    assert_eq!(it.next_due(), Some(2 * 24 * 3_600));
    let failures = it.schedules.failures();
    assert_eq!(failures.len(), 3);
    expect![[r#"
        2025-01-02T00:01:00Z report, scheduled for 2025-01-02T00:00:00Z, failed: Error: no; it is tried again at 2025-01-02T00:03:00Z
        2025-01-02T00:03:00Z report, scheduled for 2025-01-02T00:00:00Z, failed: Error: no; it is not tried again"#]]
    .assert_eq(&format!("{}\n{}", failures[1], failures[2]));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_run_is_tried_for_six_hours() {
    let it = Fixture::new(&[("once", "at(2025-01-01T00:00:00)")]);
    it.will_fail((0..200).map(|_| InvokeError::Throttled));
    let mut tries = 0;
    while let Some(due) = it.next_due() {
        advance(Duration::from_secs(due) - (it.schedules.clock.since_epoch() - START)).await;
        tries += it.schedules.run_due().await;
    }
    assert!(it.schedules.clock.since_epoch() - START <= Duration::from_secs(6 * 3_600));
    assert!((70..90).contains(&tries), "{tries}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_run_does_not_run_twice() {
    let invoke: Invoke = Arc::new(|_, _| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(30)).await;
            Ok(Bytes::new())
        })
    });
    let schedules = open(&[("report", "at(2025-01-01T00:00:00)")], invoke).unwrap();
    let (first, second) = tokio::join!(schedules.run_due(), schedules.run_due());
    assert_eq!((first, second), (1, 0));
}

#[tokio::test]
async fn an_expression_that_is_none_is_an_error() {
    let invoke: Invoke = Arc::new(|_, _| Box::pin(async { Ok(Bytes::new()) }));
    assert!(open(&[("report", "hourly")], invoke).unwrap_err().contains("is no schedule"));
}
