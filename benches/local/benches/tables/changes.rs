//! Ten thousand changes through a stream handler.

use std::{
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use crate::{
    line, median,
    model::{self, Measurement, SEEN},
};

const CHANGES: u64 = 10_000;
const SENSORS: u64 = 100;
const RUNS: usize = 5;

pub fn run() {
    println!("{CHANGES} changes of {SENSORS} partitions, the median of {RUNS} runs");
    let runs: Vec<_> = (0..RUNS).map(|_| once()).collect();
    let writing = median(runs.iter().map(|(writing, _)| *writing).collect());
    let delivering = median(runs.iter().map(|(_, delivering)| *delivering).collect());
    line("stored, one put after another", writing, writing, "itself");
    line("carried to the handler, in batches of 1000", delivering, writing, "the storing");
    println!("  {:.1} µs for each change", delivering.as_secs_f64() * 1e6 / CHANGES as f64);
    println!();
}

/// How long the writing took, and the delivery.
fn once() -> (Duration, Duration) {
    let mut times = (Duration::ZERO, Duration::ZERO);
    model::run(async |app| {
        SEEN.store(0, Ordering::Relaxed);
        let table = app.table::<Measurement>();
        let start = Instant::now();
        for change in 0..CHANGES {
            table.put(&Measurement::new(&format!("s-{}", change % SENSORS), change)).await;
        }
        let written = Instant::now();
        app.settle().await;
        times = (written - start, written.elapsed());
        assert_eq!(SEEN.load(Ordering::Relaxed), CHANGES, "every change reaches the handler once");
    });
    times
}
