//! Requests through the local gateway to a function in processes of its own, beside `cargo lambda watch`.
//!
//! `cargo bench -p skyloom-benches-local --bench gateway` in the folder above. Both serve the same release build. One is
//! stopped before the other starts, since they would have to share the machine.

mod cargo_lambda;
mod function;
mod load;
mod skyloom_dev;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use cargo_lambda::CargoLambda;
use load::{Exchange, Outcome};
use skyloom_dev::SkyloomDev;

/// Each server is started and measured so often; the median counts.
const ROUNDS: usize = 3;
const CLIENTS: [usize; 2] = [1, 16];
const WARM_UP: Duration = Duration::from_millis(1000);
const MEASURED: Duration = Duration::from_millis(2000);

/// What is asked of a function.
struct Case {
    title: &'static str,
    handler: &'static str,
    /// The same for both servers, if it can be.
    beside: &'static str,
}

/// `cargo lambda watch` knows no tokens. There, what a gateway would make of the request is handed to the function: it
/// has no request to translate and no signature to verify, and still is what a guarded function can be tried with.
const CASES: [Case; 2] = [
    Case { title: "GET /health, public", handler: "health", beside: "the same" },
    Case { title: "POST /orders, with a token", handler: "place_order", beside: "invoked with a ready-made event" },
];

const ORDER: &str = r#"{"item":"a lamp","quantity":2,"note":"for the desk"}"#;
const EVENT: &str = include_str!("../../../benches/runtime_api/event.json");

fn main() {
    let function = function::build();
    let cargo_lambda = cargo_lambda::install();
    if let Err(error) = &cargo_lambda {
        println!("cargo lambda cannot be installed, so there is nothing to compare with: {error}\n");
    }
    for case in &CASES {
        compare(case, &function, cargo_lambda.as_deref().ok());
    }
}

fn compare(case: &Case, function: &Path, cargo_lambda: Option<&Path>) {
    let mut contenders = vec![("skyloom".to_owned(), None)];
    for concurrency in CLIENTS.into_iter().filter(|_| cargo_lambda.is_some()) {
        contenders.push((format!("cargo lambda watch --concurrency {concurrency}"), Some(concurrency)));
    }
    let mut rounds: Vec<Vec<Vec<Outcome>>> = contenders.iter().map(|_| CLIENTS.map(|_| Vec::new()).into()).collect();
    for _ in 0..ROUNDS {
        for ((_, concurrency), outcomes) in contenders.iter().zip(&mut rounds) {
            let measured = match concurrency.zip(cargo_lambda) {
                Some((concurrency, program)) => measure_cargo_lambda(case, program, concurrency),
                None => measure_skyloom(case, function.to_owned()),
            };
            outcomes.iter_mut().zip(measured).for_each(|(all, one)| all.push(one));
        }
    }
    let names: Vec<_> = contenders.into_iter().map(|(name, _)| name).collect();
    print(case, &names, rounds);
}

fn measure_skyloom(case: &Case, function: PathBuf) -> Vec<Outcome> {
    let server = SkyloomDev::start(function);
    let exchange = match case.handler {
        "health" => health(),
        _ => {
            let head = format!(
                "POST /orders HTTP/1.1\r\ncontent-type: application/json\r\nauthorization: Bearer {}",
                server.token()
            );
            Exchange::new(&head, ORDER, "201")
        }
    };
    let outcomes = measure(server.address(), &exchange);
    server.stop();
    outcomes
}

fn measure_cargo_lambda(case: &Case, program: &Path, concurrency: usize) -> Vec<Outcome> {
    let server = CargoLambda::start(program, case.handler, concurrency);
    let exchange = match case.handler {
        "health" => health(),
        _ => {
            let name = function::NAME;
            let head = format!(
                "POST /2015-03-31/functions/{name}/invocations HTTP/1.1\r\ncontent-type: application/json"
            );
            Exchange::new(&head, EVENT, "200")
        }
    };
    let outcomes = measure(server.address(), &exchange);
    server.stop();
    outcomes
}

fn health() -> Exchange {
    Exchange::new("GET /health HTTP/1.1", "", "200")
}

fn measure(address: SocketAddr, exchange: &Exchange) -> Vec<Outcome> {
    let measure = |clients| {
        load::run(address, exchange, clients, WARM_UP);
        load::run(address, exchange, clients, MEASURED)
    };
    CLIENTS.map(measure).into()
}

/// Prints each server's figures, and Skyloom's in relation to them.
fn print(case: &Case, names: &[String], rounds: Vec<Vec<Vec<Outcome>>>) {
    println!("{} (cargo lambda watch: {})", case.title, case.beside);
    let medians: Vec<Vec<Outcome>> =
        rounds.into_iter().map(|clients| clients.into_iter().map(median).collect()).collect();
    for (index, clients) in CLIENTS.iter().enumerate() {
        println!("  {clients:>2} connections {:>37} {:>11} {:>11}", "requests/s", "median ms", "p99 ms");
        for (name, outcomes) in names.iter().zip(&medians) {
            let Outcome { per_second, median, p99 } = &outcomes[index];
            let (median, p99) = (median.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
            let ratio = medians[0][index].per_second / per_second;
            println!("    {name:<36} {per_second:>10.0} {median:>11.3} {p99:>11.3}   skyloom is {ratio:.2} times it");
        }
    }
    println!();
}

fn median(mut outcomes: Vec<Outcome>) -> Outcome {
    outcomes.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    outcomes.swap_remove(outcomes.len() / 2)
}
