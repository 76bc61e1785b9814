//! A test of the orders example, from nothing to its end: an application with tables, pool and functions of its own.
//!
//! `cargo bench -p skyloom-benches-local --bench test_app` in the folder above, and the same with `--profile dev` for the
//! build that `cargo test` makes. Each figure is also given as a part of the ten milliseconds that a start may take.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use orders::{NewOrder, Shopper};
use skyloom_local::Local;

const GOAL: Duration = Duration::from_millis(10);
const TESTS: usize = 200;
/// Processes that run one test.
const PROCESSES: usize = 20;

/// What a test does with its application.
struct Case {
    name: &'static str,
    title: &'static str,
    test: fn(),
}

const CASES: [Case; 3] = [
    Case { name: "start", title: "nothing: the start alone", test: start },
    Case { name: "request", title: "a request to a public route", test: request },
    Case { name: "order", title: "a sign-in, and an order placed", test: order },
];

fn main() {
    match std::env::args().skip_while(|argument| argument != "--one").nth(1) {
        Some(name) => println!("{}", timed(case(&name)).as_nanos()),
        None => all(),
    }
}

fn all() {
    let build = if cfg!(debug_assertions) { "a debug build" } else { "a release build" };
    println!("milliseconds of a whole test in {build}, from the second test of a process on");
    CASES.iter().for_each(|case| (case.test)());
    print(|case| median((0..TESTS).map(|_| timed(case)).collect()));
    println!("milliseconds of the first test of a process; a sign-in makes the key that signs tokens");
    print(|case| median((0..PROCESSES).map(|_| in_a_process_of_its_own(case)).collect()));
}

fn print(measure: impl Fn(&Case) -> Duration) {
    for case in &CASES {
        let took = measure(case);
        let part = took.as_secs_f64() / GOAL.as_secs_f64();
        println!("  {:<36} {:>10.3}   {part:.2} of {GOAL:?}", case.title, took.as_secs_f64() * 1e3);
    }
    println!();
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn timed(case: &Case) -> Duration {
    let before = Instant::now();
    (case.test)();
    before.elapsed()
}

fn in_a_process_of_its_own(case: &Case) -> Duration {
    let program = std::env::current_exe().expect("a program");
    let output = Command::new(program).args(["--one", case.name]).output().expect("the program starts again");
    let nanoseconds = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
    Duration::from_nanos(nanoseconds)
}

fn case(name: &str) -> &'static Case {
    CASES.iter().find(|case| case.name == name).expect("a case")
}

/// What `#[skyloom_local::test(orders)]` makes of a test.
fn run<F: Future<Output = ()>>(test: impl FnOnce(Local) -> F) {
    skyloom_local::__private::run(skyloom::__private::application("orders"), "bench", test);
}

fn start() {
    run(async |_| {});
}

fn request() {
    run(async |app| {
        app.get("/health").send().await.expect(200);
    });
}

fn order() {
    run(async |app| {
        let ann = app.sign_in::<Shopper>("ann@example.com").await;
        let new = NewOrder { item: "a lamp".into(), total_cents: 4_200 };
        app.post("/orders").bearer(&ann).json(&new).send().await.expect(201);
    });
}
