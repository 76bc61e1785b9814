use std::{
    sync::{Arc, Mutex},
    time::{Duration, UNIX_EPOCH},
};

use serde_json::Value;
use skyloom_manifest::{FORMAT_VERSION, Function, FunctionOptions, Manifest, SourceLocation, Trigger};
use tokio::time::advance;

use super::Schedules;
use crate::{clock::Clock, invoke::Enqueue, site::Site};

const START: Duration = Duration::from_secs(1_735_689_600); // 2025-01-01

struct Fixture {
    schedules: Schedules,
    calls: Arc<Mutex<Vec<String>>>,
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
        streaming: false,
    }
}

fn open(schedules: &[(&str, &str)], enqueue: Enqueue) -> Result<Schedules, String> {
    let manifest = Manifest {
        version: FORMAT_VERSION,
        application: "shop".into(),
        apis: Vec::new(),
        functions: schedules.iter().map(|(name, expression)| function(name, expression)).collect(),
        tables: vec![],
        user_pools: vec![],
        secrets: vec![],
        integrations: vec![],
        identity_pools: vec![],
    };
    Schedules::new(&manifest, enqueue, Clock::starting_at(UNIX_EPOCH + START), Site::new("shop", "eu-west-1"))
}

impl Fixture {
    fn new(schedules: &[(&str, &str)]) -> Self {
        let calls = Arc::new(Mutex::new(Vec::new()));
        let log = calls.clone();
        let enqueue: Enqueue = Arc::new(move |function, event| {
            let event: Value = serde_json::from_slice(&event).unwrap();
            log.lock().unwrap().push(format!("{function} {}", &event["time"].as_str().unwrap()[11..16]));
        });
        Self { schedules: open(schedules, enqueue).unwrap(), calls }
    }

    async fn run_after(&self, minutes: u64) -> String {
        advance(Duration::from_secs(minutes * 60)).await;
        self.schedules.run_due();
        std::mem::take(&mut *self.calls.lock().unwrap()).join(", ")
    }

    /// In how many seconds from the beginning.
    fn next_due(&self) -> Option<u64> {
        Some((self.schedules.next_due()?.duration_since(UNIX_EPOCH).unwrap() - START).as_secs())
    }
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
    advance(Duration::from_secs(10 * 60)).await; // not so long that it would have slept
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

#[tokio::test]
async fn an_expression_that_is_none_is_an_error() {
    let enqueue: Enqueue = Arc::new(|_, _| {});
    assert!(open(&[("report", "hourly")], enqueue).unwrap_err().contains("is no schedule"));
}
