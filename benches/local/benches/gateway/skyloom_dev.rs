//! The local runner as `cargo xtask dev` serves it.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use skyloom_local::server::{Issuer, Options, PoolSummary, Server, SigningKey};
use tokio::runtime::Runtime;

pub struct SkyloomDev {
    runtime: Runtime,
    server: Server,
}

impl SkyloomDev {
    pub fn start(function: &Path) -> Self {
        let runtime = Runtime::new().expect("tokio starts");
        let manifest = crate::function::manifest(function);
        let server =
            runtime.block_on(Server::start(manifest, function.to_owned(), options())).expect("the server starts");
        Self { runtime, server }
    }

    pub fn address(&self) -> SocketAddr {
        self.server.gateway()
    }

    /// An ID token of somebody who is signed in.
    pub fn token(&self) -> String {
        self.runtime.block_on(self.server.token("Shopper", "ann@example.com")).expect("a token")
    }

    /// Where AWS's own APIs are.
    pub fn aws(&self) -> SocketAddr {
        self.server.aws()
    }

    pub fn pool(&self) -> PoolSummary {
        self.server.summary().pools.into_iter().next().expect("the function has a pool")
    }

    /// Adds users from a JSON document.
    pub fn import_users(&self, json: &str) {
        self.server.import_users(json).expect("users with passwords");
    }

    pub fn stop(self) {
        self.runtime.block_on(self.server.shut_down()).expect("the server stops");
    }
}

fn options() -> Options {
    Options {
        port: 0,
        aws_port: 0,
        state: PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/gateway")),
        fresh: true,
        issuer: Issuer::Aws,
        signing_key: SigningKey::prepare(),
        log: Arc::new(|_, _| {}),
        messages: Arc::new(|_| {}),
        tls: false,
    }
}
