//! What the table layer sends means the same to engines that others wrote.
//!
//! The handlers of this application use every method of the table layer, and each answers with what it was told. Here that
//! comes from the local runner's DynamoDB, and has to be what is written down in `engines/transcript.txt`. Where
//! `SKYLOOM_OTHER_DYNAMODB` names the endpoint of another emulator, `http://127.0.0.1:5000`, the same handlers then run
//! against that one, in tables that are described as they are here, and have to be told the same.

#[path = "engines/differences.rs"]
mod differences;
#[path = "engines/elsewhere.rs"]
mod elsewhere;
#[path = "engines/entities.rs"]
mod entities;
#[path = "engines/filters.rs"]
mod filters;
#[path = "engines/keys.rs"]
mod keys;
#[path = "engines/reads.rs"]
mod reads;
#[path = "engines/scans.rs"]
mod scans;
#[path = "engines/transactions.rs"]
mod transactions;
#[path = "engines/transcript.rs"]
mod transcript;
#[path = "engines/updates.rs"]
mod updates;
#[path = "engines/values.rs"]
mod values;
#[path = "engines/versions.rs"]
mod versions;
#[path = "engines/writes.rs"]
mod writes;

use std::collections::BTreeSet;

use expect_test::expect_file;
use skyloom_local::Local;

use self::{elsewhere::Elsewhere, transcript::Lines};

const OTHER: &str = "SKYLOOM_OTHER_DYNAMODB";

/// In this order, because some read what others wrote.
const FUNCTIONS: [&str; 18] = [
    "fills_orders",
    "reads_orders",
    "reads_indexes",
    "reads_pages",
    "scans",
    "filters",
    "writes",
    "writes_many",
    "updates",
    "updates_refused",
    "versions",
    "values",
    "keys_of_other_types",
    "keys_of_templates",
    "transactions",
    "transactions_refused",
    "transactions_repeated",
    "entities",
];

#[skyloom_local::test]
async fn every_engine_gives_the_same_answers(app: Local) {
    let mut here = Vec::new();
    for function in FUNCTIONS {
        let lines: Lines = app.invoke(function, &()).await.unwrap_or_else(|error| panic!("{function}: {error}"));
        here.push((function, lines));
    }
    assert_eq!(actions(&app, |_, action| action.starts_with("dynamodb:")), actions(&app, was_used));
    expect_file!["engines/transcript.txt"].assert_eq(&transcript::text(&here));
    let Some(endpoint) = std::env::var(OTHER).ok().filter(|endpoint| !endpoint.is_empty()) else { return };
    let there = Elsewhere::like(&app, &endpoint).await.invoke_all(&FUNCTIONS);
    let (compared, unexpected) = differences::between(&here, &there);
    assert!(unexpected.is_empty(), "{endpoint} gives other answers:\n\n{}", unexpected.join("\n\n"));
    println!("{compared} answers of {endpoint} are as here, but for {} that are known", differences::KNOWN.len());
}

/// The actions that some handler is granted, as far as they pass the test.
fn actions(app: &Local, is_one: impl Fn(&BTreeSet<(String, String)>, &str) -> bool) -> BTreeSet<&str> {
    let functions = app.manifest().functions.iter().map(|function| (function, app.used_permissions(&function.name)));
    let actions = functions.flat_map(|(function, used)| {
        let granted = function.permissions.iter().flat_map(|permission| &permission.actions).map(String::as_str);
        granted.filter(|action| is_one(&used, action)).collect::<Vec<_>>()
    });
    actions.collect()
}

fn was_used(used: &BTreeSet<(String, String)>, action: &str) -> bool {
    used.iter().any(|(used, _)| used == action)
}

/// A handler that the list forgets would be one that no engine has answered.
#[skyloom_local::test]
async fn every_handler_is_compared(app: Local) {
    let mut there: Vec<_> = app.manifest().functions.iter().map(|function| function.name.as_str()).collect();
    let mut compared = FUNCTIONS;
    there.sort_unstable();
    compared.sort_unstable();
    assert_eq!(there, compared);
}
