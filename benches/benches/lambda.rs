//! An invocation and a start, counted in instructions and timed, of Skyloom beside what one would use instead.
//!
//! `cargo bench --bench lambda` in this folder. Instructions are counted by `valgrind --tool=callgrind`, if it is there:
//! the difference between a run with many invocations and one with few is what the invocations cost.

mod runtime_api;

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use runtime_api::RuntimeApi;

/// Invocations of the shorter and of the longer run under callgrind.
const FEW: usize = 20;
const MANY: usize = 520;
/// Invocations, and starts, of a timed run.
const TIMED: usize = 20_000;
const STARTS: usize = 40;

struct Program {
    name: &'static str,
    path: &'static str,
    current_thread: bool,
}

const PROGRAMS: [Program; 5] = [
    Program { name: "skyloom", path: env!("CARGO_BIN_EXE_with_skyloom"), current_thread: true },
    Program { name: "skyloom, 100 handlers", path: env!("CARGO_BIN_EXE_with_skyloom_100"), current_thread: true },
    Program { name: "bare lambda_runtime, typed events", path: env!("CARGO_BIN_EXE_bare"), current_thread: true },
    Program { name: "lambda_http", path: env!("CARGO_BIN_EXE_with_lambda_http"), current_thread: false },
    Program { name: "lambda_http, current thread", path: env!("CARGO_BIN_EXE_with_lambda_http"), current_thread: true },
];

fn main() {
    if Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success()) {
        table("instructions per invocation", instructions_per_invocation);
        table("instructions from the start to the first poll", |program| instructions(program, 0) as f64);
    } else {
        println!("valgrind is not installed, so no instructions are counted\n");
    }
    table("microseconds per invocation", |program| time_per_invocation(program).as_secs_f64() * 1e6);
    table("milliseconds from the start to the first poll", |program| time_to_first_poll(program).as_secs_f64() * 1e3);
}

/// Prints each program's figure, and Skyloom's in relation to it.
fn table(title: &str, measure: impl Fn(&Program) -> f64) {
    println!("{title}");
    let figures: Vec<f64> = PROGRAMS.iter().map(measure).collect();
    for (program, figure) in PROGRAMS.iter().zip(&figures) {
        println!("  {:<36} {figure:>14.1}   skyloom is {:.2} of it", program.name, figures[0] / figure);
    }
    println!();
}

fn instructions_per_invocation(program: &Program) -> f64 {
    let difference = instructions(program, MANY).saturating_sub(instructions(program, FEW));
    difference as f64 / (MANY - FEW) as f64
}

/// Instructions of a whole run with so many invocations; the program ends when the Runtime API hangs up.
fn instructions(program: &Program, invocations: usize) -> u64 {
    let api = RuntimeApi::start(invocations);
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(program.path);
    let child = start(valgrind.stderr(Stdio::piped()), program, &api);
    api.wait_until_served();
    let output = child.wait_with_output().expect("valgrind ends");
    let text = String::from_utf8_lossy(&output.stderr);
    let collected = text.lines().find_map(|line| line.split_once("Collected :")).expect("callgrind prints its count");
    collected.1.trim().parse().expect("a count")
}

fn time_per_invocation(program: &Program) -> Duration {
    let api = RuntimeApi::start(TIMED);
    let mut child = start(Command::new(program.path).stderr(Stdio::null()), program, &api);
    let took = api.wait_until_served();
    child.wait().expect("the program ends");
    took / u32::try_from(TIMED).expect("a small number")
}

/// The median of many starts.
fn time_to_first_poll(program: &Program) -> Duration {
    let mut times: Vec<Duration> = (0..STARTS).map(|_| one_start(program)).collect();
    times.sort();
    times[STARTS / 2]
}

fn one_start(program: &Program) -> Duration {
    let api = RuntimeApi::start(0);
    let before = Instant::now();
    let mut child = start(Command::new(program.path).stderr(Stdio::null()), program, &api);
    let first_poll = api.wait_for_first_poll();
    child.wait().expect("the program ends");
    first_poll - before
}

/// Starts a program in the environment that Lambda sets, and nothing else of ours.
fn start(command: &mut Command, program: &Program, api: &RuntimeApi) -> Child {
    command
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AWS_LAMBDA_RUNTIME_API", api.address())
        .env("AWS_LAMBDA_FUNCTION_NAME", "place_order")
        .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256")
        .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
        .env("_HANDLER", "place_order")
        .env("BENCH_RUNTIME", if program.current_thread { "current-thread" } else { "multi-thread" })
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", program.name))
}
