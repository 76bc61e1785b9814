//! Tables and streams: a request through the framework beside the same request of the bare SDK, ten thousand changes through
//! a stream handler, and a thousand applications.
//!
//! `cargo bench -p skyloom-benches-local --bench tables` in the folder above. Each pair is measured in one run, turn by turn,
//! against the same engine in the same process.

mod applications;
mod changes;
mod model;
mod requests;

use std::time::Duration;

fn main() {
    requests::run();
    changes::run();
    applications::run();
}

/// A line with a time, and how many times the one that it is compared with takes.
fn line(title: &str, took: Duration, compared: Duration, with: &str) {
    let ratio = took.as_secs_f64() / compared.as_secs_f64();
    println!("  {title:<44} {:>10.1} µs   {ratio:.2} of {with}", took.as_secs_f64() * 1e6);
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
