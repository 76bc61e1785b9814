//! `cognito-local`, from npm.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};
use skyloom_benches_local::{
    load, npm,
    process::{Served, free_address},
};

use crate::{PASSWORD, USERS, call, user};

const PACKAGE: &str = "cognito-local@5.3.0";

/// Its folder of packages, installed if they are not there yet.
pub fn install() -> Result<PathBuf, String> {
    npm::install(Path::new(env!("CARGO_TARGET_TMPDIR")), &[PACKAGE])
}

/// One without a state, on any port.
pub fn start(modules: &Path) -> Served {
    let state = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cognito-local");
    let _ = fs::remove_dir_all(&state); // the first time there is none
    fs::create_dir_all(&state).expect("the target folder can be written");
    let address = free_address();
    let mut command = Command::new("node");
    command.arg(modules.join("cognito-local/lib/bin/start.js")).current_dir(state);
    command.envs([("HOST", "127.0.0.1"), ("PORT", &address.port().to_string())]);
    Served::start(&mut command, address)
}

/// Makes a pool with the users in it, and returns the id of its client.
pub fn fill(address: SocketAddr) -> String {
    let ask = |operation: &str, input: Value| -> Value {
        let answer = load::ask(address, &call(operation, &input));
        serde_json::from_str(&answer).unwrap_or_default()
    };
    let pool = ask("CreateUserPool", json!({ "PoolName": "shoppers", "UsernameAttributes": ["email"] }));
    let pool = pool["UserPool"]["Id"].as_str().expect("a pool with an id").to_owned();
    let client = json!({ "UserPoolId": pool, "ClientName": "shop", "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH"] });
    let client = ask("CreateUserPoolClient", client);
    for name in (0..USERS).map(user) {
        let attributes = json!([{ "Name": "email", "Value": name }, { "Name": "email_verified", "Value": "true" }]);
        ask(
            "AdminCreateUser",
            json!({ "UserPoolId": pool, "Username": name, "UserAttributes": attributes, "DesiredDeliveryMediums": ["EMAIL"] }),
        );
        let chosen = json!({ "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true });
        ask("AdminSetUserPassword", chosen);
    }
    client["UserPoolClient"]["ClientId"].as_str().expect("a client with an id").to_owned()
}
