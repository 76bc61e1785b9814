//! The conversion of an item of twelve fields, counted in instructions and timed, beside `serde_dynamo` and by hand.
//!
//! `cargo bench --bench items` in this folder. `valgrind --tool=callgrind`, if it is there, counts the instructions of the
//! conversion alone; what makes its input and drops its output is left out.

use std::{
    hint::black_box,
    process::Command,
    time::{Duration, Instant},
};

use skyloom_benches::items::{self, Item, Way};

/// Conversions under callgrind.
const COUNTED: u32 = 200;
/// Conversions of a round, and rounds, of which the median counts.
const TIMED: u32 = 2_000;
const ROUNDS: usize = 31;

fn main() {
    if Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success()) {
        table("instructions of a put", |way| instructions("put", way));
        table("instructions of a get", |way| instructions("get", way));
    } else {
        println!("valgrind is not installed, so no instructions are counted\n");
    }
    let rounds: Vec<_> = (0..ROUNDS).map(|_| Way::ALL.map(|way| (time_of_puts(way), time_of_gets(way)))).collect();
    table("nanoseconds of a put", |way| median(rounds.iter().map(|round| round[way as usize].0)));
    table("nanoseconds of a get", |way| median(rounds.iter().map(|round| round[way as usize].1)));
}

/// Prints each way's figure, and Skyloom's in relation to it.
fn table(title: &str, measure: impl Fn(Way) -> f64) {
    println!("{title}");
    let figures = Way::ALL.map(measure);
    for (way, figure) in Way::ALL.iter().zip(figures) {
        println!("  {:<14} {figure:>10.0}   skyloom is {:.2} of it", way.name(), figures[0] / figure);
    }
    println!();
}

fn instructions(direction: &str, way: Way) -> f64 {
    let function = format!("*measured_{direction}_{}*", way.name().replace('-', "_"));
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", &format!("--toggle-collect={function}")])
        .args([env!("CARGO_BIN_EXE_items"), direction, way.name(), &COUNTED.to_string()])
        .output()
        .expect("valgrind runs");
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :")).expect("callgrind prints its count");
    let collected: f64 = collected.1.trim().parse().expect("a count");
    assert!(collected > 0.0, "callgrind has not found {function}");
    collected / f64::from(COUNTED)
}

fn time_of_puts(way: Way) -> Duration {
    match way {
        Way::Skyloom => time(&&items::order(), |order| items::measured_put_skyloom(order)),
        Way::SerdeDynamo => time(&&items::order(), |order| items::measured_put_serde_dynamo(order)),
        Way::ByHand => time(&&items::order(), |order| items::measured_put_by_hand(order)),
    }
}

fn time_of_gets(way: Way) -> Duration {
    let item: Item = items::measured_put_by_hand(&items::order());
    match way {
        Way::Skyloom => time(&item, items::measured_get_skyloom),
        Way::SerdeDynamo => time(&item, items::measured_get_serde_dynamo),
        Way::ByHand => time(&item, items::measured_get_by_hand),
    }
}

/// The inputs are made before the clock starts, and the outputs are dropped after it has stopped.
fn time<I: Clone, O>(input: &I, convert: impl Fn(I) -> O) -> Duration {
    let inputs: Vec<I> = (0..TIMED).map(|_| input.clone()).collect();
    let mut outputs = Vec::with_capacity(inputs.len());
    let before = Instant::now();
    outputs.extend(inputs.into_iter().map(|input| convert(black_box(input))));
    let took = before.elapsed();
    drop(black_box(outputs));
    took / TIMED
}

fn median(times: impl Iterator<Item = Duration>) -> f64 {
    let mut times: Vec<Duration> = times.collect();
    times.sort();
    times[times.len() / 2].as_secs_f64() * 1e9
}
