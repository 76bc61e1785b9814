//! A thousand applications in one process, each with tables of its own.

use std::time::{Duration, Instant};

use crate::model;

const APPLICATIONS: u32 = 1_000;

pub fn run() {
    model::run(async |_| {}); // what a process does once
    let start = Instant::now();
    (0..APPLICATIONS).for_each(|_| model::run(async |_| {}));
    let took = start.elapsed();
    let goal = Duration::from_millis(10);
    let each = took / APPLICATIONS;
    let part = each.as_secs_f64() / goal.as_secs_f64();
    println!("{APPLICATIONS} isolated applications started and stopped");
    println!("  {took:.2?} in all, {each:.2?} each: {part:.2} of the {goal:?} that one may take");
}
