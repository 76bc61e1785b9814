//! Requests through the local gateway to a function in processes of its own, beside `cargo lambda watch` with the same build,
//! `serverless-offline` and a server with `axum` that has no gateway and no functions.
//!
//! `cargo bench -p skyloom-benches-local --bench gateway` in the folder above. One is stopped before the next starts, since they
//! would have to share the machine.

mod bare_axum;
mod cargo_lambda;
mod function;
mod guard;
mod serverless_offline;
mod skyloom_dev;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use bare_axum::BareAxum;
use guard::Guard;
use skyloom_benches_local::load::{self, Exchange, Outcome};
use skyloom_dev::SkyloomDev;

/// Each server is started and measured so often; the median counts.
const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 2] = [1, 16];
const WARM_UP: Duration = Duration::from_millis(500);
const MEASURED: Duration = Duration::from_millis(1500);

/// What is asked of a handler.
struct Case {
    title: &'static str,
    handler: &'static str,
    to_gateway: fn(token: &str) -> Exchange,
    to_cargo_lambda: fn() -> Exchange,
}

/// `cargo lambda watch` knows no tokens. There a guarded function is tried with an event as a gateway would make it, so
/// it has no request to translate and no signature to verify.
const CASES: [Case; 2] = [
    Case {
        title: "GET /health",
        handler: "health",
        to_gateway: |_| health(""),
        to_cargo_lambda: health_of_cargo_lambda,
    },
    Case {
        title: "POST /orders with a token (cargo lambda watch: invoked with the event of such a request; \
                serverless-offline: reads the token and verifies no signature)",
        handler: "place_order",
        to_gateway: order,
        to_cargo_lambda: event,
    },
];

/// What answers.
enum Contender {
    Skyloom { function: PathBuf },
    BareAxum,
    CargoLambda { program: PathBuf, concurrency: usize },
    ServerlessOffline { modules: PathBuf },
}

fn main() {
    let function = function::build();
    let guard = guard(&function);
    let mut contenders = vec![Contender::Skyloom { function }, Contender::BareAxum];
    match cargo_lambda::install() {
        Ok(program) => contenders
            .extend(CONNECTIONS.map(|concurrency| Contender::CargoLambda { program: program.clone(), concurrency })),
        Err(error) => println!("cargo lambda cannot be installed, and is left out: {error}\n"),
    }
    match serverless_offline::install() {
        Ok(modules) => contenders.push(Contender::ServerlessOffline { modules }),
        Err(error) => println!("serverless-offline cannot be installed, and is left out: {error}\n"),
    }
    for case in &CASES {
        compare(case, &contenders, &guard);
    }
}

fn guard(function: &std::path::Path) -> Guard {
    let server = SkyloomDev::start(function);
    let guard = Guard::of(&server);
    server.stop();
    guard
}

fn compare(case: &Case, contenders: &[Contender], guard: &Guard) {
    println!("{}", case.title);
    let round = || contenders.iter().map(|contender| contender.measure(case, guard)).collect();
    let rounds: Vec<Vec<[Outcome; 2]>> = (0..ROUNDS).map(|_| round()).collect();
    for (load, connections) in CONNECTIONS.iter().enumerate() {
        println!("  {connections:>2} connections {:>34} {:>11} {:>11}", "requests/s", "median ms", "p99 ms");
        let medians: Vec<Outcome> =
            (0..contenders.len()).map(|at| Outcome::median(rounds.iter().map(|it| it[at][load]))).collect();
        for (contender, outcome) in contenders.iter().zip(&medians) {
            print(&contender.name(), outcome, &medians[0]);
        }
    }
    println!();
}

/// Prints a server's figures, and Skyloom's in relation to them.
fn print(name: &str, outcome: &Outcome, skyloom: &Outcome) {
    let Outcome { per_second, median, p99 } = outcome;
    let (median, p99) = (median.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
    let ratio = skyloom.per_second / per_second;
    println!("    {name:<36} {per_second:>10.0} {median:>11.3} {p99:>11.3}   skyloom serves {ratio:.2} times as many");
}

impl Contender {
    fn name(&self) -> String {
        match self {
            Self::Skyloom { .. } => "skyloom".into(),
            Self::BareAxum => "axum, without functions".into(),
            Self::CargoLambda { concurrency: 1, .. } => "cargo lambda watch".into(), // its default
            Self::CargoLambda { concurrency, .. } => format!("cargo lambda watch --concurrency {concurrency}"),
            Self::ServerlessOffline { .. } => "serverless-offline".into(),
        }
    }

    fn measure(&self, case: &Case, guard: &Guard) -> [Outcome; 2] {
        let to_gateway = (case.to_gateway)(&guard.token);
        match self {
            Self::Skyloom { function } => {
                let server = SkyloomDev::start(function);
                let outcomes = measure(server.address(), (case.to_gateway)(&server.token()));
                server.stop();
                outcomes
            }
            Self::BareAxum => measure(BareAxum::start(guard).address(), to_gateway),
            Self::CargoLambda { program, concurrency } => {
                let server = cargo_lambda::start(program, case.handler, *concurrency);
                measure(server.address(), (case.to_cargo_lambda)())
            }
            Self::ServerlessOffline { modules } => {
                measure(serverless_offline::start(modules, guard).address(), to_gateway)
            }
        }
    }
}

fn measure(address: SocketAddr, exchange: Exchange) -> [Outcome; 2] {
    let exchanges = [exchange];
    CONNECTIONS.map(|connections| {
        load::run(address, &exchanges, connections, WARM_UP);
        load::run(address, &exchanges, connections, MEASURED)
    })
}

fn health(prefix: &str) -> Exchange {
    Exchange::new(&format!("GET {prefix}/health HTTP/1.1"), "", "200")
}

fn health_of_cargo_lambda() -> Exchange {
    health(&format!("/lambda-url/{}", function::NAME))
}

fn order(token: &str) -> Exchange {
    let head = format!("POST /orders HTTP/1.1\r\ncontent-type: application/json\r\nauthorization: Bearer {token}");
    Exchange::new(&head, r#"{"item":"a lamp","quantity":2,"note":"for the desk"}"#, "201")
}

fn event() -> Exchange {
    let path = format!("/2015-03-31/functions/{}/invocations", function::NAME);
    let head = format!("POST {path} HTTP/1.1\r\ncontent-type: application/json");
    Exchange::new(&head, include_str!("../../../benches/runtime_api/event.json"), "200")
}
