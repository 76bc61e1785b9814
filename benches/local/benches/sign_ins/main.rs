//! Sign-ins with a password at the local runner's Cognito, beside `cognito-local`: the same requests by the same clients.
//!
//! `cargo bench -p skyloom-benches-local --bench sign_ins` in the folder above. The runner keeps passwords hashed and has the client's
//! flows, attempts and second factors to look at; `cognito-local` compares the text that it keeps. It does not know
//! `USER_SRP_AUTH`, so there is nothing to compare that with.

mod cognito_local;
#[path = "../gateway/function.rs"]
mod function;
#[path = "../gateway/skyloom_dev.rs"]
#[expect(dead_code, reason = "another bench uses the rest of it")]
mod skyloom_dev;

use std::{net::SocketAddr, path::Path, time::Duration};

use serde_json::{Value, json};
use skyloom_benches_local::load::{self, Exchange, Outcome};
use skyloom_dev::SkyloomDev;

/// Each server is started and measured so often; the median counts.
const ROUNDS: usize = 5;
const CONNECTIONS: [usize; 2] = [1, 16];
const WARM_UP: Duration = Duration::from_millis(500);
const MEASURED: Duration = Duration::from_secs(2);

const USERS: usize = 100;
const PASSWORD: &str = "Correct-horse-7";

fn main() {
    let function = function::build();
    let modules = cognito_local::install();
    if let Err(error) = &modules {
        println!("cognito-local cannot be installed, so there is nothing to compare with: {error}\n");
    }
    let rounds: Vec<_> = (0..ROUNDS)
        .map(|_| (measure_skyloom(&function), modules.as_ref().ok().map(|modules| measure_cognito_local(modules))))
        .collect();
    println!("USER_PASSWORD_AUTH, {USERS} users in turn");
    for (load, connections) in CONNECTIONS.iter().enumerate() {
        println!("  {connections:>2} connections {:>20} {:>11} {:>11}", "sign-ins/s", "median ms", "p99 ms");
        let skyloom = Outcome::median(rounds.iter().map(|(skyloom, _)| skyloom[load]));
        print("skyloom", &skyloom, &skyloom);
        if modules.is_ok() {
            let theirs = rounds.iter().filter_map(|(_, theirs)| theirs.as_ref());
            print("cognito-local", &Outcome::median(theirs.map(|outcomes| outcomes[load])), &skyloom);
        }
    }
}

fn print(name: &str, outcome: &Outcome, skyloom: &Outcome) {
    let Outcome { per_second, median, p99 } = outcome;
    let (median, p99) = (median.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
    let ratio = skyloom.per_second / per_second;
    println!("    {name:<22} {per_second:>10.0} {median:>11.3} {p99:>11.3}   skyloom serves {ratio:.2} times as many");
}

fn measure_skyloom(function: &Path) -> [Outcome; 2] {
    let server = SkyloomDev::start(function);
    let imported = |name: String| json!({ "username": name, "password": PASSWORD, "attributes": { "email": name } });
    let users: Vec<_> = (0..USERS).map(user).map(imported).collect();
    server.import_users(&json!({ "Shopper": users }).to_string());
    let outcomes = measure(server.aws(), &server.pool().client_id);
    server.stop();
    outcomes
}

fn measure_cognito_local(modules: &Path) -> [Outcome; 2] {
    let server = cognito_local::start(modules);
    let client_id = cognito_local::fill(server.address());
    measure(server.address(), &client_id)
}

fn measure(address: SocketAddr, client_id: &str) -> [Outcome; 2] {
    let sign_in = |name: String| {
        let parameters = json!({ "USERNAME": name, "PASSWORD": PASSWORD });
        let input = json!({ "AuthFlow": "USER_PASSWORD_AUTH", "ClientId": client_id, "AuthParameters": parameters });
        call("InitiateAuth", &input)
    };
    let exchanges: Vec<_> = (0..USERS).map(user).map(sign_in).collect();
    let answer = load::ask(address, &exchanges[0]);
    assert!(answer.contains("AuthenticationResult"), "nobody is signed in: {answer}");
    CONNECTIONS.map(|connections| {
        load::run(address, &exchanges, connections, WARM_UP);
        load::run(address, &exchanges, connections, MEASURED)
    })
}

fn user(number: usize) -> String {
    format!("user{number}@example.com")
}

/// A call as AWS's clients make it.
fn call(operation: &str, input: &Value) -> Exchange {
    let target = format!("AWSCognitoIdentityProviderService.{operation}");
    let head = format!("POST / HTTP/1.1\r\ncontent-type: application/x-amz-json-1.1\r\nx-amz-target: {target}");
    Exchange::new(&head, &input.to_string(), "200")
}
