//! The manifest and the template of large applications: how long each takes, and whether both grow as the application does.
//!
//! `cargo bench -p skyloom-benches-local --bench template` in the folder above. Each handler is a route that
//! asks for a user pool and reads a table; there is an API for each 250 of them, and a table for each twenty. The manifest's part is what an application does after it has
//! collected its handlers: it sorts, validates and prints. The template's part is what `cargo xtask template` does with that: it reads,
//! validates, makes the template, cuts it into stacks and writes them all.

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use skyloom_manifest::Manifest;

const SIZES: [usize; 4] = [250, 500, 1_000, 2_000];
/// An HTTP API takes 300.
const ROUTES_OF_AN_API: usize = 250;
const ROUNDS: usize = 5;

fn main() {
    println!("handlers    manifest    template       both   per handler   stacks");
    let mut first = None;
    for handlers in SIZES {
        let application = application(handlers);
        let json = application.to_json();
        let manifest = median(|| print(&application));
        let mut stacks = 0;
        let template = median(|| stacks = files(&json));
        let both = manifest + template;
        let each = both.as_secs_f64() * 1e6 / handlers as f64;
        let growth = each / *first.get_or_insert(each);
        println!(
            "{handlers:>8} {:>8.1} ms {:>8.1} ms {:>7.1} ms {each:>8.1} µs ({growth:.2}) {stacks:>6}",
            milliseconds(manifest),
            milliseconds(template),
            milliseconds(both),
        );
    }
}

/// As an application prints it.
fn print(application: &Manifest) {
    let mut manifest = application.clone();
    manifest.sort();
    assert_eq!(manifest.validate(), []);
    black_box(manifest.to_json());
}

/// As the template is made of what was printed. Says how many stacks there are.
fn files(json: &str) -> usize {
    let manifest: Manifest = serde_json::from_str(json).expect("a manifest");
    assert_eq!(manifest.validate(), []);
    skyloom_xtask::__private::template(&manifest).expect("a template").len()
}

fn median(mut run: impl FnMut()) -> Duration {
    let mut times: Vec<_> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn application(handlers: usize) -> Manifest {
    let tables = handlers.div_ceil(20);
    let source = |line: usize| json!({"file": "src/lib.rs", "line": line});
    let function = |number: usize| -> Value {
        json!({
            "name": format!("get_order{number}"),
            "description": "Reads an order of the one who asks.",
            "trigger": {"http": {
                "api": format!("Api{}", number / ROUTES_OF_AN_API),
                "method": "GET",
                "path": format!("/orders{number}/{{id}}"),
                "auth": {"user-pool": {"pool": "Shopper"}},
            }},
            "memory": 256,
            "timeout": 30,
            "permissions": [{
                "actions": ["dynamodb:BatchGetItem", "dynamodb:GetItem"],
                "resource": {"table": {"table": format!("Order{}", number % tables)}},
            }],
            "source": source(number),
        })
    };
    let api = |number: usize| -> Value {
        json!({"name": format!("Api{number}"), "default": number == 0, "kind": "http", "source": source(number + 1)})
    };
    let table = |number: usize| -> Value {
        json!({
            "name": format!("Order{number}"),
            "partition-key": {"attribute": "id", "type": "S"},
            "indexes": [],
            "source": source(number),
        })
    };
    let manifest = json!({
        "version": skyloom_manifest::FORMAT_VERSION,
        "application": "large",
        "apis": (0..handlers.div_ceil(ROUTES_OF_AN_API)).map(api).collect::<Vec<_>>(),
        "functions": (0..handlers).map(function).collect::<Vec<_>>(),
        "tables": (0..tables).map(table).collect::<Vec<_>>(),
        "user-pools": [{
            "name": "Shopper", "sign-in": "email", "self-sign-up": true, "groups": [], "source": source(1),
        }],
    });
    serde_json::from_value(manifest).expect("a manifest")
}
