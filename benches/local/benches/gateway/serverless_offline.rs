//! `serverless-offline`, from npm, with the last Serverless Framework that needs no account (3; 4 asks who one is).
//!
//! Its functions are JavaScript: it runs no binaries without Docker. It reads a token's claims and verifies no signature, whatever
//! it is told; `ignoreJWTSignature` is how one says that one knows.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::json;
use skyloom_benches_local::{
    npm,
    process::{Served, free_address},
};

use crate::guard::Guard;

const PACKAGES: [&str; 2] = ["serverless@3.40.0", "serverless-offline@13.9.0"];

const HANDLERS: &str = r#"
exports.health = async () => ({ statusCode: 200, headers: { "content-type": "text/plain" }, body: "ok" });
exports.placeOrder = async (event) => {
  const { item, quantity } = JSON.parse(event.body);
  const { sub, email } = event.requestContext.authorizer.jwt.claims;
  const headers = { "content-type": "application/json" };
  return { statusCode: 201, headers, body: JSON.stringify({ item, quantity, shopper: sub, email }) };
};
"#;

/// Its folder of packages, installed if they are not there yet.
pub fn install() -> Result<PathBuf, String> {
    npm::install(Path::new(env!("CARGO_TARGET_TMPDIR")), &PACKAGES)
}

/// Serves both routes on any port.
pub fn start(modules: &Path, guard: &Guard) -> Served {
    let folder = modules.parent().expect("a folder around the packages");
    write(folder, guard);
    let (address, lambda, socket) = (free_address(), free_address(), free_address());
    let mut command = Command::new("node");
    command
        .arg(modules.join("serverless/bin/serverless.js"))
        .args(["offline", "--host", "127.0.0.1", "--httpPort", &address.port().to_string()])
        .args(["--lambdaPort", &lambda.port().to_string(), "--websocketPort", &socket.port().to_string()])
        .args(["--noPrependStageInUrl", "--noTimeout", "--ignoreJWTSignature"])
        .current_dir(folder)
        .envs([("SLS_TELEMETRY_DISABLED", "1"), ("SLS_NOTIFICATIONS_MODE", "off"), ("SLS_DISABLE_AUTO_UPDATE", "1")])
        .envs([("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")]);
    Served::start(&mut command, address)
}

fn write(folder: &Path, guard: &Guard) {
    let shopper = json!({
        "type": "jwt", "identitySource": "$request.header.Authorization", "issuerUrl": guard.issuer,
        "audience": [guard.audience],
    });
    let route =
        |handler: &str, event| json!({ "handler": format!("handlers.{handler}"), "events": [{ "httpApi": event }] });
    let service = json!({
        "service": "orders", "frameworkVersion": "3", "plugins": ["serverless-offline"],
        "provider": { "name": "aws", "runtime": "nodejs20.x", "httpApi": { "authorizers": { "shopper": shopper } } },
        "functions": {
            "health": route("health", json!({ "method": "GET", "path": "/health" })),
            "placeOrder":
                route("placeOrder", json!({ "method": "POST", "path": "/orders", "authorizer": { "name": "shopper" } })),
        },
    });
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("the target folder can be written");
    write("serverless.yml", &service.to_string()); // JSON is YAML
    write("handlers.js", HANDLERS);
}
